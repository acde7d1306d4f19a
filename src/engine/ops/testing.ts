import { createArena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import type { DType, Variant } from '../gpu/kernel.ts';
import { createKnobLayout, type KnobValues } from '../gpu/knobs.ts';
import { createWorkspace, type Program } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { createState } from '../gpu/state.ts';
import { asWords, createTrace, type Dispatch, sizeOf, type Value } from '../gpu/trace.ts';
import { copyWords } from '../kernels/elementwise.ts';
import { randomU32, randomUniform } from '../random.ts';
import type { Case, Gradient, Op } from './op.ts';
import { createTape, type Tape } from './tape.ts';

/** Data by element; bits as 0 and 1. */
export type Numbers = Float32Array | Uint32Array;

/** A value that a graph starts from; f32 unless `dtype` says otherwise. */
export interface Given {
  shape: readonly number[];
  data: ArrayLike<number>;
  dtype?: DType;
  /** Asks for its gradient: as a parameter, into the flat gradients, or as a value that is watched. */
  gradient?: 'trainable' | 'watched';
}

/** What a graph is traced and run with. */
export interface GraphOptions {
  /** Knob values by name; `step` is 0 unless given. */
  knobs?: KnobValues;
  /** False as while evaluating; true where absent. */
  training?: boolean;
}

/** A traced graph on the device, ready to run again and again. */
export interface Graph {
  program: Program;
  /**
   * Runs it and reads what `build` returned, by name. Results and transients hold NaN before each run, so that nothing
   * comes from an earlier one.
   * @param pick chooses a variant for each dispatch; the base where it gives none.
   */
  run(pick?: (dispatch: Dispatch) => Variant | undefined): Promise<Record<string, Numbers>>;
  destroy(): void;
}

/**
 * Traces a graph over given values. `build` gets a tape and the values, in the order of `given`, and returns the values
 * to read; it calls `tape.backward()` and `tape.gradientOf()` itself where it wants gradients.
 */
export function openGraph<G extends Record<string, Given>>(
  gpu: Gpu, given: G, build: (tape: Tape, values: { readonly [name in keyof G]: Value }) => Readonly<Record<string, Value | undefined>>, options: GraphOptions = {},
): Graph {
  const arena = createArena(gpu.device);
  const layout = createKnobLayout();
  layout.at('step', 'u32');
  const trace = createTrace();
  const tape = createTape(trace, layout, options.training ?? true);
  const values = Object.fromEntries(Object.entries(given).map(([name, { shape, dtype = 'f32', gradient }]) => {
    const value = trace.reshape(trace.state(name, dtype, sizeOf(shape)), shape);
    if (gradient === 'trainable') tape.trainable(value, trace.reshape(trace.state(`gradient of ${name}`, 'f32', sizeOf(shape)), shape));
    if (gradient === 'watched') tape.watch(value);
    return [name, value];
  })) as { [name in keyof G]: Value };
  const wanted = Object.entries(build(tape, values)).flatMap(([name, value]) => (value ? [{ name, value }] : []));
  for (const { name, value } of wanted) {
    const words = asWords(value);
    trace.dispatch(copyWords, { label: `keep ${name}`, params: { n: words.length }, bind: { x: words, y: trace.state(`kept ${name}`, 'u32', words.length) } });
  }
  const state = createState(gpu.device, arena, 'graph');
  const workspace = createWorkspace(gpu, arena, layout);
  const program = workspace.add('graph', trace, state);
  for (const [name, { data, dtype = 'f32' }] of Object.entries(given)) if (state.names().includes(name)) state.write(name, packed(data, dtype));
  workspace.rows.fill(0, { step: 0, ...options.knobs });
  workspace.rows.write(1);
  return {
    program,
    async run(pick) {
      const variants = program.dispatches.map((d) => pick?.(d) ?? d.kernel.variants[0]);
      await gpu.pipelines.prepare(program.dispatches.map((d, at) => ({ kernel: d.kernel, variant: variants[at] as Variant, slots: d.slots })));
      variants.forEach((variant, at) => program.swap(at, variant));
      workspace.poison();
      for (const name of state.names()) if (!(name in given)) state.write(name, new Uint32Array(state.spec(name).length).fill(0x7fc00000));
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      program.encode(pass, 0);
      pass.end();
      gpu.device.queue.submit([encoder.finish()]);
      const parts = wanted.map(({ name }) => ({ buffer: state.buffer(`kept ${name}`), offset: 0, bytes: state.buffer(`kept ${name}`).size }));
      const read = await readNow(gpu.device, arena, parts);
      return Object.fromEntries(wanted.map(({ name, value }, i) => [name, unpacked(read[i] as ArrayBuffer, value)]));
    },
    destroy() {
      workspace.destroy();
      state.destroy();
      arena.destroy();
    },
  };
}

/** Opens a graph, runs it once and closes it. */
export async function runGraph<G extends Record<string, Given>>(
  gpu: Gpu, given: G, build: (tape: Tape, values: { readonly [name in keyof G]: Value }) => Readonly<Record<string, Value | undefined>>, options: GraphOptions = {},
): Promise<Record<string, Numbers>> {
  const graph = openGraph(gpu, given, build, options);
  try {
    return await graph.run();
  } finally {
    graph.destroy();
  }
}

/** Inputs of a case as float64, exact in f32 and in (-1, 1); ids and bits as whole numbers. */
export function caseInputs(test: Case, seed: number): Float64Array[] {
  return test.shapes.map((shape, i) => Float64Array.from({ length: sizeOf(shape) }, (_, j) => {
    const below = test.integers?.[i];
    if (below !== undefined) return randomU32(seed, 99, i, j) % below;
    if (test.bits?.includes(i)) return randomU32(seed, 99, i, j) & 1;
    return Math.fround(2 * randomUniform(seed, 99, i, j) - 1);
  }));
}

/** Type of input i of a case. */
export const inputType = (test: Case, i: number): DType => (test.integers?.[i] !== undefined ? 'u32' : test.bits?.includes(i) ? 'bits' : 'f32');

/** True for inputs that get a gradient: numbers that are no constants of the operation. */
export const learns = (op: Op, test: Case, i: number): boolean => inputType(test, i) === 'f32' && !op.constants?.includes(i);

/** How a case is run. */
export interface CaseOptions {
  /** The inputs that ask for a gradient; all that can get one where absent. */
  trained?: readonly number[];
  /** How the gradient of the output arrives: `dy` in memory, or as one number for all elements. */
  arrived?: { scale: number; knob?: { name: string; value: number } };
}

/**
 * One case of an operation as a graph with the values `output` and, for each input that gets one, `d0`, `d1`, ...
 * Its backward starts from `dy`.
 */
export function openCase(gpu: Gpu, op: Op, test: Case, inputs: readonly Float64Array[], dy: ArrayLike<number>, options: CaseOptions = {}): Graph {
  const { shape } = op.infer(test.shapes, test.attributes);
  const given: Record<string, Given> = Object.fromEntries(test.shapes.map((s, i) => {
    const dtype = inputType(test, i);
    const asks = learns(op, test, i) && (options.trained?.includes(i) ?? true);
    return [`x${i}`, { shape: s, dtype, data: inputs[i] as Float64Array, ...(asks ? { gradient: 'trainable' as const } : {}) }];
  }));
  given.dy = { shape, data: dy };
  const { scale, knob } = options.arrived ?? {};
  return openGraph(gpu, given, (tape, values) => {
    const x = test.shapes.map((_, i) => values[`x${i}`] as Value);
    const output = tape.apply(op, x, test.attributes);
    const kept: Record<string, Value> = { output };
    const call = tape.calls[0];
    if (!call || op.differentiable !== true) return kept;
    const index = knob ? tape.knobs.at(knob.name, 'f32').index : 0xffffffff;
    const arrived: Gradient = scale === undefined ? { kind: 'value', value: values.dy as Value } : { kind: 'uniform', scale, knob: index };
    op.backward(tape, call, arrived, (i, gradient) => {
      const input = x[i];
      if (input && tape.needsGradient(input)) kept[`d${i}`] = tape.materialise(gradient, input.shape);
    });
    return kept;
  }, knob ? { knobs: { [knob.name]: knob.value } } : {});
}

function packed(data: ArrayLike<number>, dtype: DType): Numbers {
  if (dtype === 'f32') return Float32Array.from(data);
  if (dtype === 'u32') return Uint32Array.from(data);
  const words = new Uint32Array(Math.max(1, Math.ceil(data.length / 32)));
  Array.from(data).forEach((bit, i) => { if (bit) words[i >> 5] = (words[i >> 5] as number) | (1 << (i & 31)); });
  return words;
}

function unpacked(bytes: ArrayBuffer, { dtype, length }: Value): Numbers {
  if (dtype === 'f32') return new Float32Array(bytes, 0, length);
  const words = new Uint32Array(bytes);
  return dtype === 'u32' ? words.subarray(0, length) : Uint32Array.from({ length }, (_, i) => ((words[i >> 5] as number) >>> (i & 31)) & 1);
}
