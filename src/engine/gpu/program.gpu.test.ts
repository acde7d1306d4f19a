import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import { type TestRig, testRig } from '../../node/testRig.ts';
import { accumulate, activationForward, add, broadcast, copyWords, dropout, fill, sumChunks } from '../kernels/elementwise.ts';
import type { PlanOptions } from './plan.ts';
import type { Program } from './program.ts';
import { readNow } from './readback.ts';
import { createState, joinStates } from './state.ts';
import { asWords, createTrace, type Trace, type Value } from './trace.ts';

const rigs: TestRig[] = [];
afterEach(() => rigs.splice(0).forEach((rig) => rig.destroy()));
async function rigOf(options: PlanOptions = {}): Promise<TestRig> {
  const rig = await testRig(options);
  rigs.push(rig);
  return rig;
}

/** Operation `kind` on values chosen by two numbers; see `record`. */
type Move = readonly [kind: number, a: number, b: number];
const graphs = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 }),
  moves: fc.array(fc.tuple(fc.nat(5), fc.nat(1000), fc.nat(1000)), { minLength: 4, maxLength: 30 }),
});
type Graph = typeof graphs extends fc.Arbitrary<infer T> ? T : never;

/** A graph over State inputs `in<i>`; all values that are alive at the end go to State outputs, which remember. */
function record({ lengths, moves }: Graph): Trace {
  const trace = createTrace();
  const values: Value[] = [];
  const fresh = (length: number): Value => {
    const v = trace.transient(`v${values.length}`, 'f32', [length]);
    values.push(v);
    return v;
  };
  lengths.forEach((length, i) => {
    const x = trace.state(`in${i}`, 'f32', length);
    trace.dispatch(activationForward, { label: 'input', params: { n: length, activation: 0 }, bind: { x, y: fresh(length) } });
  });
  moves.forEach((move, at) => apply(trace, values, fresh, move, at));
  values.forEach((x, i) => {
    const total = trace.state(`out${i}`, 'f32', x.length);
    if (i % 3 !== 1) trace.dispatch(accumulate, { label: `out ${i}`, params: { n: x.length, keep: 0.5, scale: 1 }, bind: { x, total } });
  });
  return trace;
}

function apply(trace: Trace, values: readonly Value[], fresh: (length: number) => Value, [kind, i, j]: Move, at: number): void {
  const a = values[i % values.length] as Value;
  const peers = values.filter((v) => v.length === a.length);
  const b = peers[j % peers.length] as Value;
  const label = `move ${at}`;
  const n = a.length;
  if (kind === 0) trace.dispatch(add, { label, params: { n }, bind: { a, b, y: fresh(n) } });
  else if (kind === 1) trace.dispatch(activationForward, { label, params: { n, activation: 1 + (j % 2) }, bind: { x: a, y: fresh(n) } });
  else if (kind === 2 && a.id !== b.id) trace.dispatch(accumulate, { label, params: { n, keep: 0.75, scale: -0.5 }, bind: { x: a, total: b } });
  else if (kind === 3) trace.dispatch(copyWords, { label, params: { n }, bind: { x: asWords(a), y: asWords(fresh(n)) } });
  else if (kind === 4) trace.dispatch(sumChunks, { label, params: { n, chunk: 3, scale: 0.25 }, bind: { x: a, sums: fresh(Math.ceil(n / 3)) } });
  else if (n === 1) trace.dispatch(broadcast, { label, params: { n: 1 + (j % 200), scale: 0.5 }, bind: { x: a, y: fresh(1 + (j % 200)) } });
}

async function prepared(rig: TestRig, trace: Trace, name = 'test'): Promise<Program> {
  const program = rig.workspace.add(name, trace, rig.state);
  for (const [buffer, { length }] of trace.states) {
    if (buffer.startsWith('in')) rig.state.write(buffer, Float32Array.from({ length }, (_, i) => Math.sin(i + 1) * 2));
  }
  await rig.workspace.prepare([program]);
  return program;
}

const outputsOf = (trace: Trace): string[] => [...trace.states.keys()].filter((name) => name.startsWith('out'));

async function poisonedRuns(options: PlanOptions, trace: Trace): Promise<Uint32Array[]> {
  const rig = await rigOf(options);
  const program = await prepared(rig, trace);
  for (let i = 0; i < 3; i++) {
    rig.workspace.poison();
    rig.run(program);
  }
  const words = await rig.words(...outputsOf(trace));
  rigs.splice(rigs.indexOf(rig), 1);
  rig.destroy();
  expect(rig.arena.counters()).toMatchObject({ liveBytes: 0, buffers: 0 });
  return words;
}

test('random graphs over an arena full of NaN give the bits of a plan with one buffer a value', async () => {
  await fc.assert(fc.asyncProperty(graphs, async (graph) => {
    const trace = record(graph);
    const { gpu } = await rigOf();
    const [shared, apart] = await underScopes(gpu, async () => [await poisonedRuns({}, trace), await poisonedRuns({ share: false }, trace)]);
    expect(shared).toEqual(apart);
    expect(shared.flatMap((words) => [...new Float32Array(words.buffer)]).every((v) => Number.isFinite(v))).toBe(true);
  }), { numRuns: 25 });
});

/** total = 0.9 total + dropout(w, step) + rate: each step depends on its row and on all steps before. */
function steps(rig: TestRig, n = 500): Trace {
  const trace = createTrace();
  const w = trace.state('in0', 'f32', n);
  const total = trace.state('out0', 'f32', n);
  const [dropped, rate, sum] = [trace.transient('dropped', 'f32', [n]), trace.transient('rate', 'f32', [n]), trace.transient('sum', 'f32', [n])];
  trace.dispatch(dropout, { label: 'dropout', params: { n, rate: 0.5, seed: 7, layer: 0, step_knob: rig.knobs.at('step', 'u32').index }, bind: { x: w, y: dropped } });
  trace.dispatch(fill, { label: 'rate', params: { n, scale: 1, scale_knob: rig.knobs.at('rate', 'f32').index }, bind: { y: rate } });
  trace.dispatch(add, { label: 'sum', params: { n }, bind: { a: dropped, b: rate, y: sum } });
  trace.dispatch(accumulate, { label: 'total', params: { n, keep: 0.9, scale: 1 }, bind: { x: sum, total } });
  return trace;
}

describe('slices', () => {
  test('32 steps in one submit are 32 submits', async () => {
    const rig = await rigOf();
    const program = await prepared(rig, steps(rig));
    const rows = Array.from({ length: 32 }, (_, i) => i);
    const runs = [[rows], rows.map((row) => [row])].map(async (slices) => {
      rig.state.clear('out0');
      rows.forEach((row) => rig.workspace.rows.fill(row, { step: 100 + row, rate: 0.01 * row }));
      rig.workspace.rows.write(32);
      rig.run(program, slices);
      return rig.words('out0');
    });
    const [together, alone] = await underScopes(rig.gpu, () => Promise.all(runs));
    expect(together).toEqual(alone);
    expect(new Set(together?.[0]).size).toBeGreaterThan(100);
  });

  test('a program split at every dispatch is the whole', async () => {
    const rig = await rigOf();
    const program = await prepared(rig, record({ lengths: [70, 3], moves: [[0, 0, 0], [4, 0, 0], [1, 2, 0], [2, 0, 1], [3, 1, 1], [0, 5, 2]] }));
    const names = outputsOf({ states: program.states } as Trace);
    rig.run(program);
    const whole = await rig.words(...names);
    names.forEach((name) => rig.state.clear(name));
    const { device } = rig.gpu;
    await underScopes(rig.gpu, () => program.dispatches.forEach((_, at) => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      program.encode(pass, 0, at, at + 1);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }));
    expect(await rig.words(...names)).toEqual(whole);
  });
});

/** out<tag> = sum of the input with itself, by way of two transients of n elements. */
function doubled(n: number, tag: string): Trace {
  const trace = createTrace();
  const [a, b] = [trace.transient('a', 'f32', [n]), trace.transient('b', 'f32', [n])];
  trace.dispatch(activationForward, { label: 'input', params: { n, activation: 0 }, bind: { x: trace.state(`in${tag}`, 'f32', n), y: a } });
  trace.dispatch(add, { label: 'double', params: { n }, bind: { a, b: a, y: b } });
  trace.dispatch(accumulate, { label: 'out', params: { n, keep: 0, scale: 1 }, bind: { x: b, total: trace.state(`out${tag}`, 'f32', n) } });
  return trace;
}

describe('programs that share a workspace', () => {
  test('earlier programs stay right when a later one makes the regions grow', async () => {
    const rig = await rigOf();
    await underScopes(rig.gpu, async () => {
      const small = await prepared(rig, doubled(10, '-small'));
      const before = rig.workspace.transientBytes();
      rig.run(small);
      const large = await prepared(rig, doubled(5000, '-large'));
      expect(rig.workspace.transientBytes()).toBeGreaterThan(before);
      const first = await rig.words('out-small');
      rig.state.clear('out-small');
      rig.run(large);
      rig.run(small);
      expect(await rig.words('out-small')).toEqual(first);
    });
    expect(new Set((await rig.floats('out-small')).map((v) => v !== 0))).toEqual(new Set([true]));
  });

  test('transients of programs that never run together take the space of the largest', async () => {
    const rig = await rigOf();
    const [a, b] = [rig.workspace.add('a', doubled(4000, 'a'), rig.state), rig.workspace.add('b', doubled(6000, 'b'), rig.state)];
    expect(rig.workspace.transientBytes()).toBe(Math.max(a.plan.bytes, b.plan.bytes));
  });

  test('a program whose State a later trace made longer goes on; one whose State was cut says so', async () => {
    const rig = await rigOf();
    const old = await prepared(rig, doubled(10, '0'));
    await underScopes(rig.gpu, async () => {
      const longer = await prepared(rig, doubled(100, '0'));
      rig.run(longer);
      rig.run(old);
      await prepared(rig, doubled(20, '0'));
      rig.run(old);
      expect(() => rig.run(longer)).toThrow(/traced for a longer in0/);
    });
  });

  test('a removed program gives back its params, and no longer stands in the way', async () => {
    const rig = await rigOf();
    const other = createState(rig.gpu.device, rig.arena, 'other');
    const kept = await prepared(rig, doubled(10, '0'));
    const { buffers } = rig.arena.counters();
    const retired = rig.workspace.add('retired', doubled(10, '0'), other);
    rig.workspace.remove(retired);
    other.destroy();
    expect(rig.arena.counters().buffers).toBe(buffers);
    await underScopes(rig.gpu, async () => {
      await prepared(rig, doubled(9000, 'x'));
      rig.run(kept);
    });
  });

  test('one program works on two States, joined', async () => {
    const rig = await rigOf();
    const [student, teacher] = ['student', 'teacher'].map((label) => createState(rig.gpu.device, rig.arena, label));
    if (!student || !teacher) throw new Error('unreachable');
    const trace = createTrace();
    const [mine, theirs] = [trace.state('student/weights', 'f32', 5), trace.state('teacher/weights', 'f32', 5)];
    trace.dispatch(accumulate, { label: 'average', params: { n: 5, keep: 0.5, scale: 1 }, bind: { x: mine, total: theirs } });
    trace.dispatch(accumulate, { label: 'back', params: { n: 5, keep: 0, scale: 10 }, bind: { x: theirs, total: mine } });
    const joined = joinStates({ student, teacher });
    const program = rig.workspace.add('joined', trace, joined);
    await rig.workspace.prepare([program]);
    student.write('weights', new Float32Array([1, 2, 3, 4, 5]));
    joined.write('teacher/weights', new Float32Array([2, 4, 6, 8, 10]));
    await underScopes(rig.gpu, () => rig.run(program));
    const parts = [student, teacher].map((s) => ({ buffer: s.buffer('weights'), offset: 0, bytes: 20 }));
    const [a, b] = (await readNow(rig.gpu.device, rig.arena, parts)).map((bytes) => [...new Float32Array(bytes)]);
    expect([a, b]).toEqual([[20, 40, 60, 80, 100], [2, 4, 6, 8, 10]]);
    expect(() => joined.buffer('weights')).toThrow(/belongs to no joined State; they are student, teacher/);
    expect(() => joinStates({ a: student, b: student })).toThrow(/one label only/);
  });
});

test('nothing is made on the device once a program is prepared', async () => {
  const rig = await rigOf();
  const program = await prepared(rig, steps(rig));
  rig.run(program);
  const { device } = rig.gpu;
  const made: string[] = [];
  const watched = (['createBuffer', 'createBindGroup', 'createComputePipeline', 'createComputePipelineAsync', 'createShaderModule', 'createBindGroupLayout'] as const)
    .map((name) => [name, Object.getOwnPropertyDescriptor(device, name)] as const);
  watched.forEach(([name]) => Object.defineProperty(device, name, { configurable: true, value: () => made.push(name) }));
  try {
    for (let i = 0; i < 3; i++) {
      rig.workspace.rows.fill(0, { step: i, rate: 1 });
      rig.workspace.rows.write(1);
      rig.run(program);
    }
  } finally {
    watched.forEach(([name, own]) => (own ? Object.defineProperty(device, name, own) : Reflect.deleteProperty(device, name)));
  }
  expect(made).toEqual([]);
});
