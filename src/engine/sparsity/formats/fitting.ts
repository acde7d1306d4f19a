import type { MasksSpec } from '../../experiment/experiment.ts';
import type { ParamLayout } from '../../nn/layout.ts';
import { type Format, FORMATS, type Storage, STORAGES } from './index.ts';

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
