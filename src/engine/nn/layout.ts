import { ALIGN, sizeOf, type Trace, type Value } from '../gpu/trace.ts';
import { PURPOSE, randomUniformArray } from '../random.ts';

/** A parameter tensor, before it has a place. */
export interface ParamSpec {
  name: string;
  shape: readonly number[];
  /** `kaiming`: uniform in +-sqrt(6 / fan-in) (He et al. 2015), fan-in = shape[1]. */
  init: 'kaiming' | 'zeros' | 'ones';
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

/** All parameters as one vector: maskable tensors first, each on a 256-byte boundary, zeros between them. */
export interface ParamLayout {
  tensors: readonly ParamTensor[];
  /** The maskable ones, which come first; layer l is tensor l. */
  layers: readonly ParamTensor[];
  /** Elements of the whole vector, and of the prefix that has mask bits; multiples of 64. */
  n: number;
  masked: number;
}

const up = (n: number): number => Math.ceil(n / ALIGN) * ALIGN;

/** Gives each tensor its place. */
export function layoutParams(specs: readonly ParamSpec[]): ParamLayout {
  const ordered = [...specs.filter((s) => s.maskable), ...specs.filter((s) => !s.maskable)];
  let offset = 0;
  const tensors = ordered.map((spec, index): ParamTensor => {
    const tensor = { ...spec, index, offset, length: sizeOf(spec.shape) };
    offset += up(tensor.length);
    return tensor;
  });
  const layers = tensors.filter((t) => t.maskable);
  const last = layers.at(-1);
  return { tensors, layers, n: offset, masked: last ? up(last.offset + last.length) : 0 };
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
    if (t.init !== 'kaiming') continue;
    const bound = Math.fround(Math.sqrt(6 / (t.shape[1] ?? 1)));
    // The stream is keyed by name order among all tensors, so that a layer's values do not depend on what is maskable.
    flat.set(randomUniformArray(seed, PURPOSE.init, streamOf(t.name), t.length, -bound, bound), t.offset);
  }
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
