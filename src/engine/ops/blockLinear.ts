import { blockForward, blockIndex, blockIndexLength, blockInputGradient, blockWalkers, blockWeightGradient } from '../kernels/block.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { coverShapes, type Indexed, type IndexedLayer, indexedLinear } from './indexedLinear.ts';

/** Settings of a product in blocks of `rows` by `columns` weights; smaller ones at the right and the lower edge. */
type Blocks = Indexed & { rows: number; columns: number };

type BlockShape = Pick<Blocks, 'rows' | 'columns'>;

const blocksOf = (layer: Pick<IndexedLayer, 'out' | 'in'>, { rows, columns }: BlockShape) => ({ out_size: layer.out, in_size: layer.in, rows, columns });

/** Elements (u32) of the index of a layer in blocks. */
export const blockLength = (layer: Pick<IndexedLayer, 'out' | 'in'>, shape: BlockShape): number => blockIndexLength(blocksOf(layer, shape));

/** Records what makes the index of the active blocks of a layer. `mask` holds the layer's bits from `first` on. */
export function traceBlockIndex(trace: Trace, layer: IndexedLayer, mask: Value, index: Value, shape: BlockShape): void {
  trace.dispatch(blockIndex, { label: `index ${layer.name}`, params: { ...blocksOf(layer, shape), first: layer.first }, bind: { mask, index } });
}

/** The weights of blocks whose first weight is in the mask. */
function keptBlocks(weight: Float64Array, mask: Float64Array, width: number, { rows, columns }: BlockShape): Float64Array {
  const within = (i: number): number => Math.floor(Math.floor(i / width) / rows) * rows * width + Math.floor((i % width) / columns) * columns;
  return weight.map((v, i) => (mask[within(i)] === 0 ? 0 : v));
}

const BLOCK: Blocks = { activation: 'none', bias: false, index: '', first: 0, denseGradient: false, rows: 4, columns: 4 };

/**
 * Y (out, batch) = act(W X + bias) where only the blocks of the mask count; inputs and bits as `indexedLinear` says. The
 * mask holds whole blocks: one is active where its first weight is.
 */
export const blockLinear = indexedLinear<Blocks>('blockLinear', {
  indexLength: blockLength,
  index: traceBlockIndex,
  forward: (trace, { params, ...product }, { rows, columns }) => trace.dispatch(blockForward, { ...product, params: { ...params, rows, columns } }),
  inputGradient: (trace, { params, ...product }, { rows, columns }) => trace.dispatch(blockInputGradient, { ...product, params: { ...params, rows, columns } }),
  weightGradient(trace, { params, ...product }, { rows, columns }) {
    const sizes = { ...params, rows, columns };
    trace.dispatch(blockWeightGradient, { ...product, params: { ...sizes, walkers: blockWalkers(sizes) } });
  },
  kept: (weight, mask, [, width], shape) => keptBlocks(weight, mask, width as number, shape),
}, {
  cases: [
    { name: 'plain', shapes: [[5, 7], [6, 5], [6, 5]], bits: [2], attributes: BLOCK },
    { name: 'bias', shapes: [[48, 17], [32, 48], [32, 48], [32]], bits: [2], attributes: { ...BLOCK, bias: true, rows: 16, columns: 16 } },
    { name: 'tanh', shapes: [[36, 68], [21, 36], [21, 36], [21]], bits: [2], attributes: { ...BLOCK, activation: 'tanh', bias: true, rows: 8, columns: 8 } },
    { name: 'many', shapes: [[300, 4], [24, 300], [24, 300], [24]], bits: [2], attributes: { ...BLOCK, bias: true } },
    { name: 'sums of whole turns', shapes: [[48, 48], [32, 48], [32, 48], [32]], bits: [2], attributes: { ...BLOCK, activation: 'tanh', bias: true, rows: 16, columns: 16 } },
    { name: 'one of everything', shapes: [[1, 1], [1, 1], [1, 1], [1]], bits: [2], attributes: { ...BLOCK, bias: true, rows: 1, columns: 1 } },
  ],
  cover: {
    free: 3,
    at(sizes) {
      const { attributes, ...shapes } = coverShapes(sizes);
      const [out, width, batch] = sizes as [number, number, number];
      const side = [4, 8, 16, 32][(3 * out + width + 2 * batch) % 4] as number;
      return { ...shapes, attributes: { ...BLOCK, ...attributes, rows: Math.min(out, side), columns: Math.min(width, side) } };
    },
  },
});
