import type { Answers, ArmId } from './events.ts';
import { spreadOverSteps } from './thinning.ts';

interface Entry {
  step: number;
  bytes: Uint8Array;
  /** How far the bytes are from those before them: what thinning looks at. */
  change: number;
}

/** What one arm answered to the probe, over time. */
export interface AnswerHistory {
  arm: ArmId;
  entries: Entry[];
  bytes: number;
}

/** How much a history may hold. */
export interface AnswerLimits {
  entries: number;
  bytes: number;
}

/** What a run on a page may keep for one arm: 227 pictures of a plane, more than a scrubber has places for. */
export const ANSWER_LIMITS: AnswerLimits = { entries: 1024, bytes: 2 ** 19 };

/** A history without answers. */
export function createAnswerHistory(arm: ArmId): AnswerHistory {
  return { arm, entries: [], bytes: 0 };
}

/** Adds answers; those behind the newest step in time are left out, those at it take its place. Thins the history where it gets too large. */
export function addAnswers(history: AnswerHistory, { step, bytes }: Answers, limits = ANSWER_LIMITS): void {
  const last = history.entries.at(-1);
  if (last && step < last.step) return;
  if (last?.step === step) history.bytes -= (history.entries.pop() as Entry).bytes.length;
  push(history, step, bytes);
  if (history.bytes > limits.bytes || history.entries.length > limits.entries) thinAnswers(history, Math.min(limits.entries, (limits.bytes * history.entries.length) / history.bytes) / 2);
}

function push(history: AnswerHistory, step: number, bytes: Uint8Array): void {
  const before = history.entries.at(-1)?.bytes;
  const change = before ? bytes.reduce((sum, byte, i) => sum + Math.abs(byte - (before[i] ?? 0)), 0) : 0;
  history.entries.push({ step, bytes, change });
  history.bytes += bytes.length;
}

/** Thins a history to at most `count` answers, but not below three: the first and the last stay, and those that changed most at once; of windows of equally many steps the last ones. */
export function thinAnswers(history: AnswerHistory, count: number): void {
  const { entries } = history;
  if (entries.length <= count) return;
  const boldest = entries.reduce((top, entry, i) => (entry.change > (entries[top] as Entry).change ? i : top), 0);
  const thinned = createAnswerHistory(history.arm);
  for (const i of spreadOverSteps(entries, count, [boldest])) push(thinned, (entries[i] as Entry).step, (entries[i] as Entry).bytes);
  Object.assign(history, thinned);
}
