import type { MasksSpec } from '../../experiment/experiment.ts';
import type { Trace } from '../../gpu/trace.ts';
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

/** A format with an index of the active weights, kept in a State buffer of its own for each layer. */
export interface IndexedFormat {
  /** Records what makes the index of a layer anew from its mask. */
  traceIndex(trace: Trace, layout: IndexedLayout, layer: ParamTensor): void;
  /** The product of a layer. @param denseGradient compute the gradient of all weights, as methods need that grow by it */
  product(tape: Tape, layout: IndexedLayout, layer: ParamTensor, denseGradient: boolean): LayerProduct;
}

/** How each format with an index comes to be: its code is loaded by runs that ask for it. A new format is one file and one line here. */
const INDEXED: Readonly<Record<Exclude<Format, 'masked'>, () => Promise<IndexedFormat>>> = {
  csr: async () => (await import('./csr.ts')).csr,
  block: async () => (await import('./block.ts')).block,
  nm: async () => (await import('./nm.ts')).nm,
};

/** What masks switch, as far as formats care. */
type Unit = Pick<MasksSpec, 'granularity' | 'axis'>;

/** Formats that need masks of a kind, and what has to be set for them. */
const NEEDS: Partial<Record<Storage, { fits(unit: Unit): boolean; wanted: string; set: string }>> = {
  block: { fits: ({ granularity }) => granularity === 'block', wanted: 'masks that switch blocks', set: 'Set it to block' },
  nm: { fits: ({ granularity, axis }) => granularity === 'nm' && axis !== 'out', wanted: 'masks that keep N of M inputs', set: 'Set it to nm, and masks.axis to in or both' },
};

const fits = (format: Storage, unit: Unit): boolean => NEEDS[format]?.fits(unit) ?? true;

/** The formats that layers of a network can have. */
export function formatsFor({ groups, pattern }: Pick<ParamLayout, 'groups' | 'pattern'>): readonly Format[] {
  const unit: Unit = { granularity: pattern ? 'nm' : groups?.unit ?? 'weight', axis: pattern?.axis ?? 'in' };
  return FORMATS.filter((format) => fits(format, unit));
}

/** @throws Error where a phase asks for a format that the masks do not fit, and what to change. */
export function refuseStorage(masks: Unit, storages: readonly Storage[]): void {
  const refused = storages.find((storage) => !fits(storage, masks));
  if (refused === undefined) return;
  const others = STORAGES.filter((storage) => fits(storage, masks)).join(', ');
  throw new Error(`The storage ${refused} needs ${NEEDS[refused]?.wanted}, but masks.granularity is ${masks.granularity}${masks.granularity === 'nm' ? ` along ${masks.axis}` : ''}. ${NEEDS[refused]?.set}, or take another storage: ${others}.`);
}

/** Formats with an index that are loaded. */
export type IndexedFormats = ReadonlyMap<Format, IndexedFormat>;

/** Loads what phases of these storages need. */
export async function loadFormats(storages: readonly Storage[]): Promise<IndexedFormats> {
  const needed = FORMATS.filter((format): format is keyof typeof INDEXED => format !== 'masked' && (storages.includes(format) || storages.includes('auto')));
  return new Map(await Promise.all(needed.map(async (format) => [format, await INDEXED[format]()] as const)));
}
