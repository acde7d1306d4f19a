import { afterEach, describe, expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import { type TestRig, testRig } from '../../node/testRig.ts';
import { accumulate, activationForward, add, copyWords, fill, positiveBits } from '../kernels/elementwise.ts';
import { withCaptures } from './captures.ts';
import { sha256 } from './hash.ts';
import type { Program } from './program.ts';
import { createTrace, type Trace, type Value } from './trace.ts';

const NO_KNOB = 0xffffffff;
const rigs: TestRig[] = [];
afterEach(() => rigs.splice(0).forEach((rig) => rig.destroy()));
async function rigOf(): Promise<TestRig> {
  const rig = await testRig();
  rigs.push(rig);
  return rig;
}

/** v0 = in0, each further v twice the one before, in two alternating places; out0 adds up the last over the runs. */
function chain(n: number): Trace {
  const trace = createTrace();
  const made: Value[] = Array.from({ length: 10 }, (_, i) => trace.transient(`v${i}`, 'f32', [n]));
  made.forEach((y, i) => {
    if (i === 0) trace.dispatch(activationForward, { label: 'input', params: { n, activation: 0 }, bind: { x: trace.state('in0', 'f32', n), y } });
    else trace.dispatch(add, { label: `double ${i}`, params: { n }, bind: { a: made[i - 1] as Value, b: made[i - 1] as Value, y } });
  });
  trace.dispatch(accumulate, { label: 'out', params: { n, keep: 1, scale: 1 }, bind: { x: made.at(-1) as Value, total: trace.state('out0', 'f32', n) } });
  return trace;
}

async function prepared(rig: TestRig, trace: Trace): Promise<Program> {
  const program = rig.workspace.add('test', trace, rig.state);
  rig.state.write('in0', Float32Array.from({ length: rig.state.spec('in0').length }, (_, i) => Math.sin(i + 1)));
  await rig.workspace.prepare([program]);
  return program;
}

describe('captures', () => {
  test('change no bits of the State, and hold what was captured', async () => {
    const [plain, watched] = [await rigOf(), await rigOf()];
    const trace = chain(100);
    const off = await prepared(plain, trace);
    const on = await prepared(watched, withCaptures(trace, ['v0', 'v2', 'v7', 'in0', 'out0'], copyWords));
    await underScopes(plain.gpu, async () => {
      for (const [rig, program] of [[plain, off], [watched, on]] as const) {
        for (let i = 0; i < 3; i++) {
          rig.workspace.poison();
          rig.run(program);
        }
      }
      const hashes = await Promise.all([plain, watched].map(async (rig) => Promise.all((await rig.words('in0', 'out0')).map(sha256))));
      expect(hashes[1]).toEqual(hashes[0]);
      expect(await watched.words('capture.in0', 'capture.out0')).toEqual(await watched.words('in0', 'out0'));
      // Value i of the chain is 2^i times the input, exactly.
      const input = await watched.floats('in0');
      for (const i of [0, 2, 7]) expect(await watched.floats(`capture.v${i}`)).toEqual(input.map((v) => v * 2 ** i));
    });
  });

  test('take a value after the last dispatch that writes it, in any type', async () => {
    const rig = await rigOf();
    const trace = createTrace();
    const x = trace.state('in0', 'f32', 40);
    const bits = trace.transient('bits', 'bits', [40]);
    const y = trace.transient('y', 'f32', [40]);
    trace.dispatch(positiveBits, { label: 'bits', params: { n: 40 }, bind: { x, bits } });
    trace.dispatch(fill, { label: 'fill', params: { n: 40, scale: 3, scale_knob: NO_KNOB }, bind: { y } });
    trace.dispatch(accumulate, { label: 'change', params: { n: 40, keep: 1, scale: 0 }, bind: { x, total: y } });
    const program = await prepared(rig, withCaptures(trace, ['y', bits], copyWords));
    await underScopes(rig.gpu, () => rig.run(program));
    const signs = (await rig.floats('in0')).map((v) => v > 0);
    const [captured] = await rig.words('capture.bits');
    expect(signs.map((_, i) => (((captured?.[i >> 5] ?? 0) >>> (i & 31)) & 1) === 1)).toEqual(signs);
    expect(new Set(await rig.floats('capture.y'))).toEqual(new Set([3]));
    expect(rig.state.spec('capture.bits')).toEqual({ dtype: 'bits', length: 40 });
  });

  test('take a part of a State from where it begins, also of a bitset', async () => {
    const rig = await rigOf();
    const trace = createTrace();
    const part = trace.view(trace.state('in0', 'f32', 200), 'part', 64, [100]);
    const bits = trace.view(trace.state('bits', 'bits', 5000), 'bits part', 2048, [100]);
    trace.dispatch(positiveBits, { label: 'bits', params: { n: 100 }, bind: { x: part, bits } });
    const program = await prepared(rig, withCaptures(trace, ['part', 'bits part'], copyWords));
    await underScopes(rig.gpu, () => rig.run(program));
    const [all, allBits, captured, capturedBits] = await rig.words('in0', 'bits', 'capture.part', 'capture.bits part');
    expect(captured).toEqual(all?.slice(64, 164));
    expect(capturedBits).toEqual(allBits?.slice(64, 68));
    expect(capturedBits?.some((word) => word !== 0)).toBe(true);
  });

  test('refuse a name that is unknown or means several values', () => {
    const trace = createTrace();
    const [one, two] = [trace.transient('same', 'f32', [4]), trace.transient('same', 'f32', [4])];
    for (const y of [one, two]) trace.dispatch(fill, { label: 'fill', params: { n: 4, scale: 1, scale_knob: NO_KNOB }, bind: { y } });
    expect(() => withCaptures(trace, ['loss'], copyWords)).toThrow(/no value loss; it has same/);
    expect(() => withCaptures(trace, ['same'], copyWords)).toThrow(/Several values/);
    expect(withCaptures(trace, [two], copyWords).dispatches).toHaveLength(3);
  });
});
