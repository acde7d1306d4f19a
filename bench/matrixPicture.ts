/*
 * `node --import tsx bench/matrixPicture.ts [rounds]`: the time of one redraw of a layer of 1024 x 1024 weights on a
 * screen with two device pixels in a CSS pixel (a room of 952), by the GPU painter and by the painter without GPU, in
 * turns; wall clock and process CPU. Getting the picture to the screen is not in it. SPARSELAND_ADAPTER chooses the adapter.
 */
import { performance } from 'node:perf_hooks';
import { createGpuPainter } from '../src/app/painting/gpuPainter.ts';
import { matrixLayout } from '../src/app/mask/layout.ts';
import { enlarged, WHOLE, windowOf, type Place } from '../src/app/mask/matrixWindow.ts';
import { paintMatrix, shadingOf, type Colouring } from '../src/app/mask/paintMatrix.ts';
import { planesOfCodes } from '../src/app/painting/planes.ts';
import { createRaster } from '../src/app/mask/raster.ts';
import { paramsOf, type MatrixScene } from '../src/app/painting/scene.ts';
import { rotated, spreadOf } from '../src/bench/statistics.ts';
import { openGpu } from '../src/engine/gpu/device.ts';
import { openNodeGpu } from '../src/node/adapter.ts';
import { readShaders } from '../src/node/shaders.ts';

const SIDE = 1024;
const ROOM = { width: 952, height: 952 };
const RATIO = 2;
const grey = (level: number): number => (0xff000000 | (level * 0x010101)) >>> 0;
const palette = { states: [240, 200, 40, 120, 90, 90].map(grey), full: grey(0), surface: grey(255), negative: 0, zero: 0, positive: 0, nan: 0 };
const COLOURINGS: Readonly<Record<string, Colouring>> = {
  states: { kind: 'states', palette, solo: null },
  age: { kind: 'age', palette, bins: [220, 180, 140, 100, 60].map(grey) },
};
const PLACES: Readonly<Record<string, Place>> = { whole: WHOLE, 'zoom 2': { zoom: 2, x: 400, y: 400 }, 'zoom 12': { zoom: 12, x: 5000, y: 5000 } };

/** A tenth active, one weight in a hundred moved by the last update. */
const codes = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
  const hash = (Math.imul(i + 1, 0x9e3779b9) >>> 5) % 1000;
  return hash < 5 ? 3 : hash < 10 ? 4 : hash < 100 ? 2 : hash < 130 ? 1 : 0;
});

const rounds = Number(process.argv[2] ?? '25');
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`The number of rounds must be a whole number from 1 on, not ${process.argv[2]}.`);
  process.exit(2);
}
const { gpu: api, describe } = await openNodeGpu();
const gpu = await openGpu(api, readShaders());
const painter = await createGpuPainter(gpu);
const planes = planesOfCodes(codes, { out: SIDE, in: SIDE });
painter.hold(planes);
const base = matrixLayout(SIDE, SIDE, ROOM.width, ROOM.height);
console.log(`${describe}; milliseconds, median wall (quartiles) / median process CPU of ${rounds}`);

for (const [where, place] of Object.entries(PLACES)) {
  for (const [what, colouring] of Object.entries(COLOURINGS)) {
    const layout = enlarged(base, SIDE, place.zoom);
    const scene: MatrixScene = { layout, place, room: windowOf(layout, place.zoom, ROOM), ratio: RATIO, colouring };
    const { width, height } = scene.room;
    const texture = gpu.device.createTexture({ size: [width, height], format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST });
    const raster = createRaster(width, height, 0);
    const told: number[] = [];
    const contenders = [
      { name: 'gpu', wall: [] as number[], cpu: [] as number[], async run() {
        const began = performance.now();
        painter.paintTo(texture, scene);
        told.push(performance.now() - began);
        await gpu.device.queue.onSubmittedWorkDone();
      } },
      { name: 'without', wall: [] as number[], cpu: [] as number[], async run() {
        paintMatrix(raster, { codes, out: SIDE, in: SIDE }, layout, place, shadingOf(colouring), RATIO);
      } },
    ];
    for (const { run } of contenders) for (let warm = 0; warm < 3; warm++) await run();
    for (let round = 0; round < rounds; round++) {
      for (const contender of rotated(contenders, round)) {
        const before = process.cpuUsage();
        const began = performance.now();
        await contender.run();
        contender.wall.push(performance.now() - began);
        const { user, system } = process.cpuUsage(before);
        contender.cpu.push((user + system) / 1000);
      }
    }
    const { k, stride } = paramsOf(scene, planes);
    for (const { name, wall, cpu } of contenders) {
      const { median, lower, upper } = spreadOf(wall);
      console.log(`${where.padEnd(8)} ${what.padEnd(7)} ${name.padEnd(8)} ${median.toFixed(1)} (${lower.toFixed(1)}-${upper.toFixed(1)}) / ${spreadOf(cpu).median.toFixed(1)}`);
    }
    console.log(`         ${width} x ${height} pixels, ${k} x ${k} weights a square; written ${((4 * stride * height) / 1e6).toFixed(2)} MB, then copied; telling the GPU takes ${spreadOf(told).median.toFixed(2)} ms`);
    texture.destroy();
  }
}
process.exit(0);
