import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArena } from '../../engine/gpu/arena.ts';
import { readNow } from '../../engine/gpu/readback.ts';
import type { Gpu } from '../../engine/gpu/device.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { createGpuPainter, type GpuPainter } from './gpuPainter.ts';
import { matrixLayout } from '../mask/layout.ts';
import { clamped, enlarged, windowOf, WHOLE, type Place } from '../mask/matrixWindow.ts';
import { paintMatrix, shadingOf, type Colouring } from '../mask/paintMatrix.ts';
import { planesOfCodes } from './planes.ts';
import { createRaster, packHex } from '../mask/raster.ts';
import type { MatrixScene } from './scene.ts';

const light = { states: ['#f4f3ef', '#d9d4c7', '#1d3a5f', '#c2412d', '#2f855a', '#2f855a'].map(packHex), full: packHex('#111111'), surface: packHex('#ffffff'), negative: 2, zero: 3, positive: 4, nan: 5 };
const dark = { ...light, states: ['#22262b', '#4b4a44', '#a9c7ec', '#ff8f7a', '#63d39c', '#63d39c'].map(packHex), surface: packHex('#15181c') };
const bins = ['#c6dbef', '#9ecae1', '#6baed6', '#3182bd', '#08519c'].map(packHex);

const COLOURINGS: Record<string, Colouring> = {
  'light states': { kind: 'states', palette: light, solo: null },
  'dark states': { kind: 'states', palette: dark, solo: null },
  'grown alone': { kind: 'states', palette: light, solo: 'grown' },
  'kept alone': { kind: 'states', palette: dark, solo: 'kept' },
  'never alone': { kind: 'states', palette: light, solo: 'never' },
  'age': { kind: 'age', palette: dark, bins },
};
/** Mostly never and kept, events here and there, as in a run; every code occurs. */
const codesOf = (size: number, quiet: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => {
  const hash = (Math.imul(i + 1, 0x9e3779b9) >>> 7) % 1000;
  return hash < quiet ? (hash % 5 === 0 ? 2 : 0) : hash % 6;
});

const SHAPES: { out: number; in: number; room: number; ratio: number; place: Place }[] = [
  { out: 1024, in: 1024, room: 952, ratio: 2, place: WHOLE },
  { out: 1024, in: 1024, room: 952, ratio: 2, place: { zoom: 2, x: 301, y: 517 } },
  { out: 128, in: 784, room: 476, ratio: 1, place: WHOLE },
  { out: 128, in: 784, room: 476, ratio: 1, place: { zoom: 3, x: 77, y: 1033 } },
  { out: 61, in: 90, room: 300, ratio: 1.5, place: { zoom: 4, x: 5, y: 340 } },
  { out: 3, in: 5, room: 300, ratio: 1, place: WHOLE },
  { out: 5, in: 101, room: 120, ratio: 1, place: WHOLE },
  { out: 40, in: 3001, room: 60, ratio: 1, place: WHOLE },
  { out: 10, in: 33, room: 7, ratio: 1, place: WHOLE },
];

describe('the matrix painted by the GPU', () => {
  let gpu: Gpu;
  let painter: GpuPainter;
  beforeAll(async () => {
    gpu = await testDevice();
    painter = await createGpuPainter(gpu);
  });
  afterAll(() => painter.destroy());

  /** Pixels as they come out of a texture. */
  const painted = (scene: MatrixScene): Promise<Uint32Array> => underScopes(gpu, async () => {
    const { width, height } = scene.room;
    const texture = gpu.device.createTexture({ size: [width, height], format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.COPY_SRC });
    painter.paintTo(texture, scene);
    const arena = createArena(gpu.device);
    const bytesPerRow = Math.ceil(width / 64) * 256;
    const buffer = arena.storage('pixels', bytesPerRow * height);
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height]);
    gpu.device.queue.submit([encoder.finish()]);
    const [bytes] = await readNow(gpu.device, arena, [{ buffer, offset: 0, bytes: bytesPerRow * height }]);
    texture.destroy();
    arena.destroy();
    const all = new Uint32Array(bytes!);
    const pixels = new Uint32Array(width * height);
    for (let y = 0; y < height; y++) pixels.set(all.subarray((y * bytesPerRow) / 4, (y * bytesPerRow) / 4 + width), y * width);
    return pixels;
  });

  describe.each(SHAPES)('of $out x $in in $room pixels at zoom $place.zoom', (shape) => {
    // Large pictures take long to paint without a GPU: the smaller ones go through all colours.
    it.each(Object.entries(COLOURINGS).filter(([name]) => shape.out < 1024 || name === 'light states' || name === 'age'))('has the pixels of the painter without GPU: %s', async (_, colouring) => {
      const base = matrixLayout(shape.out, shape.in, shape.room, shape.room);
      const room = { width: shape.room, height: shape.room };
      const place = clamped(shape.place, base, shape.out, room);
      const layout = enlarged(base, shape.out, place.zoom);
      const seen = windowOf(layout, place.zoom, room);
      for (const quiet of shape.out < 1024 ? [990, 0] : [990]) {
        const codes = codesOf(shape.out * shape.in, quiet);
        const raster = createRaster(seen.width, seen.height, 0);
        paintMatrix(raster, { codes, out: shape.out, in: shape.in }, layout, place, shadingOf(colouring), shape.ratio);
        painter.hold(planesOfCodes(codes, shape));
        const pixels = await painted({ layout, place, room: seen, ratio: shape.ratio, colouring });
        expect(pixels.length).toBe(raster.pixels.length);
        expect(differing(pixels, raster.pixels)).toBe(-1);
      }
    });
  });

  it('keeps buffers of the largest picture, and none once it is gone', async () => {
    const own = await createGpuPainter(gpu);
    own.hold(planesOfCodes(codesOf(64 * 64, 0), { out: 64, in: 64 }));
    const layout = matrixLayout(64, 64, 256, 256);
    const scene: MatrixScene = { layout, place: WHOLE, room: { width: 256, height: 256 }, ratio: 1, colouring: COLOURINGS['age']! };
    const texture = gpu.device.createTexture({ size: [256, 256], format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST });
    own.paintTo(texture, scene);
    const bytes = own.bytes();
    for (let i = 0; i < 5; i++) own.paintTo(texture, scene);
    expect(own.bytes()).toBe(bytes);
    own.destroy();
    expect(own.bytes()).toBe(0);
    texture.destroy();
  });

  it('says that codes are missing', async () => {
    const own = await createGpuPainter(gpu);
    const scene: MatrixScene = { layout: matrixLayout(2, 2, 16, 16), place: WHOLE, room: { width: 16, height: 16 }, ratio: 1, colouring: COLOURINGS['age']! };
    expect(() => own.paint(gpu.device.createCommandEncoder(), scene)).toThrow('call hold first');
    own.destroy();
  });
});

/** Place of the first pixel of which a channel differs by more than the rounding of a 32-bit square root, -1 for none. */
function differing(a: Uint32Array, b: Uint32Array): number {
  return a.findIndex((pixel, i) => pixel !== b[i] && [0, 8, 16, 24].some((shift) => Math.abs(((pixel >>> shift) & 255) - ((b[i]! >>> shift) & 255)) > 1));
}
