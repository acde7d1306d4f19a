import type { WorkerPainter } from './choice.ts';
import type { CodePlanes } from './planes.ts';
import type { MatrixScene } from './scene.ts';

/** Page to the worker that paints: at first a canvas, then what to paint. */
export type ToPainter =
  /** `painter` is what the choice came to before; where it is absent, the worker chooses, for layers that are large or not. */
  | { type: 'open'; canvas: OffscreenCanvas; large: boolean; painter?: WorkerPainter | undefined }
  | { type: 'paint'; frame: number; scene: MatrixScene; codes?: CodePlanes | undefined };

/** What the worker tells: a frame, of that size, is on the canvas; or it paints no more. */
export type FromPainter =
  | { type: 'painted'; frame: number; painter: WorkerPainter; width: number; height: number }
  | { type: 'failed'; message: string };
