import type { Flips } from '../mask/flips.ts';
import { MASK_STATES, STATE_WORDS } from '../mask/states.ts';
import { formatCount, formatPercent, formatValue, plural } from '../text/numbers.ts';
import type { Group, Slot } from './groups.ts';
import type { Lens } from './lens.ts';

/** `2:4`. */
export const patternWords = ({ n, m }: { n: number; m: number }): string => `${n}:${m}`;

/** The line, in words: `output 12`, or `outputs 8 to 15` where these share a pattern. */
export function lineWords(lens: Lens, line: number, lines: number): string {
  const what = lens.along === 'in' ? 'output' : 'input';
  const first = line * lens.share;
  return lines > 1 ? `${what}s ${formatCount(first)} to ${formatCount(first + lines - 1)}` : `${what} ${formatCount(first)}`;
}

/** What is known of a slot. */
export interface SlotReading {
  lens: Lens;
  line: number;
  lines: number;
  group: Group;
  slot: Slot;
  /** Code of its state in the log; undefined for a mask that is not there. */
  code: number | undefined;
  flips: Flips | undefined;
  /** What the other of two masks does with it. */
  other?: { name: string; kept: boolean } | undefined;
}

/** Place, weight, score and rank, margin, and history of a slot, a sentence or two a line. */
export function slotLines({ lens, line, lines, group, slot, code, flips, other }: SlotReading): string[] {
  const across = lens.along === 'in' ? 'input' : 'output';
  const state = code === undefined ? (slot.kept ? 'kept' : 'left out') : STATE_WORDS[MASK_STATES[code] ?? 'never'].label;
  const words = lineWords(lens, line, lines);
  return [
    `${words[0]!.toUpperCase()}${words.slice(1)}, ${across} ${formatCount(slot.slot)}, in group ${formatCount(group.group)}: ${state}.`,
    ...valueLines(lens, group, slot),
    ...(slot.next ? [`Chosen now, it ${slot.next === 'enters' ? 'would enter' : 'would leave'}.`] : []),
    ...(other ? [`The ${other.name} mask ${other.kept ? 'keeps it, too' : 'leaves it out'}.`] : []),
    ...(flips ? [sinceWords(flips, slot)] : []),
  ];
}

function valueLines(lens: Lens, group: Group, { values, score, rank, kept, distance }: Slot): string[] {
  if (score === undefined) return [];
  const [first] = values as [number];
  const scored = lens.share === 1 ? `Weight ${formatValue(first)}, score |w| ${formatValue(score)}` : `${formatCount(values.length)} weights, ${lens.score === 'max' ? 'largest' : 'mean'} |w| ${formatValue(score)}`;
  const margin = distance === undefined ? '' : ` ${distanceWords(kept, distance, group.cut.kept)}`;
  return [`${scored}, rank ${rank} of ${group.slots.length}.${margin}`];
}

function distanceWords(kept: boolean, distance: number, least: number | undefined): string {
  const share = least ? ` (${formatPercent(Math.abs(distance) / least, 0)})` : '';
  if (distance < 0) return `${kept ? 'Smaller than the largest left out' : 'Larger than the smallest kept'} by ${formatValue(-distance)}${share}.`;
  return `Margin ${formatValue(distance)}${share} ${kept ? 'above the largest left out' : 'below the smallest kept'}.`;
}

function sinceWords(flips: Flips, { weight, kept }: Slot): string {
  const count = flips.entered[weight]! + flips.left[weight]!;
  const { step, update } = flips.marks[flips.changed[weight]!] ?? { step: 0, update: 0 };
  const since = count === 0 ? 'since the start' : `since step ${formatCount(step)} (update ${formatCount(update)})`;
  return `${kept ? 'Kept' : 'Left out'} ${since}; ${flips.gaps ? 'at least ' : ''}${plural(count, 'flip')} so far.`;
}

/** The margin of a group, as short as it stands above it. */
export function marginWords(margin: number | undefined): string {
  return margin === undefined ? '' : formatPercent(margin, 0).replace('-', '−');
}
