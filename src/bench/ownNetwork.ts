import type { Arm } from '../engine/experiment/arm.ts';
import type { Experiment } from '../engine/experiment/experiment.ts';
import { networkSpec } from '../engine/experiment/model.ts';
import { createNetworks } from '../engine/experiment/network.ts';
import { RING_ROWS } from '../engine/experiment/trainer.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import type { Gpu } from '../engine/gpu/device.ts';
import type { Program } from '../engine/gpu/program.ts';
import { readNow } from '../engine/gpu/readback.ts';
import type { TuningCache } from '../engine/gpu/tuningCache.ts';
import { RING_WORDS } from '../engine/kernels/step.ts';
import { productFlops } from './flops.ts';
import { describeProgram, runPrograms, tunePrograms, type Bench } from './programs.ts';
import type { OpenContender } from './row.ts';

/** A network of an experiment, to be trained as a run trains it; its masks are counted layer by layer. */
export interface OwnNetwork {
  gpu: Gpu;
  experiment: Experiment;
  dataset: Dataset;
  /** Whether the tuner chooses variants; without it those that a run begins with stay. */
  tuned: boolean;
  /** Whether the row's contenders train the same network, so that their losses are compared. */
  compared: boolean;
  /** Steps from one mask update to the next: the step with an update is reckoned in. Absent where masks stand still. */
  updatePeriod?: number;
  /** What is known of the fastest variants already. */
  tuning?: TuningCache;
}

/**
 * Steps of the main network of an experiment: all programs of its phase are compiled; a step draws its batch, trains and
 * takes statistics. `result` is the loss of the last step.
 */
export async function openOwnNetwork({ gpu, experiment, dataset, tuned, compared, updatePeriod, tuning }: OwnNetwork): Promise<OpenContender> {
  const networks = createNetworks(gpu, experiment, dataset);
  const { arena } = networks;
  const [arm] = networks.arms;
  if (!arm) throw new Error('The benchmark has no network.');
  await networks.enterPhase(0);
  arm.begin(networks.workspace());
  let [steps, updates] = [0, 0];
  const bench = (next: Bench['next']): Bench => ({ gpu, arena, workspace: networks.workspace(), next });
  const ordinary = bench(() => arm.next(ordinaryStep(steps++, updatePeriod)));
  const { step, update } = arm.programs();
  const rare = updatePeriod !== undefined && update ? bench(() => arm.next(updatePeriod * ++updates)) : undefined;
  if (tuned) await tunePrograms(ordinary, rare && update ? [step, update] : [step], tuning);
  return {
    ...runPrograms(ordinary),
    ...describeBoth(ordinary, step, rare && update),
    ...(rare && { rare: { period: updatePeriod as number, ...runPrograms(rare) } }),
    flops: flopsOfStep(experiment, dataset, arm),
    ...(compared && {
      async result() {
        const row = (steps - 1) % RING_ROWS;
        const [bytes] = await readNow(gpu.device, arena, [{ buffer: arm.state.buffer('ring'), offset: 4 * RING_WORDS * row, bytes: 4 * RING_WORDS }]);
        return [new Float32Array(bytes as ArrayBuffer)[1] as number];
      },
    }),
    destroy: () => networks.destroy(),
  };
}

function flopsOfStep(experiment: Experiment, dataset: Dataset, arm: Arm): number {
  const planned = arm.planned(0);
  const active = new Map(arm.layout.layers.map(({ name }, l) => [name, planned[l]]));
  return productFlops(networkSpec(experiment, dataset), experiment.data.batch, (layer) => active.get(`${layer}.weight`));
}

/** The i-th step that updates no mask: 1 to 99, 101 to 199, ... where every hundredth would; each from 0 on where none does. */
function ordinaryStep(i: number, period: number | undefined): number {
  return period === undefined ? i : period * Math.floor(i / (period - 1)) + 1 + (i % (period - 1));
}

/** Variants of a step, and the time of its dispatches; those of a step with an update behind them. */
function describeBoth(bench: Bench, step: Program, update: Program | undefined): Pick<OpenContender, 'variants' | 'profile'> {
  const plain = describeProgram(bench, step);
  if (!update) return plain;
  return {
    variants: plain.variants,
    async profile() {
      const passes = await plain.profile();
      const others = await describeProgram(bench, update).profile();
      return passes && others && [...passes, ...others.map((pass) => ({ ...pass, label: `update step: ${pass.label}` }))];
    },
  };
}
