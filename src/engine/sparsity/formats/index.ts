import type { Trace, Value } from '../../gpu/trace.ts';
import type { ParamLayout, ParamTensor } from '../../nn/layout.ts';
import type { LayerProduct } from '../../nn/products.ts';
import type { Tape } from '../../ops/tape.ts';

/**
 * How masked layers are stored and multiplied: `masked` multiplies all weights, those outside the mask being 0; `csr`
 * goes through an index of the active ones, `block` through one of the active blocks, `nm` through N of every M side by
 * side. All give the same bits.
 */
export const FORMATS = ['masked', 'csr', 'block', 'nm'] as const;
export type Format = (typeof FORMATS)[number];

/** What a phase may ask for: one format for all layers, or for each layer the one that takes less time on this device. */
export const STORAGES = [...FORMATS, 'auto'] as const;
export type Storage = (typeof STORAGES)[number];

/** What a format with an index knows of a network. */
export type IndexedLayout = Pick<ParamLayout, 'masked' | 'groups' | 'pattern'>;

/** What a product is to do: compute the gradient of all weights, as methods need that grow by it or train all; and have its input gradient go through a mask of its own, which only `nm` can. */
export interface ProductWants {
  denseGradient: boolean;
  backward: boolean;
}

/** A format with an index of the active weights, kept in a State buffer of its own for each layer. */
export interface IndexedFormat {
  /** Records what makes the index of a layer anew from its mask. @param backward the mask of its input gradient, where that is another one */
  traceIndex(trace: Trace, layout: IndexedLayout, layer: ParamTensor, backward: Value | undefined): void;
  /** The product of a layer. */
  product(tape: Tape, layout: IndexedLayout, layer: ParamTensor, wants: ProductWants): LayerProduct;
}

/** How each format with an index comes to be: its code is loaded by runs that ask for it. A new format is one file and one line here. */
const INDEXED: Readonly<Record<Exclude<Format, 'masked'>, () => Promise<IndexedFormat>>> = {
  csr: async () => (await import('./csr.ts')).csr,
  block: async () => (await import('./block.ts')).block,
  nm: async () => (await import('./nm.ts')).nm,
};

/** Formats with an index that are loaded. */
export type IndexedFormats = ReadonlyMap<Format, IndexedFormat>;

/** Loads what phases of these storages need. */
export async function loadFormats(storages: readonly Storage[]): Promise<IndexedFormats> {
  const needed = FORMATS.filter((format): format is keyof typeof INDEXED => format !== 'masked' && (storages.includes(format) || storages.includes('auto')));
  return new Map(await Promise.all(needed.map(async (format) => [format, await INDEXED[format]()] as const)));
}
