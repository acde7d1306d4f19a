import { csrIndexLength } from '../../kernels/csr.ts';
import { sparseLinear, traceCsrIndex } from '../../ops/sparseLinear.ts';
import { maskOf } from '../storage.ts';
import type { ParamTensor } from '../../nn/layout.ts';
import type { IndexedFormat } from './index.ts';

/** State buffer with the index of a layer's mask. */
const indexName = (layer: ParamTensor): string => `index ${layer.name}`;

/** Products go from active weight to active weight, through lists of them by output and by input (compressed sparse rows and columns). */
export const csr: IndexedFormat = {
  traceIndex(trace, layout, layer) {
    const [out, width] = layer.shape as readonly [number, number];
    traceCsrIndex(trace, { name: layer.name, out, in: width, first: layer.offset }, maskOf(trace, layout), trace.state(indexName(layer), 'u32', csrIndexLength(out, width)));
  },
  product: (tape, layout, layer, { denseGradient }) => (x, weight, bias, activation) => tape.apply(sparseLinear, [x, weight, maskOf(tape.trace, layout), ...(bias ? [bias] : [])], {
    activation, bias: bias !== undefined, index: indexName(layer), first: layer.offset, denseGradient,
  }),
};
