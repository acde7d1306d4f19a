import type { MetricRows } from './events.ts';

/** Milliseconds that a measurement of step times lasts at least. */
const JOINED_MS = 25;

/**
 * Milliseconds of each step that was measured. A row tells the mean over the steps since the row before; rows are joined
 * until they last as long as JOINED_MS, because a queue tells of several submits at once: the first then seems to take
 * the time of all, the others none.
 */
export function stepTimes(rows: readonly MetricRows[], fromStep: number): number[] {
  const times: number[] = [];
  let before = fromStep;
  let group = { steps: 0, ms: 0 };
  const close = (): void => {
    const { steps, ms } = group;
    for (let i = 0; i < steps; i++) times.push(ms / steps);
    group = { steps: 0, ms: 0 };
  };
  for (const { table, step, columns } of rows) {
    if (table !== 'time') continue;
    step.forEach((at, i) => {
      const steps = Math.max(1, at - before);
      before = at;
      group = { steps: group.steps + steps, ms: group.ms + steps * (columns.stepMs?.[i] ?? 0) };
      if (group.ms >= JOINED_MS) close();
    });
  }
  // What is left is too short to tell anything, unless it is all there is.
  if (times.length === 0) close();
  return times;
}
