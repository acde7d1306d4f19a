import { datasetCard } from '../../engine/data/cards.ts';
import type { Series } from '../../engine/experiment/columns.ts';
import type { ArmId } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { trainingFlops } from '../../engine/experiment/ledger.ts';
import { series, type RunLog } from '../../engine/experiment/runLog.ts';
import { progressAt, trainingTime } from '../../engine/experiment/progress.ts';
import type { XAxis } from '../charts/along.ts';
import type { ChartModel } from '../charts/model.ts';
import { plannedFlops } from '../compare/equalFlops.ts';

const NONE: Series = { steps: new Uint32Array(0), values: new Float32Array(0) };

/**
 * An axis of what training has taken, in place of its steps: from nothing to all that the planned run will take.
 * Networks differ in their FLOPs; of time they have one, since they train together.
 * @param end the newest step that may be shown
 */
export function alongAxis(log: RunLog, axis: Exclude<XAxis, 'step'>, end: number): Pick<ChartModel, 'along' | 'x'> {
  const progress = new Map(log.arms.map((arm) => [arm, axis === 'flops' ? flopsOf(log, arm) : arm === 'main' ? trainingTime(series(log, 'main', 'time', 'stepMs', end)) : NONE]));
  const main = progress.get('main') ?? NONE;
  const own = (curve: string): Series => {
    const found = axis === 'flops' ? progress.get(curve as ArmId) : main;
    // Other curves are of the main network, too.
    return found ?? main;
  };
  const reached = Math.max(0, ...[...progress.values()].map(({ values }) => values.at(-1) ?? 0));
  const planned = axis === 'flops' ? plannedOf(log) : reached * (log.totalSteps / Math.max(1, main.steps.at(-1) ?? 0));
  return {
    along: { axis, of: (curve, step) => (step === 0 ? 0 : progressAt(own(curve), step)) },
    x: [0, roundUp(Math.max(reached, Number.isFinite(planned) ? planned : 0)) || 1],
  };
}

function flopsOf(log: RunLog, arm: ArmId): Series {
  const card = datasetCard(log.experiment?.data.set ?? '');
  return card ? trainingFlops(log, card, arm) : NONE;
}

/** Counting a whole plan takes a while, and a chart asks again and again. */
const plans = new WeakMap<Experiment, number>();

/** FLOPs that the run will have taken at its end: of a dense network beside it, or else of the main one. */
function plannedOf({ experiment, cost, totalSteps }: RunLog): number {
  if (!experiment) return Number.NaN;
  const dense = cost.find(({ arm }) => arm === 'dense');
  if (dense) return totalSteps * dense.denseFlops;
  const known = plans.get(experiment) ?? plannedFlops(experiment, cost[0]?.denseFlops);
  if (cost.length > 0) plans.set(experiment, known);
  return known;
}

/** Two figures, so that an axis by estimates does not move with each of them. */
function roundUp(value: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit - 1e-9) * unit;
}
