import { isSoftware, openGpu, type Gpu } from '../../engine/gpu/device.ts';
import { quickSelfTest } from '../../engine/gpu/selftest.ts';
import type { LayerCodes } from '../mask/draw.ts';
import { gpuPaintsFaster, type WorkerPainter } from './choice.ts';
import { createFrames } from './frames.ts';
import { createGpuPainter } from './gpuPainter.ts';
import type { FromPainter, ToPainter } from './messages.ts';
import { codesOf, type CodePlanes } from './planes.ts';
import { createRasterPainter } from './rasterPainter.ts';
import type { MatrixScene } from './scene.ts';

/** The one shader of this worker, as the bundler puts it here. */
const [matrixPicture = ''] = Object.values(import.meta.glob<string>('/shaders/matrix_picture.wgsl', { query: '?raw', import: 'default', eager: true }));

/** Something that paints on the canvas of this worker. */
interface Painter {
  id: WorkerPainter;
  hold(codes: CodePlanes): void;
  /** Resolves when the picture is done. */
  paint(scene: MatrixScene): Promise<void>;
}

/** A scene with its frame's number, by which the page knows it. */
type Numbered = MatrixScene & { frame: number };

/** What of the worker's global scope is used; TypeScript's DOM library types `self` as a window. */
interface WorkerScope {
  onmessage: ((message: MessageEvent<ToPainter>) => void) | null;
  postMessage(message: FromPainter): void;
}
const scope = self as unknown as WorkerScope;

/** After so many lost devices none is asked for any more. */
const MOST_LOSSES = 2;

let losses = 0;
let painter: Promise<Painter> | undefined;
/** What is on the canvas, or will be next; a new device paints it again. */
let last: { scene?: Numbered; codes?: CodePlanes } = {};

const failed = (error: unknown): void => scope.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) });

const push = createFrames<Numbered, CodePlanes>(async ({ scene, codes }) => {
  const now = await painter!;
  if (codes) now.hold(codes);
  await now.paint(scene);
  scope.postMessage({ type: 'painted', frame: scene.frame, painter: now.id, width: scene.room.width, height: scene.room.height });
}, failed);

scope.onmessage = ({ data }) => {
  if (data.type === 'open') {
    painter = choose(data);
    // Frames that wait for it tell of its failure.
    painter.catch(() => undefined);
  } else {
    last = { scene: { ...data.scene, frame: data.frame }, codes: data.codes ?? last.codes };
    push({ scene: last.scene!, codes: data.codes });
  }
};

/** The GPU if it is a graphics card, or paints large layers as fast as this worker does without it. */
async function choose({ canvas, large, painter: wanted }: Extract<ToPainter, { type: 'open' }>): Promise<Painter> {
  // Small layers are not worth a software device: opening it takes longer than painting them a hundred times.
  if (wanted === 'worker' || (!wanted && !large && (await onlySoftware()))) return rasterOn(canvas);
  const gpu = await openDevice().catch(() => undefined);
  const onGpu = gpu && (await createGpuPainter(gpu));
  if (gpu && onGpu && (wanted || !gpu.facts.software || (await gpuPaintsFaster(gpu, onGpu)))) return gpuOn(canvas, gpu, onGpu);
  gpu?.device.destroy();
  return rasterOn(canvas);
}

async function onlySoftware(): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter();
  return !adapter || isSoftware(adapter.info);
}

async function openDevice(): Promise<Gpu> {
  const gpu = await openGpu(navigator.gpu, { matrix_picture: matrixPicture }, { features: 'none' });
  const test = await quickSelfTest(gpu);
  if (!test.ok) throw new Error(test.message);
  return gpu;
}

function gpuOn(canvas: OffscreenCanvas, { device, lost }: Gpu, onGpu: Awaited<ReturnType<typeof createGpuPainter>>): Painter {
  const context = canvas.getContext('webgpu');
  if (!context) throw new Error('This canvas has no WebGPU context.');
  // Pictures are copied to the canvas as they are; the format that a screen prefers has another order of colours.
  context.configure({ device, format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT, alphaMode: 'opaque' });
  void lost.then((reason) => {
    if (++losses >= MOST_LOSSES) return failed(new Error(`The device that paints was lost again: ${reason}`));
    painter = openDevice().then(async (gpu) => gpuOn(canvas, gpu, await createGpuPainter(gpu)));
    if (last.scene) push({ scene: last.scene, codes: last.codes });
  });
  return {
    id: 'gpu',
    hold: (codes) => onGpu.hold(codes),
    async paint(scene) {
      if (canvas.width !== scene.room.width) canvas.width = scene.room.width;
      if (canvas.height !== scene.room.height) canvas.height = scene.room.height;
      onGpu.paintTo(context.getCurrentTexture(), scene);
      await device.queue.onSubmittedWorkDone();
    },
  };
}

function rasterOn(canvas: OffscreenCanvas): Painter {
  const paint = createRasterPainter(canvas);
  let layer: LayerCodes | undefined;
  return {
    id: 'worker',
    hold: (planes) => (layer = { codes: codesOf(planes), out: planes.out, in: planes.in }),
    async paint(scene) {
      if (layer) paint(layer, scene);
    },
  };
}
