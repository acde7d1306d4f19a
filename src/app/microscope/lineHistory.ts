import { snapshotNumber, type MaskHistory } from '../../engine/experiment/maskHistory.ts';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { slotCount, weightAt, type Lens } from './lens.ts';

/** A line of a layer over time. */
export interface LineHistory {
  /** For each snapshot read, 1 for each slot that its mask keeps. */
  rows: Uint8Array[];
  steps: number[];
  /** What this was read from: thinning replaces it. */
  source: MaskHistory['entries'];
  lens: Lens;
  line: number;
}

/** Reads a line up to a step; goes on from what was read before where it is the same line and the step is later. @param before what this returned last, which is changed in place */
export function lineHistoryAt(history: MaskHistory, layer: LayerFacts, { lens, line, step }: { lens: Lens; line: number; step: number }, before?: LineHistory): LineHistory {
  const goesOn = before && before.source === history.entries && before.lens === lens && before.line === line && (before.steps.at(-1) ?? 0) <= step;
  const read: LineHistory = goesOn ? before : { rows: [], steps: [], source: history.entries, lens, line };
  while (read.rows.length < history.entries.length && (read.rows.length === 0 || history.entries[read.rows.length]!.step <= step)) {
    const snapshot = snapshotNumber(history, read.rows.length)!;
    read.rows.push(Uint8Array.from({ length: slotCount(lens) }, (_, slot) => {
      const bit = weightAt(lens, line, slot);
      return (snapshot.mask[layer.wordOffset + (bit >>> 5)]! >>> (bit & 31)) & 1;
    }));
    read.steps.push(snapshot.step);
  }
  return read;
}

/** What a slot did in a stretch of updates: out or kept all the time, or changed and then kept or out. */
export const STRETCH = { out: 0, kept: 1, entered: 2, left: 3 } as const;

/** Consecutive updates that are drawn as one row. */
export interface Stretch {
  /** Steps of its first and last snapshot. */
  from: number;
  to: number;
  /** A code of STRETCH for each slot. */
  codes: Uint8Array;
}

/** A history in at most `most` rows of equally many updates, the newest first: a change within a row shows, whatever came after it. */
export function stretches({ rows, steps }: Pick<LineHistory, 'rows' | 'steps'>, most: number): Stretch[] {
  const each = Math.max(1, Math.ceil(rows.length / most));
  const found: Stretch[] = [];
  for (let end = rows.length; end > 0; end -= each) {
    const start = Math.max(0, end - each);
    const last = rows[end - 1]!;
    const codes = Uint8Array.from(last, (kept, slot) => {
      let changed = false;
      for (let i = Math.max(1, start); i < end; i++) changed ||= rows[i]![slot] !== rows[i - 1]![slot];
      return kept ? (changed ? STRETCH.entered : STRETCH.kept) : changed ? STRETCH.left : STRETCH.out;
    });
    found.push({ from: steps[start]!, to: steps[end - 1]!, codes });
  }
  return found;
}
