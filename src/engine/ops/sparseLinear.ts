import { csrCount, csrFill, csrForward, csrIndexLength, csrInputGradient, csrScan, csrWalkers, csrWeightGradient } from '../kernels/csr.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { coverShapes, type Indexed, type IndexedLayer, indexedLinear } from './indexedLinear.ts';

/** Records the three dispatches that make the index of a layer's mask. `mask` holds the layer's bits from `first` on. */
export function traceCsrIndex(trace: Trace, layer: IndexedLayer, mask: Value, index: Value): void {
  const size = { out_size: layer.out, in_size: layer.in };
  const lines = { ...size, first: layer.first };
  trace.dispatch(csrCount, { label: `index ${layer.name}: count`, params: lines, bind: { mask, index } });
  trace.dispatch(csrScan, { label: `index ${layer.name}: add up`, params: size, bind: { index } });
  trace.dispatch(csrFill, { label: `index ${layer.name}: entries`, params: lines, bind: { mask, index } });
}

const CSR: Indexed = { activation: 'none', bias: false, index: '', first: 0, denseGradient: false };

/** Y (out, batch) = act(W X + bias) where only the weights of the mask count; inputs and bits as `indexedLinear` says. */
export const sparseLinear = indexedLinear<Indexed>('sparseLinear', {
  indexLength: (layer) => csrIndexLength(layer.out, layer.in),
  index: traceCsrIndex,
  forward: (trace, product) => trace.dispatch(csrForward, product),
  inputGradient: (trace, product) => trace.dispatch(csrInputGradient, product),
  weightGradient: (trace, { params, ...product }) => trace.dispatch(csrWeightGradient, { ...product, params: { ...params, walkers: csrWalkers(params.out_size, params.in_size) } }),
  kept: (weight, mask) => weight.map((v, i) => (mask[i] === 0 ? 0 : v)),
}, {
  cases: [
    { name: 'plain', shapes: [[5, 7], [3, 5], [3, 5]], bits: [2], attributes: CSR },
    { name: 'bias', shapes: [[16, 17], [7, 16], [7, 16], [7]], bits: [2], attributes: { ...CSR, bias: true } },
    { name: 'tanh', shapes: [[33, 66], [12, 33], [12, 33], [12]], bits: [2], attributes: { ...CSR, activation: 'tanh', bias: true } },
    { name: 'one of everything', shapes: [[1, 1], [1, 1], [1, 1], [1]], bits: [2], attributes: { ...CSR, bias: true } },
  ],
  cover: {
    free: 3,
    at(sizes) {
      const { attributes, ...shapes } = coverShapes(sizes);
      return { ...shapes, attributes: { ...CSR, ...attributes } };
    },
  },
});
