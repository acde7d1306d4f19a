import type { Trace, Value } from '../gpu/trace.ts';
import { clearMasked } from '../kernels/mask.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import type { LayerProduct, ProductOf } from '../nn/products.ts';
import type { Tape } from '../ops/tape.ts';

/**
 * How masked layers are stored and multiplied: `masked` multiplies all weights, those outside the mask being 0; `csr`
 * goes through an index of the active ones. Both give the same bits.
 */
export const FORMATS = ['masked', 'csr'] as const;
export type Format = (typeof FORMATS)[number];

/** What a phase may ask for: one format for all layers, or for each layer the one that takes less time on this device. */
export const STORAGES = [...FORMATS, 'auto'] as const;
export type Storage = (typeof STORAGES)[number];

/** A format with an index of the active weights, kept in the State buffer that `indexName` names. */
export interface IndexedFormat {
  /** Records what makes the index of a layer anew from its mask. */
  traceIndex(trace: Trace, layout: Pick<ParamLayout, 'masked'>, layer: ParamTensor): void;
  /** The product of a layer. @param denseGradient compute the gradient of all weights, as methods need that grow by it */
  product(tape: Tape, layout: Pick<ParamLayout, 'masked'>, layer: ParamTensor, denseGradient: boolean): LayerProduct;
}

/** How each format with an index comes to be: its code is loaded by runs that ask for it. A new format is one file and one line here. */
const INDEXED: Readonly<Record<Exclude<Format, 'masked'>, () => Promise<IndexedFormat>>> = {
  csr: async () => (await import('./formats/csr.ts')).csr,
};

/** Formats with an index that are loaded. */
export type IndexedFormats = ReadonlyMap<Format, IndexedFormat>;

/** Loads what phases of these storages need. */
export async function loadFormats(storages: readonly Storage[]): Promise<IndexedFormats> {
  const needed = FORMATS.filter((format): format is keyof typeof INDEXED => format !== 'masked' && (storages.includes(format) || storages.includes('auto')));
  return new Map(await Promise.all(needed.map(async (format) => [format, await INDEXED[format]()] as const)));
}

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

/** How the layers of a network are stored, and the formats that it takes. */
export interface LayerStorage {
  format: FormatOf;
  indexed: IndexedFormats;
}

/** Records what makes the indexes of layers anew from their masks; nothing for those that are `masked`. */
export function traceIndexes(trace: Trace, layout: Pick<ParamLayout, 'layers' | 'masked'>, { format, indexed }: LayerStorage): void {
  for (const layer of indexedLayers(layout, format)) indexed.get(format(layer.name))?.traceIndex(trace, layout, layer);
}

/** The products of the layers that are stored sparsely. */
export function sparseProducts(tape: Tape, layout: ParamLayout, { format, indexed }: LayerStorage, denseGradient: boolean): ProductOf {
  return (name) => {
    const layer = indexedLayers(layout, format).find((l) => l.name === name);
    return layer && indexed.get(format(name))?.product(tape, layout, layer, denseGradient);
  };
}

/** Records what a State needs after its masks were written from outside: zeros outside of them, and their indexes. */
export function traceSettle(trace: Trace, layout: ParamLayout, slotCount: number, storage: LayerStorage): void {
  if (layout.layers.length === 0) return;
  const { n, masked } = layout;
  trace.dispatch(clearMasked, {
    label: 'zeros outside the masks', params: { words: masked / 32, slots: slotCount, slot_stride: n },
    bind: { mask: maskOf(trace, layout), weights: trace.view(trace.state('params', 'f32', n), 'maskable weights', 0, [masked]), slots: trace.state('slots', 'f32', n * slotCount) },
  });
  traceIndexes(trace, layout, storage);
}
