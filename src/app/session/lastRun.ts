import { encodeLink } from '../../engine/experiment/link.ts';
import type { CheckpointFile } from '../../engine/experiment/events.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import type { KeptRuns } from './kept.ts';

/** Milliseconds between two states that are kept of a run under way. */
const EVERY_MS = 10_000;

/** What this is done with; tests put their own in its place. */
export interface LastRunDependencies {
  keeper: KeptRuns;
  page: Pick<Document, 'hidden' | 'addEventListener'>;
  /** Asks the run under way for its state, which comes into its log. */
  ask(): void;
  every(act: () => void, ms: number): void;
}

/**
 * Keeps the state of the live run now and then, and when the page goes out of sight, so that it goes on where it was
 * after the page was closed. A run that ends or is given up is let go of.
 */
export function keepLastRun({ keeper, page, ask, every }: LastRunDependencies): void {
  let kept: CheckpointFile | undefined;
  let wasLive = false;
  // One after another: what was begun later is what stays.
  let work: Promise<unknown> = Promise.resolve();
  const then = (act: () => Promise<unknown>): void => void (work = work.then(act));
  const askNow = (): void => {
    const { state, source, step } = useRun.getState();
    if (source === 'live' && (state === 'training' || state === 'paused') && step > (kept?.step ?? 0)) ask();
  };
  every(askNow, EVERY_MS);
  page.addEventListener('visibilitychange', () => page.hidden && askNow());
  useLog.subscribe(({ log: { checkpoint, totalSteps } }) => {
    if (checkpoint === kept || useRun.getState().source !== 'live') return;
    kept = checkpoint;
    if (!checkpoint || checkpoint.step >= totalSteps) return;
    // With its edits, as the page's own link has them: a run taken up under other settings would be another run.
    const link = encodeLink(useExperiment.getState().experiment);
    then(() => keeper.keep(link, checkpoint));
  });
  useRun.subscribe(({ source, state }) => {
    const live = source === 'live' && state !== 'finished' && state !== 'diverged';
    if (wasLive && !live) {
      kept = undefined;
      then(() => keeper.forget());
    }
    wasLive = live;
  });
}

/** Offers the run that was kept last where the page was opened without a link of its own. */
export async function offerLastRun(hash: string, keeper: Pick<KeptRuns, 'newest'>): Promise<void> {
  if (hash !== '' && hash !== '#') return;
  const last = await keeper.newest();
  if (last && useRun.getState().source !== 'live' && last.link !== encodeLink(useExperiment.getState().experiment)) useRun.setState({ last });
}
