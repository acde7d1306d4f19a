import type { Trace, Value } from '../gpu/trace.ts';
import { csrIndexLength } from '../kernels/csr.ts';
import { clearMasked } from '../kernels/mask.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import { traceCsrIndex } from '../ops/sparseLinear.ts';
import type { Method } from './method.ts';

/**
 * How masked layers are stored and multiplied: `masked` multiplies all weights, those outside the mask being 0; `csr`
 * goes through an index of the active ones. Both give the same bits.
 */
export const FORMATS = ['masked', 'csr'] as const;
export type Format = (typeof FORMATS)[number];

/** What a phase may ask for: one format for all layers, or for each layer the one that takes less time on this device. */
export const STORAGES = [...FORMATS, 'auto'] as const;
export type Storage = (typeof STORAGES)[number];

/** How the layer with a weight of this name is stored. */
export type FormatOf = (weight: string) => Format;

/** As the phase asks; under `auto` as was chosen, and masked where nothing was. */
export function formatOf(storage: Storage, chosen: ReadonlyMap<string, Format>): FormatOf {
  return (weight) => (storage === 'auto' ? chosen.get(weight) ?? 'masked' : storage);
}

/** State buffer with the index of a layer's mask. */
export const indexName = (layer: Pick<ParamTensor, 'name'>): string => `index ${layer.name}`;

/** The layers that can be stored in any format: matrices. Filters of convolutions are always masked. */
export const storable = ({ layers }: Pick<ParamLayout, 'layers'>): readonly ParamTensor[] => layers.filter(({ shape }) => shape.length === 2);

/** The layers that have an index. */
export const indexedLayers = (layout: Pick<ParamLayout, 'layers'>, format: FormatOf): readonly ParamTensor[] => storable(layout).filter(({ name }) => format(name) !== 'masked');

/** The mask bits of all layers, at the beginning of the State buffer `masks`. */
export function maskOf(trace: Trace, { masked }: Pick<ParamLayout, 'masked'>): Value {
  return trace.view(trace.state('masks', 'bits', 4 * masked), 'mask', 0, [masked]);
}

/** Records what makes the indexes of layers anew from their masks; nothing for those that are `masked`. */
export function traceIndexes(trace: Trace, layout: Pick<ParamLayout, 'layers' | 'masked'>, format: FormatOf): void {
  for (const layer of indexedLayers(layout, format)) {
    const [out, width] = layer.shape as readonly [number, number];
    traceCsrIndex(trace, { name: layer.name, out, in: width, first: layer.offset }, maskOf(trace, layout), trace.state(indexName(layer), 'u32', csrIndexLength(out, width)));
  }
}

/** Records what a State needs after its masks were written from outside: zeros outside of them, and their indexes. */
export function traceSettle(trace: Trace, layout: ParamLayout, slotCount: number, format: FormatOf): void {
  if (layout.layers.length === 0) return;
  const { n, masked } = layout;
  trace.dispatch(clearMasked, {
    label: 'zeros outside the masks', params: { words: masked / 32, slots: slotCount, slot_stride: n },
    bind: { mask: maskOf(trace, layout), weights: trace.view(trace.state('params', 'f32', n), 'maskable weights', 0, [masked]), slots: trace.state('slots', 'f32', n * slotCount) },
  });
  traceIndexes(trace, layout, format);
}

/** True for methods that grow by the gradient, which they then need outside the mask too. */
export function growsByGradient({ update }: Pick<Method, 'update'>): boolean {
  let found = false;
  update?.({ drop: () => undefined, grow: (score) => (found ||= score === 'gradient') });
  return found;
}
