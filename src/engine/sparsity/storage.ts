import type { Trace, Value } from '../gpu/trace.ts';
import { csrIndexLength } from '../kernels/csr.ts';
import { clearMasked } from '../kernels/mask.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import { traceCsrIndex } from '../ops/sparseLinear.ts';

/**
 * How masked layers are stored and multiplied: `masked` multiplies all weights, those outside the mask being 0; `csr`
 * goes through an index of the active ones. Both give the same bits.
 */
export const FORMATS = ['masked', 'csr'] as const;
export type Format = (typeof FORMATS)[number];

/** State buffer with the index of a layer's mask. */
export const indexName = (layer: Pick<ParamTensor, 'name'>): string => `index ${layer.name}`;

/** The mask bits of all layers, at the beginning of the State buffer `masks`. */
export function maskOf(trace: Trace, { masked }: Pick<ParamLayout, 'masked'>): Value {
  return trace.view(trace.state('masks', 'bits', 4 * masked), 'mask', 0, [masked]);
}

/** Records what makes the indexes of all layers anew from their masks; nothing for `masked`. */
export function traceIndexes(trace: Trace, layout: ParamLayout, format: Format): void {
  if (format === 'masked') return;
  for (const layer of layout.layers) {
    const [out, width] = layer.shape as readonly [number, number];
    traceCsrIndex(trace, { name: layer.name, out, in: width, first: layer.offset }, maskOf(trace, layout), trace.state(indexName(layer), 'u32', csrIndexLength(out, width)));
  }
}

/** Records what a State needs after its masks were written from outside: zeros outside of them, and their indexes. */
export function traceSettle(trace: Trace, layout: ParamLayout, slotCount: number, format: Format): void {
  if (layout.layers.length === 0) return;
  const { n, masked } = layout;
  trace.dispatch(clearMasked, {
    label: 'zeros outside the masks', params: { words: masked / 32, slots: slotCount, slot_stride: n },
    bind: { mask: maskOf(trace, layout), weights: trace.view(trace.state('params', 'f32', n), 'maskable weights', 0, [masked]), slots: trace.state('slots', 'f32', n * slotCount) },
  });
  traceIndexes(trace, layout, format);
}
