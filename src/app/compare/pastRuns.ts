import { create } from 'zustand';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { RUN_LOOKS } from './looks.ts';
import { pastRunOf, type PastRun } from './pastRun.ts';

/** A past run with what the reader did to it. */
export interface ListedRun extends PastRun {
  note: string;
  /** Number of its colour, dash and marker while it is drawn; null while it is hidden. */
  look: number | null;
  /** What it was trained for, where that was a comparison. */
  purpose: string | null;
}

/** The runs of this session. */
export interface PastRunStore {
  /** Oldest first. */
  runs: readonly ListedRun[];
  /** The run that all others are compared with; null compares each with the one before it. */
  baseline: string | null;
  /** The run deleted last, and its place, until another is. */
  deleted: { run: ListedRun; place: number; wasBaseline: boolean } | null;
  /** How many of the oldest went because there was no room. */
  forgotten: number;
}

/** What past runs may take. */
export const PAST_RUN_LIMITS = { runs: 120, bytes: 48 * 2 ** 20 };

/** The store of past runs. */
export const usePastRuns = create<PastRunStore>()(() => ({ runs: [], baseline: null, deleted: null, forgotten: 0 }));

/**
 * Keeps a run that is over. One with the same numbers as a run that is there takes its place, note and look. Where there
 * are too many, or too large ones, the oldest go; never the baseline.
 * @param purpose the comparison that it was trained for: such runs are hidden at first
 */
export function keepRun(log: RunLog, purpose: string | null = null, limits = PAST_RUN_LIMITS): PastRun {
  const run = pastRunOf(log);
  usePastRuns.setState(({ runs, baseline, forgotten }) => {
    const same = runs.find(({ id }) => id === run.id);
    const others = runs.filter(({ id }) => id !== run.id);
    const look = same?.look ?? (purpose === null ? freeLook(others) : null);
    const kept = within([...others, { ...run, note: same?.note ?? '', purpose, look }], baseline, limits);
    return { runs: kept, forgotten: forgotten + others.length + 1 - kept.length };
  });
  return run;
}

function within(runs: readonly ListedRun[], baseline: string | null, limits: typeof PAST_RUN_LIMITS): ListedRun[] {
  const kept = [...runs];
  const tooMuch = (): boolean => kept.length > limits.runs || kept.reduce((sum, { bytes }) => sum + bytes, 0) > limits.bytes;
  while (kept.length > 1 && tooMuch()) {
    const oldest = kept.findIndex(({ id }) => id !== baseline);
    // The newest stays, so that a run never vanishes as it ends.
    if (oldest === -1 || oldest === kept.length - 1) break;
    kept.splice(oldest, 1);
  }
  return kept;
}

/** The first look that no drawn run has; null where all are taken. */
function freeLook(runs: readonly ListedRun[]): number | null {
  const taken = new Set(runs.map(({ look }) => look));
  const free = RUN_LOOKS.findIndex((_, look) => !taken.has(look));
  return free === -1 ? null : free;
}

function change(id: string, changed: (run: ListedRun, runs: readonly ListedRun[]) => Partial<ListedRun>): void {
  usePastRuns.setState(({ runs }) => ({ runs: runs.map((run) => (run.id === id ? { ...run, ...changed(run, runs) } : run)) }));
}

/** Draws a run, or hides it. Nothing happens where as many are drawn as can be told apart. */
export function toggleShown(id: string): void {
  change(id, (run, runs) => ({ look: run.look === null ? freeLook(runs) : null }));
}

/** Writes a note to a run. */
export function setNote(id: string, note: string): void {
  change(id, () => ({ note }));
}

/** Compares all runs with this one; asked for once more, each with the one before it again. */
export function toggleBaseline(id: string): void {
  usePastRuns.setState(({ baseline }) => ({ baseline: baseline === id ? null : id }));
}

/** Deletes a run; `undoDelete` brings the last one back. */
export function deleteRun(id: string): void {
  usePastRuns.setState(({ runs, baseline }) => {
    const place = runs.findIndex((run) => run.id === id);
    const run = runs[place];
    if (!run) return {};
    return { runs: runs.filter((other) => other !== run), deleted: { run, place, wasBaseline: baseline === id }, baseline: baseline === id ? null : baseline };
  });
}

/** Brings back the run that was deleted last, to its place. */
export function undoDelete(): void {
  usePastRuns.setState(({ runs, deleted, baseline }) => {
    if (!deleted || runs.some(({ id }) => id === deleted.run.id)) return { deleted: null };
    // Its look may have gone to another run meanwhile.
    const look = runs.some((run) => run.look === deleted.run.look) ? null : deleted.run.look;
    return { runs: runs.toSpliced(deleted.place, 0, { ...deleted.run, look }), deleted: null, baseline: deleted.wasBaseline && baseline === null ? deleted.run.id : baseline };
  });
}

/** The run that another is compared with in its Changes: the baseline, or the one before it; undefined for the first. */
export function comparedWith(runs: readonly ListedRun[], baseline: string | null, run: ListedRun): ListedRun | undefined {
  return runs.find(({ id }) => id === baseline) ?? runs[runs.indexOf(run) - 1];
}
