import { METRICS, type ClaimArm, type Compared } from '../../engine/claims/claim.ts';
import type { RunValue } from '../../engine/claims/judge.ts';
import { createPace, stepsOf, workOf, type Pace } from '../../engine/claims/pace.ts';
import { valueOf } from '../../engine/claims/value.ts';
import { datasetCard } from '../../engine/data/cards.ts';
import type { RunEvent } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { append, createRunLog, isOver, series, type RunLog } from '../../engine/experiment/runLog.ts';
import type { TrainerClient } from '../../worker/client.ts';
import { stepTimeUpTo } from '../panels/reading.ts';
import type { PastRun } from './pastRun.ts';

/** A run of a comparison. */
export interface QueuedRun {
  arm: ClaimArm;
  seed: number;
}

/** What was measured of a network on this device. */
export interface MeasuredRate {
  stepMs: number;
  /** What a run takes beside its steps: to be made ready, and to be evaluated. */
  besideMs: number;
  /** FLOPs of a step in dense arithmetic. */
  denseFlops: number;
  adapter: string;
}

/** A run that is over, as a verdict and a plot need it. */
export interface DoneRun extends RunValue {
  experiment: Experiment;
  figures: PastRun['figures'];
  diverged: boolean;
}

/** Where a queue stands. */
export interface QueueNews {
  state: 'idle' | 'measuring' | 'running' | 'paused';
  /** The run under way, and its number among how many. */
  current: (QueuedRun & { number: number; of: number; step: number }) | null;
  share: number;
  leftMs: number | null;
}

/** What a queue needs from outside; tests put their own in its place. */
export interface QueueDependencies {
  openClient(onEvent: (event: RunEvent) => void): TrainerClient;
  dataUrl: string;
  /** Takes a run that is over into the runs of the session. */
  keep(log: RunLog, purpose: string): PastRun;
  tell(news: QueueNews): void;
  /** Milliseconds since any beginning. */
  now(): number;
}

/** Trains the runs of a comparison one after another, beside the reader's own run. */
export interface Queue {
  /** Trains each network that `arms` have for about a second, unless it was cancelled. @throws Error with a run's own words where one fails */
  measure(arms: readonly ClaimArm[]): Promise<void>;
  /**
   * Trains what is missing; gives all runs of the comparison, or null where it was cancelled.
   * @param around runs that came before or follow, as part of the same work: they count in what is told of it
   * @throws Error with a run's own words where one fails
   */
  run(compared: Compared, seeds: number, around?: { before?: readonly QueuedRun[]; after?: readonly QueuedRun[] }): Promise<DoneRun[] | null>;
  pause(): void;
  resume(): void;
  cancel(): void;
  /** What was measured of the network of an experiment. */
  rateOf(experiment: Experiment): MeasuredRate | undefined;
  /** Runs that are over already. */
  done(compared: Compared, seeds: number): DoneRun[];
}

/** How long a network is trained to be measured, and how many steps at most. */
const MEASURE_MS = 1000;
const MEASURE_STEPS = 300;

/** All runs of a comparison, seed after seed, so that every moment has as many whole seeds as can be. */
export function queuedRuns({ arms }: Pick<Compared, 'arms'>, seeds: number): QueuedRun[] {
  return Array.from({ length: seeds }, (_, i) => arms.map((arm) => ({ arm, seed: i + 1 }))).flat();
}

const withSeed = ({ arm, seed }: QueuedRun): Experiment => ({ ...arm.experiment, seed, beside: { random: false, dense: false } });
/** Tells networks apart whose steps take their own time. */
export const networkKey = ({ data, model }: Pick<Experiment, 'data' | 'model'>): string => JSON.stringify([data.set, data.batch, model]);

/** A queue without runs. */
export function createQueue({ openClient, dataUrl, keep, tell, now }: QueueDependencies): Queue {
  const rates = new Map<string, MeasuredRate>();
  const finished = new Map<string, DoneRun>();
  let hear: ((event: RunEvent) => void) | null = null;
  let end: (() => void) | null = null;
  let client: TrainerClient | null = null;
  let news: QueueNews = { state: 'idle', current: null, share: 0, leftMs: null };
  /** A clock that stands while the queue is paused. */
  let pausedMs = 0;
  let pausedAt: number | null = null;
  const clock = (): number => (pausedAt ?? now()) - pausedMs;
  const say = (change: Partial<QueueNews>): void => tell((news = { ...news, ...change }));

  /** Trains one experiment until it is over, or `enough` says so; null where it was cancelled. */
  const train = (experiment: Experiment, enough: (log: RunLog) => boolean): Promise<RunLog | null> => new Promise((resolve, reject) => {
    const log = createRunLog();
    end = () => resolve(null);
    hear = (event) => {
      // The last mask is all that is kept of it.
      if (event.type === 'masks') log.masks.clear();
      append(log, event);
      if (event.type === 'failed' || event.type === 'lost') return reject(new Error(event.message));
      if (isOver(log.status) || enough(log)) resolve(log);
    };
    client ??= openClient((event) => hear?.(event));
    client.start({ experiment, dataUrl, judged: true, paused: news.state === 'paused' });
  });

  const finish = (): void => {
    hear = end = null;
    // Its device and memory go with it.
    client?.dispose();
    client = null;
    pausedAt = null;
    say({ state: 'idle', current: null, leftMs: null });
  };

  const measureOne = async (run: QueuedRun): Promise<boolean> => {
    let ready: number | undefined;
    let began: number | undefined;
    const log = await train(withSeed(run), (so) => {
      if (so.adapter) ready ??= now();
      if (so.step > 0) began ??= now();
      return so.step >= MEASURE_STEPS || (began !== undefined && now() - began >= MEASURE_MS);
    });
    if (!log) return false;
    client?.stop();
    learnRate(log, () => (began ?? 0) - (ready ?? began ?? 0));
    return true;
  };

  const learnRate = (log: RunLog, besideMs: (stepMs: number) => number): void => {
    const time = stepTimeUpTo(log, log.step);
    const cost = log.cost.find(({ arm }) => arm === 'main');
    if (!time || !cost || !log.experiment) return;
    rates.set(networkKey(log.experiment), { stepMs: time.stepMs, besideMs: Math.max(0, besideMs(time.stepMs)), denseFlops: cost.denseFlops, adapter: log.adapter?.description ?? '' });
  };

  const runOne = async (run: QueuedRun, at: (step: number) => void): Promise<DoneRun | null> => {
    const began = clock();
    const log = await train(withSeed(run), (so) => {
      at(so.step);
      return false;
    });
    if (!log?.experiment) return null;
    learnRate(log, (stepMs) => clock() - began - log.step * stepMs);
    const past = keep(log, `${run.arm.title}, compared`);
    const classes = datasetCard(log.experiment.data.set)?.classes ?? 2;
    const diverged = log.status.state === 'diverged';
    const value = valueOf(diverged ? 'diverged' : 'finished', [...series(log, 'main', 'test', 'accuracy').values], METRICS.accuracy, classes);
    return { arm: run.arm.id, seed: run.seed, value, edits: 0, experiment: log.experiment, figures: past.figures, diverged };
  };

  const keyOf = (run: QueuedRun): string => encodeLink(withSeed(run));
  /** A run made for one comparison serves another that names its arm differently. */
  const found = (run: QueuedRun): DoneRun | undefined => {
    const done = finished.get(keyOf(run));
    return done && { ...done, arm: run.arm.id };
  };
  const done = (compared: Compared, seeds: number): DoneRun[] => queuedRuns(compared, seeds).flatMap((run) => found(run) ?? []);

  return {
    async measure(arms) {
      const networks = new Map(arms.map((arm) => [networkKey(arm.experiment), arm]));
      try {
        for (const [key, arm] of networks) {
          if (rates.has(key)) continue;
          say({ state: 'measuring', current: { arm, seed: 1, number: 0, of: 0, step: 0 }, share: 0, leftMs: null });
          if (!(await measureOne({ arm, seed: 1 }))) return;
        }
      } finally {
        finish();
      }
    },
    async run(compared, seeds, { before = [], after = [] } = {}) {
      const own = queuedRuns(compared, seeds);
      const missing = own.filter((run) => !found(run));
      const all = [...before, ...own, ...after];
      const over = all.length - missing.length - after.length;
      // Times where all were measured; else work in units of its own.
      const measured = all.every(({ arm }) => rates.has(networkKey(arm.experiment)));
      const costs = (runs: readonly QueuedRun[]): number[] => runs.map(({ arm }) => (measured ? expectedMs(arm, rates.get(networkKey(arm.experiment))) : undefined) ?? workOf(arm));
      pausedMs = 0;
      const pace: Pace = createPace(costs(all), costs([...missing, ...after]), clock);
      try {
        for (const [i, run] of missing.entries()) {
          const at = (step: number): void => {
            const { share, leftMs = null } = pace.at(i, step / stepsOf(run.arm));
            say({ state: news.state === 'paused' ? 'paused' : 'running', current: { ...run, number: over + i + 1, of: all.length, step }, share, leftMs });
          };
          at(0);
          const one = await runOne(run, at);
          if (!one) return null;
          finished.set(keyOf(run), one);
        }
        return done(compared, seeds);
      } finally {
        finish();
      }
    },
    pause() {
      if (news.state !== 'running') return;
      pausedAt = now();
      client?.command({ type: 'pause' });
      say({ state: 'paused' });
    },
    resume() {
      if (news.state !== 'paused') return;
      pausedMs += now() - (pausedAt ?? now());
      pausedAt = null;
      client?.command({ type: 'resume' });
      say({ state: 'running' });
    },
    cancel() {
      client?.stop();
      end?.();
    },
    rateOf: (experiment) => rates.get(networkKey(experiment)),
    done,
  };
}

/** Milliseconds that a run takes by its measured rate; undefined where none was measured. */
export function expectedMs(arm: ClaimArm, rate: MeasuredRate | undefined): number | undefined {
  return rate && rate.besideMs + stepsOf(arm) * rate.stepMs;
}
