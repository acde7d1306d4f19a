import { median } from '../../engine/gpu/profiler.ts';
import type { Gpu } from '../../engine/gpu/device.ts';
import { matrixLayout } from '../mask/layout.ts';
import { WHOLE } from '../mask/matrixWindow.ts';
import { paintMatrix, shadingOf } from '../mask/paintMatrix.ts';
import { createRaster } from '../mask/raster.ts';
import type { GpuPainter } from './gpuPainter.ts';
import { planesOfCodes } from './planes.ts';
import type { MatrixScene } from './scene.ts';

/** Painters that a worker has: on its GPU, or without. */
export type WorkerPainter = 'gpu' | 'worker';

const SAMPLES = 3;

/** True where the median of some runs of `candidate` is not above that of `base`; both run once before that, and then in turns. */
export async function isAsFast(candidate: () => Promise<void>, base: () => Promise<void>, now: () => number): Promise<boolean> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= SAMPLES; round++) {
    for (const [i, run] of [candidate, base].entries()) {
      const began = now();
      await run();
      if (round > 0) times[i]!.push(now() - began);
    }
  }
  return median(times[0]) <= median(times[1]);
}

const SIDE = 512;
/** Room for half of the squares: each stands for several weights, which is what takes longest. */
const ROOM = 300;

/** True where a device paints a matrix as fast as the painter without it. Its picture is made and thrown away. */
export async function gpuPaintsFaster({ device }: Gpu, painter: GpuPainter): Promise<boolean> {
  const layer = { codes: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i % 7 === 0 ? i % 6 : 0)), out: SIDE, in: SIDE };
  const grey = 0xff808080;
  const palette = { states: Array.from({ length: 6 }, () => grey), full: grey, surface: grey, negative: grey, zero: grey, positive: grey, nan: grey };
  const layout = matrixLayout(SIDE, SIDE, ROOM, ROOM);
  const room = { width: layout.width, height: layout.height };
  const scene: MatrixScene = { layout, place: WHOLE, room, ratio: 1, colouring: { kind: 'states', palette, solo: null } };
  const texture = device.createTexture({ size: room, format: 'rgba8unorm', usage: COPY_DST });
  const raster = createRaster(room.width, room.height, grey);
  painter.hold(planesOfCodes(layer.codes, layer));
  try {
    return await isAsFast(
      () => (painter.paintTo(texture, scene), device.queue.onSubmittedWorkDone()),
      async () => paintMatrix(raster, layer, layout, WHOLE, shadingOf(scene.colouring), 1),
      () => performance.now(),
    );
  } finally {
    texture.destroy();
  }
}

/** GPUTextureUsage.COPY_DST, spelled out because Node has no GPU globals before the binding is loaded. */
const COPY_DST = 2;
