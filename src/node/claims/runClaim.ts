import { METRICS, type ClaimArm, type Compared } from '../../engine/claims/claim.ts';
import { claimDatasets } from '../../engine/claims/dataset.ts';
import { createPace, stepsOf, workOf } from '../../engine/claims/pace.ts';
import { runArm } from '../../engine/claims/runArm.ts';
import type { Dataset, FetchBytes } from '../../engine/data/dataset.ts';
import type { MetricRows } from '../../engine/experiment/events.ts';
import type { OpenDevice } from '../commands/openDevice.ts';
import { trainingFlops } from '../commands/trainingFlops.ts';
import { UsageError } from '../commands/usageError.ts';
import { nodeTuningCache } from '../tuningStore.ts';
import type { KeptRun, RunFolder } from './keptRuns.ts';

/** How far a claim is. */
export interface ClaimProgress {
  /** The run under way, by arm and seed, and its number among all. */
  arm: ClaimArm;
  seed: number;
  run: number;
  runs: number;
  /** Share of the work of all runs that is done; runs that were there already count. */
  share: number;
  /** Milliseconds that the rest takes, by the pace so far; absent until there is one. */
  leftMs?: number;
}

/** What running a claim needs. */
export interface ClaimInput {
  claim: Pick<Compared, 'arms' | 'metric'>;
  /** Hash of everything that decides it, written into each run. */
  hash: string;
  /** Seeds 1 to this number. */
  seeds: number;
  folder: Pick<RunFolder, 'runs' | 'keep'>;
  /** Which of all runs, in their order, are to be done here; all where left out. */
  share?: (index: number) => boolean;
  /** Called only where a run is missing. */
  openDevice: () => Promise<Pick<OpenDevice, 'gpu' | 'name'>>;
  fetchBytes: FetchBytes;
  tell?: (progress: ClaimProgress) => void;
}

/**
 * Runs what is missing, seed after seed, so that every moment has as many whole seeds as can be, and gives all runs of
 * the seeds asked for. Each run is kept as soon as it is finished.
 * @throws UsageError where runs are there of another device: bits, and so verdicts, may differ between two
 */
export async function runClaim({ claim, hash, seeds, folder, share = () => true, openDevice, fetchBytes, tell }: ClaimInput): Promise<KeptRun[]> {
  const wanted = Array.from({ length: seeds }, (_, i) => claim.arms.map((arm) => ({ arm, seed: i + 1 }))).flat().filter((_, i) => share(i));
  const kept = folder.runs();
  const isKept = ({ arm, seed }: { arm: ClaimArm; seed: number }): boolean => kept.some((run) => run.arm === arm.id && run.seed === seed);
  const missing = wanted.filter((one) => !isKept(one));
  if (missing.length > 0) {
    const device = await openDevice();
    const other = kept.find(({ adapter }) => adapter !== device.name);
    if (other) throw new UsageError(`The runs that are there are of ${other.adapter}, this device is ${device.name}; choose another folder with --out DIR.`);
    const datasets = claimDatasets(fetchBytes);
    const pace = createPace(wanted.map(({ arm }) => workOf(arm)), missing.map(({ arm }) => workOf(arm)));
    for (const [i, { arm, seed }] of missing.entries()) {
      const at = (step: number): void => tell?.({ arm, seed, run: wanted.length - missing.length + i + 1, runs: wanted.length, ...pace.at(i, step / stepsOf(arm)) });
      at(0);
      folder.keep(await runOne(device, claim, hash, arm, seed, await datasets(arm.experiment.data, seed), at));
    }
  }
  return folder.runs().filter((run) => run.seed >= 1 && run.seed <= seeds);
}

async function runOne(device: Pick<OpenDevice, 'gpu' | 'name'>, claim: Pick<Compared, 'metric'>, hash: string, arm: ClaimArm, seed: number, dataset: Dataset, tell: (step: number) => void): Promise<KeptRun> {
  const experiment = { ...arm.experiment, seed };
  const { rows, cost: _, hash: parameters, evaluations, ...run } = await runArm(device.gpu, experiment, dataset, METRICS[claim.metric], { tuning: nodeTuningCache(), tell });
  const { sparse, dense } = await trainingFlops(experiment, dataset, rows, 0, run.steps);
  const masks = densities(rows, run.steps);
  return {
    format: 1, claim: hash, arm: arm.id, seed, ...run, edits: experiment.edits.length,
    evaluations: evaluations.map(({ step, value }) => ({ step, value: Number.isFinite(value) ? value : null })),
    epochs: (run.steps * experiment.data.batch) / dataset.train.count,
    density: masks.last, averageDensity: masks.average,
    // A multiply and an add for each active weight.
    flops: { training: sparse, denseTraining: dense, inference: 2 * masks.active, denseInference: (2 * masks.active) / masks.last },
    adapter: device.name,
    ...(parameters === undefined ? {} : { hash: parameters }),
  };
}

/** Density at the end and on average over the steps, by the rows of masks: each holds until the next. */
function densities(rows: readonly MetricRows[], steps: number): { last: number; average: number; active: number } {
  const masks = rows.filter(({ table }) => table === 'mask').map(({ step, columns }) => ({ step: step[0] ?? 0, density: columns.density?.[0] ?? 1, active: columns.active?.[0] ?? 0 }));
  const sum = masks.reduce((total, { step, density }, i) => total + density * Math.max(0, Math.min(masks[i + 1]?.step ?? steps, steps) - step), 0);
  const last = masks.at(-1);
  return { last: last?.density ?? 1, average: steps > 0 ? sum / steps : (last?.density ?? 1), active: last?.active ?? 0 };
}
