import type { MasksSpec } from '../experiment/experiment.ts';
import { ALIGN, sizeOf, type Trace, type Value } from '../gpu/trace.ts';
import { PURPOSE, randomUniformArray } from '../random.ts';

/** A parameter tensor, before it has a place. */
export interface ParamSpec {
  name: string;
  shape: readonly number[];
  /** `kaiming`: uniform in +-sqrt(6 / fan-in) (He et al. 2015), fan-in = inputs of a unit: all dimensions but the first. `std`: uniform with this standard deviation. */
  init: 'kaiming' | 'zeros' | 'ones' | { std: number };
  /** True where masks apply. */
  maskable: boolean;
  /** Factors on rate and weight decay, and whether the optimizer moves the tensor at all. */
  rateScale: number;
  decayScale: number;
  trainable: boolean;
}

/** A parameter tensor in the flat vector. */
export interface ParamTensor extends ParamSpec {
  index: number;
  offset: number;
  length: number;
}

/** Running mean and variance of a batch norm, before they have a place. */
export interface RunningSpec {
  name: string;
  channels: number;
}

/** A table that the network reads and nothing changes, in a State buffer of its own. */
export interface ConstantSpec {
  name: string;
  shape: readonly number[];
  values(): Float32Array<ArrayBuffer>;
}

/** The groups of a layer, row by row in its [out, in] matrix. */
export interface LayerGroups {
  /** First of them among the groups of all layers, and how many there are. */
  offset: number;
  length: number;
  /** First weight in the flat vector; rows and columns of the matrix. */
  first: number;
  out: number;
  in: number;
  /** Rows and columns of a whole group; those at the edges may have fewer. */
  rows: number;
  columns: number;
}

/** Groups of all layers as one vector: each layer's on a 256-byte boundary, as their weights are. */
export interface GroupLayout {
  layers: readonly LayerGroups[];
  /** Elements of the vector, gaps included; a multiple of 64. */
  n: number;
  /** What a group is. */
  unit: MasksSpec['granularity'];
  /** How a group's score comes from those of its weights. */
  score: MasksSpec['blockScore'];
}

/** A matrix of what a mask switches: weights, or the groups of them that share a pattern. */
export interface PatternMatrix {
  /** Place of its first in the vector that all layers share. */
  first: number;
  rows: number;
  columns: number;
}

/** N of every M neighbours are kept, and the matrices of the layers in which that holds. */
export interface PatternLayout {
  n: number;
  m: number;
  axis: MasksSpec['axis'];
  layers: readonly PatternMatrix[];
}

/** All parameters as one vector: maskable tensors first, each on a 256-byte boundary, zeros between them. */
export interface ParamLayout {
  tensors: readonly ParamTensor[];
  /** The maskable ones, which come first; layer l is tensor l. */
  layers: readonly ParamTensor[];
  /** What masks switch as one; absent where that is a single weight. */
  groups?: GroupLayout | undefined;
  /** The pattern of N to M that masks keep; absent where there is none. */
  pattern?: PatternLayout | undefined;
  /** Elements of the whole vector, and of the prefix that has mask bits; multiples of 64. */
  n: number;
  masked: number;
  /** Running statistics (2, channels), which lie in a buffer of their own and are no parameters. */
  running: readonly (RunningSpec & { offset: number })[];
  /** Elements of that buffer; 0 where there are none. */
  runningLength: number;
  /** Tables that nothing changes. */
  constants: readonly ConstantSpec[];
}

const up = (n: number): number => Math.ceil(n / ALIGN) * ALIGN;

/** Gives each tensor its place. */
export function layoutParams(specs: readonly ParamSpec[], running: readonly RunningSpec[] = [], constants: readonly ConstantSpec[] = []): ParamLayout {
  const ordered = [...specs.filter((s) => s.maskable), ...specs.filter((s) => !s.maskable)];
  let offset = 0;
  const tensors = ordered.map((spec, index): ParamTensor => {
    const tensor = { ...spec, index, offset, length: sizeOf(spec.shape) };
    offset += up(tensor.length);
    return tensor;
  });
  const layers = tensors.filter((t) => t.maskable);
  const last = layers.at(-1);
  let runningLength = 0;
  const placed = running.map((spec) => {
    const at = runningLength;
    runningLength += up(2 * spec.channels);
    return { ...spec, offset: at };
  });
  return { tensors, layers, n: offset, masked: last ? up(last.offset + last.length) : 0, running: placed, runningLength, constants };
}

/** The parameter table that shaders read; see lib/params_table.wgsl. @param trains which of the trainable tensors train now; all where absent */
export function paramTable(layout: ParamLayout, trains: (tensor: ParamTensor) => boolean = () => true): Uint32Array<ArrayBuffer> {
  const blocks = layout.n / ALIGN;
  const table = new Uint32Array(blocks + 4 * layout.tensors.length);
  const floats = new Float32Array(table.buffer);
  for (const t of layout.tensors) {
    table.fill(t.index, t.offset / ALIGN, (t.offset + up(t.length)) / ALIGN);
    const at = blocks + 4 * t.index;
    floats[at] = t.rateScale;
    floats[at + 1] = t.decayScale;
    table[at + 2] = t.trainable && trains(t) ? 1 : 0;
    table[at + 3] = t.length;
  }
  return table;
}

/** Offset and length of each maskable layer, as shaders read them. */
export function segmentTable(layout: ParamLayout): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(layout.layers.flatMap((t) => [t.offset, t.length]));
}

/** Initial values from the seed: bit-identical on every device, since no transcendental function takes part. */
export function initialParams(layout: ParamLayout, seed: number): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(layout.n);
  for (const t of layout.tensors) {
    if (t.init === 'ones') flat.fill(1, t.offset, t.offset + t.length);
    if (t.init === 'ones' || t.init === 'zeros') continue;
    const bound = Math.fround(t.init === 'kaiming' ? Math.sqrt(6 / sizeOf(t.shape.slice(1))) : t.init.std * Math.sqrt(3));
    // The stream is keyed by name order among all tensors, so that a layer's values do not depend on what is maskable.
    flat.set(randomUniformArray(seed, PURPOSE.init, streamOf(t.name), t.length, -bound, bound), t.offset);
  }
  return flat;
}

/** Running statistics before the first step: mean 0, variance 1. */
export function initialRunning(layout: ParamLayout): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(layout.runningLength);
  for (const { offset, channels } of layout.running) flat.fill(1, offset + channels, offset + 2 * channels);
  return flat;
}

/** A number for a tensor's name: FNV-1a, 32 bits. */
function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const c of name) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

/** Views of a flat State buffer, one a tensor, by name. */
export function tensorViews(trace: Trace, buffer: string, layout: ParamLayout): Map<string, Value> {
  const flat = trace.state(buffer, 'f32', layout.n);
  return new Map(layout.tensors.map((t) => [t.name, trace.view(flat, buffer === 'params' ? t.name : `${buffer} ${t.name}`, t.offset, t.shape)]));
}

/** Views of the State buffer of running statistics, (2, channels) each, by name. */
export function runningViews(trace: Trace, layout: ParamLayout): Map<string, Value> {
  if (layout.runningLength === 0) return new Map();
  const flat = trace.state('running', 'f32', layout.runningLength);
  return new Map(layout.running.map(({ name, offset, channels }) => [name, trace.view(flat, name, offset, [2, channels])]));
}

/** Name of the State buffer that holds a constant table. */
export const constantBuffer = (name: string): string => `constant ${name}`;

/** What a network reads beside its parameters, by name: running statistics, (2, channels) each, and constant tables. */
export function tableViews(trace: Trace, layout: ParamLayout): Map<string, Value> {
  const constants = layout.constants.map(({ name, shape }): [string, Value] => [name, trace.reshape(trace.state(constantBuffer(name), 'f32', sizeOf(shape)), shape)]);
  return new Map([...runningViews(trace, layout), ...constants]);
}
