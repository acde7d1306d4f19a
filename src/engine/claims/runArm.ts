import type { TuningCache } from '../gpu/tuningCache.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Dataset } from '../data/dataset.ts';
import { createCommandPort } from '../experiment/commands.ts';
import type { CostFacts, MetricRows } from '../experiment/events.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { run } from '../experiment/run.ts';
import type { Metric } from './claim.ts';
import { evaluatedFrom, valueOf } from './value.ts';

/** The network of one arm and seed, trained. */
export interface ArmRun {
  status: 'finished' | 'diverged';
  /** The metric: mean of the last evaluations, or chance where the run diverged. */
  value: number;
  /** The evaluations behind it: step and value. */
  evaluations: readonly { step: number; value: number }[];
  /** Steps done. */
  steps: number;
  rows: readonly MetricRows[];
  cost: CostFacts;
  wallMs: number;
  /** sha256 of parameters and mask; absent where it diverged. */
  hash?: string;
}

/**
 * Trains the main network of an experiment. The test set is looked at in the last three evaluations alone.
 * `tell` hears of completed steps.
 * @throws Error where the device was lost: such a run says nothing and has to be done again.
 */
export async function runArm(gpu: Gpu, experiment: Experiment, dataset: Dataset, metric: Metric, { tuning, tell }: { tuning?: TuningCache; tell?: (step: number) => void } = {}): Promise<ArmRun> {
  const alone = { ...experiment, beside: { random: false, dense: false } };
  const rows: MetricRows[] = [];
  let cost: CostFacts | undefined;
  let end: { status: ArmRun['status']; steps: number; hash?: string } | undefined;
  const began = performance.now();
  for await (const event of run({ gpu, experiment: alone, dataset, commands: createCommandPort(), evaluateFrom: evaluatedFrom(alone), ...(tuning ? { tuning } : {}) })) {
    if (event.type === 'started') cost = event.cost[0];
    if (event.type === 'metrics') {
      rows.push(...event.rows);
      const step = event.rows.find(({ table }) => table === 'train')?.step.at(-1);
      if (step !== undefined) tell?.(step);
    }
    if (event.type === 'finished') end = { status: 'finished', steps: event.step, hash: event.hash };
    if (event.type === 'diverged') end = { status: 'diverged', steps: event.step - 1 };
    if (event.type === 'lost' || event.type === 'failed') throw new Error(event.message);
  }
  if (!end || !cost) throw new Error('The run ended before it came to a result.');
  const evaluations = rows.filter(({ table }) => table === 'test').map(({ step, columns }) => ({ step: step[0] ?? 0, value: columns[metric.column]?.[0] ?? Number.NaN }));
  return { ...end, value: valueOf(end.status, evaluations.map(({ value }) => value), metric, dataset.classes), evaluations, rows, cost, wallMs: performance.now() - began };
}
