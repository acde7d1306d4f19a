import { createArena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Variant } from '../gpu/kernel.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace, type Program } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { createState } from '../gpu/state.ts';
import { createTrace, sizeOf, type Value } from '../gpu/trace.ts';
import { accumulate } from '../kernels/elementwise.ts';
import { randomU32, randomUniform } from '../random.ts';
import type { Case, Op } from './op.ts';
import { createTape } from './tape.ts';

/** Inputs of a case as float64, exact in f32; ids and bits as whole numbers. */
export function caseInputs(test: Case, seed: number): Float64Array[] {
  return test.shapes.map((shape, i) => Float64Array.from({ length: sizeOf(shape) }, (_, j) => {
    const below = test.integers?.[i];
    if (below !== undefined) return randomU32(seed, 99, i, j) % below;
    if (test.bits?.includes(i)) return randomU32(seed, 99, i, j) & 1;
    return Math.fround(2 * randomUniform(seed, 99, i, j) - 1);
  }));
}

/** What an operation gave on the device. */
export interface OpResult {
  output: Float32Array | Uint32Array;
  /** Per input; undefined where no gradient flows. */
  gradients: (Float32Array | undefined)[];
}

/**
 * Runs one case on the device: forward, and backward from the output gradient `dy`.
 * @param pick chooses a variant for each dispatch; by default the first.
 */
export async function runCase(gpu: Gpu, op: Op, test: Case, inputs: readonly Float64Array[], dy: Float32Array, pick?: (program: Program, at: number) => Variant | undefined): Promise<OpResult> {
  const arena = createArena(gpu.device);
  const knobs = createKnobLayout();
  knobs.at('step', 'u32');
  const trace = createTrace();
  const tape = createTape(trace, knobs, true);
  const dtypeOf = (i: number): Value['dtype'] => (test.integers?.[i] !== undefined ? 'u32' : test.bits?.includes(i) ? 'bits' : 'f32');
  const values = test.shapes.map((shape, i) => {
    const value = trace.reshape(trace.state(`input ${i}`, dtypeOf(i), sizeOf(shape)), shape);
    return dtypeOf(i) === 'f32' ? tape.trainable(value, trace.reshape(trace.state(`gradient ${i}`, 'f32', sizeOf(shape)), shape)) : value;
  });
  const { shape, dtype } = op.infer(test.shapes, test.attributes);
  const output = trace.reshape(trace.state('output', dtype, sizeOf(shape)), shape);
  tape.apply(op, values, test.attributes, output);
  const call = tape.calls[0];
  const flowed = new Set<number>();
  if (call && op.differentiable === true) {
    const arrived = trace.reshape(trace.state('dy', 'f32', sizeOf(shape)), shape);
    op.backward(tape, call, { kind: 'value', value: arrived }, (i, gradient) => {
      const x = values[i] as Value;
      if (!tape.needsGradient(x)) return;
      const given = tape.materialise(gradient, x.shape);
      const target = trace.state(`gradient ${i}`, 'f32', x.length);
      if (given.home.kind !== 'state' || given.home.buffer !== `gradient ${i}`) {
        trace.dispatch(accumulate, { label: 'keep gradient', params: { n: x.length, keep: 0, scale: 1 }, bind: { x: given, total: target } });
      }
      flowed.add(i);
    });
  }
  const state = createState(gpu.device, arena, 'case');
  const workspace = createWorkspace(gpu, arena, knobs);
  const program = workspace.add('case', trace, state);
  const variants = program.dispatches.map((_, at) => pick?.(program, at));
  await gpu.pipelines.prepare(program.dispatches.map((d, at) => ({ kernel: d.kernel, variant: variants[at] ?? d.kernel.variants[0], slots: d.slots })));
  variants.forEach((v, at) => v && program.swap(at, v));
  inputs.forEach((data, i) => state.write(`input ${i}`, packed(data, dtypeOf(i))));
  if (state.names().includes('dy')) state.write('dy', dy);
  workspace.rows.fill(0, { step: 0 });
  workspace.rows.write(1);
  workspace.poison();
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  program.encode(pass, 0);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
  const names = ['output', ...[...flowed].map((i) => `gradient ${i}`)];
  const read = await readNow(gpu.device, arena, names.map((name) => ({ buffer: state.buffer(name), offset: 0, bytes: state.buffer(name).size })));
  workspace.destroy();
  arena.destroy();
  const byName = new Map(names.map((name, i) => [name, read[i] as ArrayBuffer]));
  const raw = byName.get('output') as ArrayBuffer;
  return {
    output: dtype === 'f32' ? new Float32Array(raw) : dtype === 'u32' ? new Uint32Array(raw) : unpacked(new Uint32Array(raw), sizeOf(shape)),
    gradients: values.map((_, i) => (flowed.has(i) ? new Float32Array(byName.get(`gradient ${i}`) as ArrayBuffer) : undefined)),
  };
}

function packed(data: Float64Array, dtype: Value['dtype']): Float32Array | Uint32Array {
  if (dtype === 'f32') return Float32Array.from(data);
  if (dtype === 'u32') return Uint32Array.from(data);
  const words = new Uint32Array(Math.ceil(data.length / 32));
  data.forEach((bit, i) => { if (bit) words[i >> 5] = (words[i >> 5] as number) | (1 << (i & 31)); });
  return words;
}

function unpacked(words: Uint32Array, n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => ((words[i >> 5] as number) >>> (i & 31)) & 1);
}
