import { afterEach, describe, expect, test } from 'vitest';
import { readShaders } from '../../node/shaders.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { type TestRig, testRig } from '../../node/testRig.ts';
import { add, fill } from '../kernels/elementwise.ts';
import { selectCount } from '../kernels/select.ts';
import type { Gpu } from './device.ts';
import { type Kernel, kernel, reads, writes } from './kernel.ts';
import { createPipelines } from './pipelines.ts';
import { median, profileProgram } from './profiler.ts';
import type { Program } from './program.ts';
import { pseudoRandom } from './scratch.ts';
import { quickSelfTest } from './selftest.ts';
import { createTrace, type Trace } from './trace.ts';
import type { Stopwatch } from './stopwatch.ts';
import { createTuner, type TuningStep } from './tuner.ts';
import type { TuningCache, Verdict } from './tuningCache.ts';

const rigs: TestRig[] = [];
afterEach(() => rigs.splice(0).forEach((rig) => rig.destroy()));

/** y = 2 x by a loop of `LOOPS`, so that one can be slow, fast or wrong at will. */
const SHADER = `
struct Params { n: u32, wanted: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.n) { return; }
  var sum = 0.0;
  for (var i = 0u; i < LOOPS * params.wanted; i++) { sum = 0.5 * sum + x[(id.x + i) % params.n]; }
  y[id.x] = x[id.x] * f32(FACTOR) + 0.0 * min(sum, 1.0);
}`;
const grid = (p: { n: number }): [number, number, number] => [Math.ceil(p.n / 64), 1, 1];
const file = 'test_loops';
const loops = kernel({
  name: 'test_loops',
  bindings: [reads('x'), writes('y')],
  params: { n: 'u32', wanted: 'u32' },
  work: (p) => ({ flops: p.n }),
  variants: [
    { name: 'base', file, grid, consts: { LOOPS: 200, FACTOR: 2 } },
    { name: 'wrong', file, grid, consts: { LOOPS: 1, FACTOR: 3 } },
    { name: 'fast', file, grid, consts: { LOOPS: 1, FACTOR: 2 } },
    { name: 'slow', file, grid, consts: { LOOPS: 2000, FACTOR: 2 } },
    { name: 'broken', file: 'test_broken', grid },
    { name: 'picky', file, grid, consts: { LOOPS: 1, FACTOR: 2 }, eligible: (p) => p.n % 1000 === 1 },
  ],
});

async function rigOf(): Promise<TestRig> {
  const gpu = await testDevice();
  const shaders = { ...readShaders(), test_loops: SHADER, test_broken: 'fn main() { this is no shader }' };
  const rig = await testRig({}, { ...gpu, pipelines: createPipelines(gpu.device, shaders) });
  rigs.push(rig);
  return rig;
}

async function programOf(rig: TestRig, name: string, trace: Trace): Promise<Program> {
  const program = rig.workspace.add(name, trace, rig.state);
  await rig.workspace.prepare([program]);
  return program;
}

function loopTrace(n: number, times: number, wanted = 1): Trace {
  const trace = createTrace();
  const x = trace.state('x', 'f32', n);
  for (let i = 0; i < times; i++) trace.dispatch(loops, { label: `loop ${i}`, params: { n, wanted }, bind: { x, y: trace.state(`y${i}`, 'f32', n) } });
  return trace;
}

/** A clock of known answers: what a test expects must not hang on the speed of a driver. */
const rigged: Stopwatch = async (variant) => ({ fast: 5, slow: 20 })[variant.name] ?? 10;

async function judgeAll(tuner: { next(): Promise<TuningStep | null> }): Promise<TuningStep[]> {
  const steps: TuningStep[] = [];
  for (let step = await tuner.next(); step; step = await tuner.next()) steps.push(step);
  return steps;
}

function memoryCache(): TuningCache & { held: Map<string, Verdict> } {
  const held = new Map<string, Verdict>();
  return { held, isEmpty: async () => held.size === 0, get: async (key) => held.get(key), set: (key, verdict) => void held.set(key, verdict), getTimes: async () => undefined, setTimes: () => undefined };
}

describe('the tuner', () => {
  test('takes the faster variant with the base\'s bits, leaves out others with a reason, and frees its scratch', async () => {
    const rig = await rigOf();
    const { gpu, arena } = rig;
    const [one, two] = [await programOf(rig, 'one', loopTrace(4096, 2)), await programOf(rig, 'two', loopTrace(4096, 1))];
    rig.state.write('x', new Float32Array(pseudoRandom('f32', 4096, 1).buffer));
    rig.run(one);
    const before = await rig.words('y0', 'y1');
    const baseline = arena.counters();
    const cache = memoryCache();
    const tuner = createTuner(gpu, arena, [one, two], cache, rigged);
    const steps = await judgeAll(tuner);
    expect(steps.map((s) => [s.candidate, s.outcome, s.cached])).toEqual([
      ['wrong', 'leftOut', false], ['fast', 'chosen', false], ['slow', 'slower', false], ['broken', 'leftOut', false],
    ]);
    expect(steps[0]?.reason).toMatch(/^other bits than base: word \d+ of y is 0x[0-9a-f]+, not 0x/);
    expect(steps[3]?.reason).toContain('test_loops/broken does not compile');
    expect(arena.counters()).toMatchObject({ liveBytes: baseline.liveBytes, buffers: baseline.buffers });
    expect([...one.chosen, ...two.chosen].map((v) => v.name)).toEqual(['fast', 'fast', 'fast']);
    expect(tuner.report()).toEqual([{ kernel: 'test_loops', shape: 'n=4096 wanted=1', chosen: 'fast', ratio: 0.5, leftOut: [
      { variant: 'wrong', reason: steps[0]?.reason }, { variant: 'broken', reason: steps[3]?.reason },
    ] }]);
    rig.run(one);
    expect(await rig.words('y0', 'y1')).toEqual(before);

    const again = await programOf(rig, 'again', loopTrace(4096, 1));
    const next = createTuner(gpu, arena, [again], cache, () => Promise.reject(new Error('measured anew')));
    expect((await next.recall()).map((s) => [s.candidate, s.outcome, s.cached])).toEqual([['fast', 'chosen', true], ['slow', 'slower', true], ['wrong', 'leftOut', true]]);
    expect(again.chosen[0]?.name).toBe('fast');
    expect((await judgeAll(next)).map((s) => [s.candidate, s.outcome, s.cached])).toEqual([['broken', 'leftOut', false]]);
    expect(arena.counters().buffers).toBe(baseline.buffers + 1);
  });

  test('takes nothing from a cache that does not compile or has other bits, and says so to the cache', async () => {
    const rig = await rigOf();
    const program = await programOf(rig, 'lied to', loopTrace(4096, 1));
    const cache = memoryCache();
    // In the order of the variants: wrong, fast, slow, broken.
    const ratios = [0.2, 0.4, 0.5, 0.1];
    const first = createTuner(rig.gpu, rig.arena, [program], { ...cache, get: async () => ({ ratio: ratios.shift() ?? 1 }) }, rigged);
    const baseline = rig.arena.counters();
    expect((await underScopes(rig.gpu, () => first.recall())).map((s) => [s.candidate, s.outcome])).toEqual([
      ['broken', 'leftOut'], ['wrong', 'leftOut'], ['fast', 'chosen'], ['slow', 'slower'],
    ]);
    expect(program.chosen[0]?.name).toBe('fast');
    expect(rig.arena.counters()).toMatchObject({ liveBytes: baseline.liveBytes, buffers: baseline.buffers });
    expect([...cache.held.values()]).toEqual([{ leftOut: expect.stringContaining('other bits than base') }]);
    expect(await first.next()).toBeNull();
  });

  test('measures where the cache is about another shape, and recalls nothing without one', async () => {
    const rig = await rigOf();
    const cache = memoryCache();
    const program = await programOf(rig, 'small', loopTrace(128, 1));
    await judgeAll(createTuner(rig.gpu, rig.arena, [program], cache, rigged));
    const keys = cache.held.size;
    const other = createTuner(rig.gpu, rig.arena, [await programOf(rig, 'other', loopTrace(192, 1))], cache, rigged);
    expect(await other.recall()).toEqual([]);
    expect((await judgeAll(other)).map((s) => s.cached)).toEqual([false, false, false, false]);
    expect(cache.held.size).toBe(2 * keys);
    expect(await createTuner(rig.gpu, rig.arena, [program]).recall()).toEqual([]);
  });

  test('judges the variants of select_count equal, on tables of a State', async () => {
    const rig = await rigOf();
    const trace = createTrace();
    const n = 4096;
    const blocks = trace.state('blocks', 'u32', n / 64);
    for (let digit = 0; digit < 7; digit++) trace.dispatch(selectCount, {
      label: `digit ${digit}`,
      params: { n, digit, global: 0 },
      bind: { keys: trace.state('keys', 'u32', n), blocks, cuts: trace.state('cuts', 'u32', 12), histogram: trace.state('histogram', 'u32', 3 * 256) },
    });
    const program = await programOf(rig, 'select', trace);
    rig.state.write('blocks', Uint32Array.from({ length: n / 64 }, (_, i) => Math.floor((3 * i) / 64)));
    rig.state.write('keys', pseudoRandom('u32', n, 3));
    const tuner = createTuner(rig.gpu, rig.arena, [program]);
    const steps = await underScopes(rig.gpu, () => judgeAll(tuner));
    expect(steps.map((s) => [s.kernel, s.candidate, s.reason])).toEqual(Array.from({ length: 7 }, () => ['select_count', 'workgroup', '']));
    expect(steps.every((s) => s.ratio !== null && s.ratio > 0)).toBe(true);
    // Running it changed no value of the State: the scratch is apart.
    expect((await rig.words('histogram'))[0]).toEqual(new Uint32Array(3 * 256));
  });

  test('has nothing to do for programs without a choice, and refuses to run twice at once', async () => {
    const rig = await rigOf();
    expect(await createTuner(rig.gpu, rig.arena, []).next()).toBeNull();
    const tuner = createTuner(rig.gpu, rig.arena, [await programOf(rig, 'loops', loopTrace(64, 1))]);
    const first = tuner.next();
    await expect(tuner.next()).rejects.toThrow('one candidate at a time');
    await first;
  });
});

test('the profiler gives a time for each dispatch where the device has a clock', async () => {
  const rig = await rigOf();
  const trace = loopTrace(4096, 2, 20);
  trace.dispatch(add as Kernel, { label: 'add', params: { n: 4096 }, bind: { a: trace.state('y0', 'f32', 4096), b: trace.state('y1', 'f32', 4096), y: trace.transient('sum', 'f32', [4096]) } });
  const program = rig.workspace.add('profiled', trace, rig.state);
  const before = rig.arena.counters();
  const times = await underScopes(rig.gpu, () => profileProgram(rig.gpu, rig.arena, rig.workspace, program, 0, 3));
  expect(rig.arena.counters()).toMatchObject({ liveBytes: before.liveBytes, buffers: before.buffers });
  if (!rig.gpu.device.features.has('timestamp-query')) return expect(times).toBeNull();
  expect(times).toHaveLength(3);
  // A short dispatch may show 0, since clocks are rounded; 16 million turns of a loop may not.
  expect(times?.every((ns) => ns >= 0)).toBe(true);
  expect(times?.[0]).toBeGreaterThan(0);
});

test('the median of an even count is the mean of the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

describe('the quick self-test', () => {
  test('names the adapter when all is well', async () => {
    const gpu = await testDevice();
    expect(await quickSelfTest(gpu)).toEqual({ ok: true, message: expect.stringMatching(/\(software|hardware\) computes correctly/) });
  });

  test('names it when the device is lost, answers nothing, or computes wrongly', async () => {
    const gpu = await testDevice();
    const never = new Promise<never>(() => {});
    const silent: Gpu = { ...gpu, device: deviceWith(gpu, { mapAsync: () => never }), lost: never };
    expect(await quickSelfTest(silent, 20)).toMatchObject({ ok: false, message: expect.stringContaining('did not answer within 0.02 s') });
    const zero = () => new ArrayBuffer(4000);
    expect(await quickSelfTest({ ...gpu, device: deviceWith(gpu, { getMappedRange: zero }) })).toMatchObject({ ok: false, message: expect.stringContaining('computes wrongly: element 0') });
    expect(await quickSelfTest({ ...silent, lost: Promise.resolve('gone') })).toMatchObject({ ok: false, message: expect.stringContaining('was lost (gone)') });
  });
});

/** The device, but with buffers of which some methods are replaced. */
function deviceWith({ device }: Gpu, methods: object): GPUDevice {
  const proxy = <T extends object>(target: T, own: object): T => new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(key in own ? own : target, key);
      return typeof value === 'function' && !(key in own) ? value.bind(target) : value;
    },
  });
  return proxy(device, { createBuffer: (d: GPUBufferDescriptor) => {
    const buffer = device.createBuffer(d);
    if (d.usage & 1) Object.assign(buffer, methods);
    return buffer;
  } });
}

test('a program with knobs is judged with the rows of the last slice', async () => {
  const rig = await rigOf();
  const knobbed = kernel({ ...fill, name: 'test_fill', variants: [{ ...fill.variants[0], file: 'fill' }, { ...fill.variants[0], name: 'same', file: 'fill', consts: { UNUSED: 1 } }] });
  const trace = createTrace();
  trace.dispatch(knobbed, { label: 'fill', params: { n: 64, scale: 1, scale_knob: rig.knobs.at('rate', 'f32').index }, bind: { y: trace.state('y', 'f32', 64) } });
  const program = await programOf(rig, 'knobbed', trace);
  rig.workspace.rows.fill(0, { rate: 5 });
  rig.workspace.rows.write(1);
  const step = await underScopes(rig.gpu, () => createTuner(rig.gpu, rig.arena, [program]).next());
  expect(step).toMatchObject({ candidate: 'same', reason: '' });
});
