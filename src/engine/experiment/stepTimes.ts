import type { MetricRows } from './events.ts';

/** Milliseconds that a measurement of step times lasts at least. */
const JOINED_MS = 25;

/** Steps that were measured together. */
export interface JoinedTime {
  steps: number;
  ms: number;
}

/** Joins measurements of slices, one after another. */
export interface TimeJoin {
  /** Adds one; gives those joined so far as soon as they last as long as JOINED_MS. */
  add(steps: number, ms: number): JoinedTime | undefined;
  /** What was not given yet: too short to tell much. */
  rest(): JoinedTime;
}

/**
 * Joins measurements until they last long enough to be true: a queue tells of several submits at once, and the first then
 * seems to take the time of all, the others none.
 */
export function createTimeJoin(): TimeJoin {
  let group: JoinedTime = { steps: 0, ms: 0 };
  const take = (): JoinedTime => {
    const taken = group;
    group = { steps: 0, ms: 0 };
    return taken;
  };
  return {
    add(steps, ms) {
      group.steps += steps;
      group.ms += ms;
      return group.ms >= JOINED_MS ? take() : undefined;
    },
    rest: () => group,
  };
}

/** Measurements of a `time` table, joined: a row tells the mean over the steps since the row before. */
export function joinedTimes(steps: ArrayLike<number>, stepMs: ArrayLike<number>, fromStep: number): JoinedTime[] {
  const join = createTimeJoin();
  const found: JoinedTime[] = [];
  let before = fromStep;
  for (let i = 0; i < steps.length; i++) {
    const at = steps[i] as number;
    const n = Math.max(1, at - before);
    before = at;
    const joined = join.add(n, n * (stepMs[i] ?? 0));
    if (joined) found.push(joined);
  }
  // What is left is too short to tell anything, unless it is all there is.
  const rest = join.rest();
  return found.length > 0 || rest.steps === 0 ? found : [rest];
}

/** Milliseconds of each step that was measured, from all `time` rows of a run that began at `fromStep`. */
export function stepTimes(rows: readonly MetricRows[], fromStep: number): number[] {
  const time = rows.filter(({ table }) => table === 'time');
  const steps = time.flatMap(({ step }) => [...step]);
  const stepMs = time.flatMap(({ columns }) => [...(columns.stepMs ?? [])]);
  return joinedTimes(steps, stepMs, fromStep).flatMap((joined) => new Array<number>(joined.steps).fill(joined.ms / joined.steps));
}

/** The middle of the step times, each step counted once, and how many steps there were; undefined where nothing was measured. */
export function medianStepMs(joined: readonly JoinedTime[]): { stepMs: number; n: number } | undefined {
  const sorted = joined.map(({ steps, ms }) => ({ steps, stepMs: ms / steps })).sort((a, b) => a.stepMs - b.stepMs);
  const n = sorted.reduce((sum, { steps }) => sum + steps, 0);
  if (n === 0) return undefined;
  const at = (rank: number): number => {
    let seen = 0;
    return sorted.find(({ steps }) => (seen += steps) > rank)?.stepMs ?? 0;
  };
  return { n, stepMs: (at((n - 1) >> 1) + at(n >> 1)) / 2 };
}
