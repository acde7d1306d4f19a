import type { ArmId, Written } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { newestUpTo } from '../../engine/experiment/thinning.ts';
import { samplesOf } from '../../engine/experiment/writings.ts';
import type { RunStore } from '../stores/run.ts';

/** Most texts that were asked for which are shown at once. */
const MOST_ASKED = 3;

/** What of the texts of a run is shown at a step. */
export interface TextShown {
  /** What the network wrote with the newest evaluation up to the step. */
  now: Written | undefined;
  /** How it came there, in order of steps: the first text, and from then on each about twice as far as the one before. */
  stages: readonly Written[];
  /** All texts of evaluations so far. */
  all: readonly Written[];
  /** What was asked for up to the step, the newest first. */
  asked: readonly Written[];
}

/** The texts of a run at the step looked at, of which those up to `end` have been told. */
export function textShown({ written }: Pick<RunLog, 'written'>, cursor: number, end: number): TextShown {
  const all = samplesOf(written).filter(({ step }) => step <= end);
  const now = all[newestUpTo(all, cursor)];
  const newest = all.at(-1);
  return {
    now, all,
    stages: all.filter((one, i) => (one === newest ? one !== now : isPowerOfTwo(i))),
    asked: written.filter(({ asked, step }) => asked && step <= cursor).slice(-MOST_ASKED).toReversed(),
  };
}

/** Stages that a run will have in the end. */
export function stagesOf({ totalSteps, experiment }: Pick<RunLog, 'totalSteps' | 'experiment'>): number {
  const last = Math.ceil(totalSteps / (experiment?.evaluateEvery ?? totalSteps));
  return 1 + Math.ceil(Math.log2(Math.max(1, last)));
}

/** Of 0 as well. */
const isPowerOfTwo = (i: number): boolean => (i & (i - 1)) === 0;

/** Lines of a text without the empty ones at its beginning. */
export const linesOf = (text: string): readonly string[] => text.replace(/^\n+/, '').split('\n');

/** Why no network can be asked to write now; undefined where one can. */
export function whyNoWriting({ source, state, problem }: Pick<RunStore, 'source' | 'state' | 'problem'>, looksBack: boolean): string | undefined {
  if (source === 'recording') return 'This is a recording: its network is not here to be asked. Train live to let it write.';
  if (problem !== null) return 'The run has ended, and its network with it.';
  if (source === 'preview' || state === 'loading' || state === 'compiling') return 'Press Play first: it writes once it trains.';
  if (state === 'recovering' || state === 'replaying') return 'The run is on its way back to where it was.';
  return looksBack ? 'The network is that of the newest step: return to live to ask it.' : undefined;
}

/** Networks that can be asked, by the order in which they are listed. */
export const writersOf = ({ arms }: Pick<RunLog, 'arms'>, order: readonly ArmId[]): readonly ArmId[] => order.filter((arm) => arms.includes(arm));
