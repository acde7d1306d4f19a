import { NM_CLOSE, nmCompress, nmDecompress, nmForward, nmIndex, nmIndexLength, nmInputGradient, type NmLayer, nmValuesLength, nmWalkers, nmWeightGradient } from '../kernels/nm.ts';
import { linearInputGradient } from '../kernels/linear.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { coverShapes, type Indexed, type IndexedLayer, indexedLinear, type ProductSizes } from './indexedLinear.ts';

/** How weights are kept: of every m neighbours, by lines of `share` rows with one pattern. */
type Pattern = { m: number; share: number };

/**
 * `expand`: the input gradient is that of dense weights, put together again from the values, which is faster where many are
 * kept. `backward`: State buffer with the index of another pattern, along the outputs, that the input gradient goes through
 * instead; empty where there is none. `backwardShare` inputs share one pattern there.
 */
type Nm = Indexed & Pattern & { expand: boolean; backward: string; backwardShare: number };

type Product = { label: string; params: ProductSizes & Readonly<Record<string, number>>; bind: Readonly<Record<string, Value>> };

const layerOf = (layer: Pick<IndexedLayer, 'out' | 'in'>, { m, share }: Pattern): NmLayer => ({ out_size: layer.out, in_size: layer.in, m, share });

/** Elements (u32) of the index of a layer that keeps n of m. */
export const nmLength = (layer: Pick<IndexedLayer, 'out' | 'in'>, pattern: Pattern): number => nmIndexLength(layerOf(layer, pattern), 1);

/** Records what makes the index of a layer that keeps n of m. `mask` holds the layer's bits from `first` on. */
export function traceNmIndex(trace: Trace, layer: IndexedLayer, mask: Value, index: Value, pattern: Pattern): void {
  const size = layerOf(layer, pattern);
  trace.dispatch(nmIndex, { label: `index ${layer.name}`, params: { ...size, ...inPlace(size), lists: 1, first: layer.first }, bind: { mask, index } });
}

/** The transposed layer, which keeps n of m outputs. */
const transposedOf = ({ out, in: inputs }: Pick<IndexedLayer, 'out' | 'in'>, pattern: Pattern): NmLayer => layerOf({ out: inputs, in: out }, pattern);

/** Elements (u32) of the index of a transposed copy: no product goes by its columns. */
export const nmBackwardLength = (layer: Pick<IndexedLayer, 'out' | 'in'>, pattern: Pattern): number => nmIndexLength(transposedOf(layer, pattern), 0);

/** Records what makes the index of the transposed copy of a layer that keeps n of m outputs; `mask` as in `traceNmIndex`. */
export function traceNmBackwardIndex(trace: Trace, layer: IndexedLayer, mask: Value, index: Value, pattern: Pattern): void {
  const size = transposedOf(layer, pattern);
  trace.dispatch(nmIndex, { label: `backward index ${layer.name}`, params: { ...size, ...turned(size), lists: 0, first: layer.first }, bind: { mask, index } });
}

/** How far apart rows and columns lie in memory: of a matrix as it is, and of one whose transposed is in memory. */
const inPlace = ({ in_size }: NmLayer) => ({ down: in_size, across: 1 });
const turned = ({ out_size }: NmLayer) => ({ down: 1, across: out_size });

/** The kept weights of a layer, compressed as its index says: made from the weights as they are now. @param strides where the layer is a transposed copy, how its rows and columns lie */
export function traceNmValues(trace: Trace, layer: NmLayer, name: string, weight: Value, index: Value, strides = inPlace(layer)): Value {
  const values = trace.transient(`${name} compressed`, 'f32', [nmValuesLength(layer)]);
  trace.dispatch(nmCompress, { label: `compress ${name}`, params: { ...layer, ...strides }, bind: { weight, index, values } });
  return values;
}

const patternOf = ({ out_size, in_size }: ProductSizes, { m, share }: Pattern): NmLayer => ({ out_size, in_size, m, share });

function forward(trace: Trace, { label, params, bind }: Product & { params: { activation: number; has_bias: number } }, attributes: Nm): void {
  const { weight, bias: beside, ...rest } = bind as typeof bind & Record<'weight' | 'index' | 'bias', Value>;
  const layer = patternOf(params, attributes);
  const values = traceNmValues(trace, layer, weight.name, weight, rest.index);
  trace.dispatch(nmForward, { label, slots: { close: NM_CLOSE.output }, params: { ...params, ...layer }, bind: { ...rest, beside, values } });
}

/** The input gradient through a transposed copy that keeps n of m outputs. */
function backwardProduct(trace: Trace, { label, params, bind }: Product & { params: { activation: number } }, { backward, backwardShare, m }: Nm): void {
  const { weight, dy, saved, dx } = bind as Record<'weight' | 'dy' | 'saved' | 'dx', Value>;
  const size = { out: params.out_size, in: params.in_size };
  const [layer, pattern] = [transposedOf(size, { m, share: backwardShare }), { m, share: backwardShare }];
  const index = trace.state(backward, 'u32', nmBackwardLength(size, pattern));
  const values = traceNmValues(trace, layer, weight.name, weight, index, turned(layer));
  trace.dispatch(nmForward, {
    label, slots: { close: NM_CLOSE.gradient }, params: { ...layer, batch: params.batch, activation: params.activation, has_bias: 0 },
    bind: { values, index, x: dy, beside: saved, y: dx },
  });
}

function inputGradient(trace: Trace, { label, params, bind }: Product & { params: { activation: number } }, attributes: Nm): void {
  if (attributes.backward !== '') return backwardProduct(trace, { label, params, bind }, attributes);
  const layer = patternOf(params, attributes);
  if (!attributes.expand) {
    trace.dispatch(nmInputGradient, { label, params: { ...params, ...layer }, bind });
    return;
  }
  const { weight, index, ...rest } = bind as typeof bind & Record<'weight' | 'index', Value>;
  const values = traceNmValues(trace, layer, weight.name, weight, index);
  const dense = trace.transient(`${weight.name} expanded`, 'f32', [weight.length]);
  trace.dispatch(nmDecompress, { label: `expand ${weight.name}`, params: layer, bind: { values, index, weight: dense } });
  trace.dispatch(linearInputGradient, { label, params, bind: { ...rest, weight: dense } });
}

/** How many of `size` neighbours are kept, and which: the bits of the first row of each line, made as many as the first group has. */
function keptPlaces(mask: Float64Array, width: number, row: number, column: number, { m, share }: Pattern): Set<number> {
  const bitsOf = (r: number, first: number): number[] => Array.from({ length: Math.min(m, width - first) }, (_, j) => mask[r * width + first + j] as number);
  const head = bitsOf(0, 0);
  const n = Math.max(1, Math.floor((head.reduce((a, b) => a + b, 0) * m) / head.length));
  const bits = bitsOf(row - (row % share), column);
  const places = [...bits.flatMap((bit, j) => (bit ? [j] : [])), ...bits.flatMap((bit, j) => (bit ? [] : [j]))];
  return new Set(places.slice(0, Math.ceil((n * bits.length) / m)));
}

/** The weights that are kept. */
function keptWeights(weight: Float64Array, mask: Float64Array, [out, width]: readonly [number, number], pattern: Pattern): Float64Array {
  const kept = new Float64Array(weight.length);
  for (let row = 0; row < out; row++) for (let column = 0; column < width; column += pattern.m) {
    for (const place of keptPlaces(mask, width, row, column, pattern)) kept[row * width + column + place] = weight[row * width + column + place] as number;
  }
  return kept;
}

const NM: Nm = { activation: 'none', bias: false, index: '', first: 0, denseGradient: false, m: 4, share: 1, expand: false, backward: '', backwardShare: 1 };

/** Sizes of tests; batches that variants of four columns take are many. */
const WIDTHS = [1, 65, 2, 16, 129, 7, 33, 100, 3, 64, 17] as const;
const BATCHES = [20, 1, 64, 12, 7, 4, 36, 8, 17, 3, 68, 16, 129] as const;

/**
 * Y (out, batch) = act(W X + bias) where only the kept weights count, as many of every m neighbours as the mask has in its
 * first group; inputs and bits as `indexedLinear` says. A mask in which another group has more or fewer is read as if it
 * had as many: the first of them, or with the first of those that are missing.
 */
export const nmLinear = indexedLinear<Nm>('nmLinear', {
  indexLength: nmLength,
  index: traceNmIndex,
  forward,
  inputGradient,
  weightGradient(trace, { params, ...product }, attributes) {
    const layer = patternOf(params, attributes);
    trace.dispatch(nmWeightGradient, { ...product, params: { ...params, ...layer, walkers: nmWalkers(layer) } });
  },
  kept: (weight, mask, shape, attributes) => keptWeights(weight, mask, shape as [number, number], attributes),
}, {
  cases: [
    { name: 'plain', shapes: [[5, 7], [3, 5], [3, 5]], bits: [2], attributes: NM },
    { name: 'bias', shapes: [[48, 20], [32, 48], [32, 48], [32]], bits: [2], attributes: { ...NM, bias: true, m: 16, share: 8 } },
    { name: 'tanh', shapes: [[67, 68], [21, 67], [21, 67], [21]], bits: [2], attributes: { ...NM, activation: 'tanh', bias: true, m: 8, share: 16, expand: true } },
    { name: 'more than walkers', shapes: [[300, 4], [24, 300], [24, 300], [24]], bits: [2], attributes: { ...NM, bias: true, m: 2 } },
    { name: 'whole groups of 32', shapes: [[96, 48], [32, 96], [32, 96], [32]], bits: [2], attributes: { ...NM, activation: 'tanh', bias: true, m: 32, share: 8 } },
    { name: 'a last line of fewer', shapes: [[19, 12], [21, 19], [21, 19]], bits: [2], attributes: { ...NM, activation: 'relu', m: 8, share: 8 } },
    { name: 'one of everything', shapes: [[1, 1], [1, 1], [1, 1], [1]], bits: [2], attributes: { ...NM, bias: true, m: 1 } },
  ],
  cover: {
    // Products go line by line: what an output's size meets in inputs and batch is drawn, not all of it.
    free: 1,
    at([size]) {
      const out = size as number;
      const [width, batch] = [WIDTHS[out % WIDTHS.length], BATCHES[(5 * out) % BATCHES.length]] as [number, number];
      const { attributes, ...shapes } = coverShapes([out, width, batch]);
      const m = [2, 4, 8, 16, 32, 5][(out + 3 * width + batch) % 6] as number;
      const share = [1, 8, 4, 16][(3 * out + width + 2 * batch) % 4] as number;
      return { ...shapes, attributes: { ...NM, ...attributes, m, share, expand: (out + batch) % 2 === 0 } };
    },
  },
});
