import { create } from 'zustand';
import type { Compared } from '../../engine/claims/claim.ts';
import { CLAIMS } from '../../engine/claims/index.ts';
import { judge, type Judgement } from '../../engine/claims/judge.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { createTrainerClient } from '../../worker/client.ts';
import { settled, useExperiment } from '../stores/experiment.ts';
import { look } from '../stores/view.ts';
import { formatPercent } from '../text/numbers.ts';
import { comparisonOf, usualChoice, type ComparisonChoice } from './comparison.ts';
import { keepRun } from './pastRuns.ts';
import { createQueue, queuedRuns, type DoneRun, type QueuedRun, type QueueNews } from './queue.ts';
import { tuned, TUNING_SEEDS, tuningOf } from './tuning.ts';

/** What came out of a comparison, on the experiment that it was made on. */
export interface ComparisonResult {
  /** Id of the claim that it is of; null for methods on an experiment. */
  claim: string | null;
  key: string;
  compared: Compared;
  runs: readonly DoneRun[];
  judgement: Judgement;
}

/** What the reader set up to compare, and how far it is. */
export interface ComparingStore {
  /** Id of the claim that is opened; null compares methods on the page's experiment. */
  claim: string | null;
  /** Null until the reader changes it: then it follows from the experiment. */
  choice: ComparisonChoice | null;
  /** Seeds of a claim; as the claim says where null. */
  claimSeeds: number | null;
  news: QueueNews;
  problem: string | null;
  result: ComparisonResult | null;
  /** Grows when a rate may have been measured, or a run is over. */
  version: number;
}

/** The store of what is compared. */
export const useComparing = create<ComparingStore>()(() => ({
  claim: null, choice: null, claimSeeds: null, news: { state: 'idle', current: null, share: 0, leftMs: null }, problem: null, result: null, version: 0,
}));

/** The queue of this page; its worker is made when it first trains. */
export const queue = createQueue({
  openClient: (onEvent) => createTrainerClient(onEvent),
  dataUrl: new URL('data/', globalThis.document?.baseURI ?? 'http://localhost/').href,
  keep: (log, purpose) => keepRun(log, purpose),
  tell(news) {
    useComparing.setState(({ news: before, version }) => {
      const told = news.state === before.state && news.current?.number === before.current?.number;
      return { news, version: told ? version : version + 1 };
    });
    look({ comparing: news.state === 'idle' ? null : news.state === 'measuring' ? 'measuring' : formatPercent(news.share, 0) });
  },
  now: () => performance.now(),
});

/** What is asked for: arms, parts and words, how many seeds, and the runs that choose learning rates where these are still to do. */
export interface Asked {
  compared: Compared;
  seeds: number;
  tuning: Compared | null;
}

/** What is compared with the settings as they stand; with the rates that were chosen, once they are. */
export function comparedNow({ claim, choice, claimSeeds }: Pick<ComparingStore, 'claim' | 'choice' | 'claimSeeds'>, experiment: Experiment): Asked {
  const found = claim !== null && Object.hasOwn(CLAIMS, claim) ? CLAIMS[claim] : undefined;
  if (found) return { compared: found, seeds: claimSeeds ?? found.seeds, tuning: null };
  const chosen = choice ?? usualChoice(experiment);
  const compared = comparisonOf(experiment, chosen, (of) => queue.rateOf(of)?.denseFlops);
  if (!chosen.tune) return { compared, seeds: chosen.seeds, tuning: null };
  const tuning = tuningOf(compared);
  const trials = queue.done(tuning, TUNING_SEEDS);
  const chose = trials.length === queuedRuns(tuning, TUNING_SEEDS).length;
  return { compared: chose ? tuned(compared, trials) : compared, seeds: chosen.seeds, tuning: chose ? null : tuning };
}

/** The experiment that comparisons are made on: the page's, with what was changed while it ran. */
export function experimentNow(): Experiment {
  return settled(useExperiment.getState());
}

/** Tells comparisons apart: another arm, size or setting is another comparison, more seeds are not. */
export function comparisonKey(compared: Compared): string {
  return JSON.stringify(compared);
}

/** Verdicts given before, by what was compared: their numbers of seeds. */
const looks = new Map<string, number[]>();

async function tried(work: () => Promise<void>): Promise<void> {
  useComparing.setState({ problem: null });
  try {
    await work();
  } catch (error) {
    useComparing.setState({ problem: error instanceof Error ? error.message : String(error) });
  }
  useComparing.setState(({ version }) => ({ version: version + 1 }));
}

/** Measures the networks that are to be compared. */
export function measure(): Promise<void> {
  return tried(async () => queue.measure(comparedNow(useComparing.getState(), experimentNow()).compared.arms));
}

/** Trains what chooses the rates, where they are to be chosen; gives these runs, or null where it was cancelled. */
async function choseRates({ compared, seeds, tuning }: Asked): Promise<QueuedRun[] | null> {
  if (!tuning) return [];
  const done = await queue.run(tuning, TUNING_SEEDS, { after: queuedRuns(compared, seeds) });
  return done && queuedRuns(tuning, TUNING_SEEDS);
}

/** Trains what is missing, and judges. Equal FLOPs need the cost of a step first, which a measurement tells. */
export function startComparing(): Promise<void> {
  return tried(async () => {
    const experiment = experimentNow();
    const asked = useComparing.getState();
    const first = comparedNow(asked, experiment);
    const byFlops = asked.claim === null && asked.choice?.equal === 'flops';
    if (byFlops && first.compared.arms.some((arm) => !queue.rateOf(arm.experiment))) {
      await queue.measure(first.compared.arms);
      if (first.compared.arms.some((arm) => !queue.rateOf(arm.experiment))) return;
    }
    useComparing.setState({ result: null });
    const before = await choseRates(comparedNow(asked, experiment));
    if (!before) return;
    const { compared, seeds } = comparedNow(asked, experiment);
    const runs = await queue.run(compared, seeds, { before });
    if (!runs) return;
    const key = comparisonKey(compared);
    const looked = looks.get(key) ?? [];
    looks.set(key, [...looked, seeds]);
    useComparing.setState({ result: { claim: asked.claim, key, compared, runs, judgement: judge(compared, runs, looked) } });
  });
}
