import { blockLength, blockLinear, traceBlockIndex } from '../../ops/blockLinear.ts';
import type { ParamLayout, ParamTensor } from '../../nn/layout.ts';
import { maskOf } from '../storage.ts';
import type { IndexedFormat } from './index.ts';

/** State buffer with the index of a layer's blocks; not csr's, which has another length. */
const nameOf = (layer: ParamTensor): string => `blocks ${layer.name}`;

/** Rows and columns of what the mask of a layer switches; single weights where its groups are no larger. */
function shapeOf({ groups }: Pick<ParamLayout, 'groups'>, layer: ParamTensor): { rows: number; columns: number } {
  const { rows, columns } = groups?.layers.find(({ first }) => first === layer.offset) ?? { rows: 1, columns: 1 };
  return { rows, columns };
}

/** Products go from active block to active block, through lists of them by rows and by columns of blocks; all weights of a block share its place in them. */
export const block: IndexedFormat = {
  traceIndex(trace, layout, layer) {
    const [out, width] = layer.shape as readonly [number, number];
    const [size, shape] = [{ name: layer.name, out, in: width, first: layer.offset }, shapeOf(layout, layer)];
    traceBlockIndex(trace, size, maskOf(trace, layout), trace.state(nameOf(layer), 'u32', blockLength(size, shape)), shape);
  },
  product: (tape, layout, layer, { denseGradient }) => (x, weight, bias, activation) => tape.apply(blockLinear, [x, weight, maskOf(tape.trace, layout), ...(bias ? [bias] : [])], {
    activation, bias: bias !== undefined, index: nameOf(layer), first: layer.offset, denseGradient, ...shapeOf(layout, layer),
  }),
};
