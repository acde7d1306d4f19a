import type { MasksSpec } from '../../experiment/experiment.ts';
import type { Trace } from '../../gpu/trace.ts';
import type { ParamLayout, ParamTensor } from '../../nn/layout.ts';
import type { LayerProduct } from '../../nn/products.ts';
import type { Tape } from '../../ops/tape.ts';

/**
 * How masked layers are stored and multiplied: `masked` multiplies all weights, those outside the mask being 0; `csr`
 * goes through an index of the active ones, `block` through one of the active blocks. All give the same bits.
 */
export const FORMATS = ['masked', 'csr', 'block'] as const;
export type Format = (typeof FORMATS)[number];

/** What a phase may ask for: one format for all layers, or for each layer the one that takes less time on this device. */
export const STORAGES = [...FORMATS, 'auto'] as const;
export type Storage = (typeof STORAGES)[number];

/** A format with an index of the active weights, kept in a State buffer of its own for each layer. */
export interface IndexedFormat {
  /** Records what makes the index of a layer anew from its mask. */
  traceIndex(trace: Trace, layout: Pick<ParamLayout, 'masked' | 'groups'>, layer: ParamTensor): void;
  /** The product of a layer. @param denseGradient compute the gradient of all weights, as methods need that grow by it */
  product(tape: Tape, layout: Pick<ParamLayout, 'masked' | 'groups'>, layer: ParamTensor, denseGradient: boolean): LayerProduct;
}

/** How each format with an index comes to be: its code is loaded by runs that ask for it. A new format is one file and one line here. */
const INDEXED: Readonly<Record<Exclude<Format, 'masked'>, () => Promise<IndexedFormat>>> = {
  csr: async () => (await import('./csr.ts')).csr,
  block: async () => (await import('./block.ts')).block,
};

/** The formats that layers can have whose masks switch such units. */
export function formatsFor(unit: MasksSpec['granularity']): readonly Format[] {
  return FORMATS.filter((format) => format !== 'block' || unit === 'block');
}

/** @throws Error where a phase asks for a format that the masks do not fit, and what to change. */
export function refuseStorage({ granularity }: MasksSpec, storages: readonly Storage[]): void {
  if (granularity === 'block' || !storages.includes('block')) return;
  throw new Error(`The storage block needs masks that switch blocks, but masks.granularity is ${granularity}. Set it to block, or take another storage: ${[...formatsFor(granularity), 'auto'].join(', ')}.`);
}

/** Formats with an index that are loaded. */
export type IndexedFormats = ReadonlyMap<Format, IndexedFormat>;

/** Loads what phases of these storages need. */
export async function loadFormats(storages: readonly Storage[]): Promise<IndexedFormats> {
  const needed = FORMATS.filter((format): format is keyof typeof INDEXED => format !== 'masked' && (storages.includes(format) || storages.includes('auto')));
  return new Map(await Promise.all(needed.map(async (format) => [format, await INDEXED[format]()] as const)));
}
