import { afterEach, describe, expect, test } from 'vitest';
import { readShaders } from '../../node/shaders.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { testGpu } from '../../node/testGpu.ts';
import { type TestRig, testRig } from '../../node/testRig.ts';
import { KERNELS } from '../kernels/index.ts';
import { accumulate, dropout, fill, sumChunks } from '../kernels/elementwise.ts';
import { createArena, MAX_BINDING_BYTES } from './arena.ts';
import { openGpu } from './device.ts';
import { grid1d, type Grid, runsOn } from './kernel.ts';
import { KNOB_ROW_BYTES } from './pipelines.ts';
import { KNOB_ROWS } from './knobs.ts';
import { profileProgram } from './profiler.ts';
import { quickSelfTest } from './selftest.ts';
import { createTrace } from './trace.ts';

const rigs: TestRig[] = [];
afterEach(() => rigs.splice(0).forEach((rig) => rig.destroy()));
const NO_KNOB = 0xffffffff;
const MAX_GROUPS = 65535;

/** What the device says to a shader; it is not run. */
async function compile(code: string): Promise<unknown> {
  const gpu = await testDevice();
  return underScopes(gpu, () => gpu.device.createComputePipeline({ layout: 'auto', compute: { module: gpu.device.createShaderModule({ code }) } }));
}

const withBuffers = (n: number): string => {
  const all = Array.from({ length: n }, (_, i) => i);
  return `${all.map((i) => `@group(0) @binding(${i}) var<storage, read_write> b${i}: array<u32>;`).join('\n')}
    @compute @workgroup_size(1) fn main() { ${all.map((i) => `b${i}[0] = 1u;`).join(' ')} }`;
};
const withThreads = (n: number): string => `@compute @workgroup_size(${n}) fn main() {}`;
const withShared = (words: number): string => `var<workgroup> held: array<u32, ${words}>; @compute @workgroup_size(1) fn main() { held[0] = 1u; }`;

describe('the default limits, on both sides', () => {
  test.each([
    ['8 storage buffers', withBuffers(8), withBuffers(9), /storage buffers.*exceeds/i],
    ['256 invocations', withThreads(256), withThreads(257), /workgroup.*exceeds/i],
    ['16 KiB of workgroup memory', withShared(4096), withShared(4097), /workgroup storage.*16384/i],
  ])('%s', async (_, inside, outside, message) => {
    await expect(compile(inside)).resolves.toBeDefined();
    await expect(compile(outside)).rejects.toThrow(message);
  });

  test('128 MiB a binding: the arena says what to do before the device has to', async () => {
    const { device } = await testDevice();
    expect(device.limits.maxStorageBufferBindingSize).toBe(MAX_BINDING_BYTES);
    const arena = createArena(device);
    expect(() => arena.storage('weights', MAX_BINDING_BYTES + 4)).toThrow(`weights needs ${MAX_BINDING_BYTES + 4} bytes; a WebGPU binding holds at most`);
    await underScopes(await testDevice(), () => arena.storage('weights', MAX_BINDING_BYTES));
    expect(arena.counters()).toEqual({ liveBytes: MAX_BINDING_BYTES, peakBytes: MAX_BINDING_BYTES, buffers: 1 });
    arena.destroy();
    expect(arena.counters()).toEqual({ liveBytes: 0, peakBytes: MAX_BINDING_BYTES, buffers: 0 });
  });

  test('65,535 workgroups a dimension: one more is folded, and refused where it is not', async () => {
    expect(grid1d(64 * MAX_GROUPS)).toEqual([MAX_GROUPS, 1, 1]);
    expect(grid1d(64 * MAX_GROUPS + 1)).toEqual([32768, 2, 1]);
    const rig = await testRig();
    rigs.push(rig);
    const run = async (n: number, grid: (n: number) => Grid): Promise<Float32Array> => {
      const trace = createTrace();
      const y = trace.state('y', 'f32', n);
      const kernel = { ...fill, variants: [{ name: 'base', grid: () => grid(n) }] as const };
      trace.dispatch(kernel, { label: 'fill', params: { n, scale: 2, scale_knob: NO_KNOB }, bind: { y } });
      const program = rig.workspace.add('fill', trace, rig.state);
      await rig.workspace.prepare([program]);
      rig.run(program);
      const [words] = await rig.words('y');
      return new Float32Array((words as Uint32Array).buffer);
    };
    const { gpu } = rig;
    for (const n of [64 * MAX_GROUPS, 64 * MAX_GROUPS + 1]) {
      const y = await underScopes(gpu, () => run(n, (m) => grid1d(m)));
      expect([y.length, y.indexOf(0), y.every((v) => v === 2)]).toEqual([n, -1, true]);
    }
    await expect(underScopes(gpu, () => run(64 * MAX_GROUPS + 1, () => [MAX_GROUPS + 1, 1, 1]))).rejects.toThrow(/65536.*65535/);
  });

  test('64 knob rows: the last can be bound, one more is past the buffer', async () => {
    const rig = await testRig();
    rigs.push(rig);
    const bind = (row: number) => underScopes(rig.gpu, () => {
      const encoder = rig.gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setBindGroup(0, rig.workspace.rows.bindGroup, [row * KNOB_ROW_BYTES]);
      pass.end();
      encoder.finish();
    });
    await bind(KNOB_ROWS - 1);
    await expect(bind(KNOB_ROWS)).rejects.toThrow(/dynamic offset/i);
  });
});

describe('a device without any optional feature', () => {
  test('compiles every kernel that needs none and runs programs; it has no timestamps', async () => {
    const gpu = await openGpu(await testGpu(), readShaders(), { features: 'none' });
    expect(gpu.facts.features).toEqual([]);
    expect(await quickSelfTest(gpu)).toMatchObject({ ok: true });
    await underScopes(gpu, () => gpu.pipelines.prepare([...KERNELS.values()].flatMap((kernel) => {
      const files = Object.entries(kernel.slots ?? {}).map(([slot, [first = '']]) => [slot, first]);
      return kernel.variants.filter((variant) => runsOn(variant, gpu.facts)).map((variant) => ({ kernel, variant, slots: Object.fromEntries(files) as Record<string, string> }));
    }).filter((key) => !/^enable f16;/m.test(gpu.pipelines.source(key)))));
    const rig = await testRig({}, gpu);
    const trace = createTrace();
    const [x, y] = [trace.transient('x', 'f32', [100]), trace.transient('y', 'f32', [100])];
    trace.dispatch(fill, { label: 'fill', params: { n: 100, scale: 2, scale_knob: NO_KNOB }, bind: { y: x } });
    trace.dispatch(dropout, { label: 'dropout', params: { n: 100, rate: 0, seed: 1, layer: 0, step_knob: rig.knobs.at('step', 'u32').index }, bind: { x, y } });
    trace.dispatch(accumulate, { label: 'again', params: { n: 100, keep: 1, scale: 1 }, bind: { x, total: y } });
    trace.dispatch(sumChunks, { label: 'sum', params: { n: 100, chunk: 50, scale: 1 }, bind: { x: y, sums: trace.state('sums', 'f32', 2) } });
    const program = rig.workspace.add('sum', trace, rig.state);
    await underScopes(gpu, async () => {
      await rig.workspace.prepare([program]);
      rig.run(program);
      expect(await profileProgram(gpu, rig.arena, rig.workspace, program, 0, 2)).toBeNull();
    });
    expect(await rig.floats('sums')).toEqual([200, 200]);
    rig.destroy();
    gpu.device.destroy();
  });
});
