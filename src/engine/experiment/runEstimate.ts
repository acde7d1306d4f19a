import type { Dataset } from '../data/dataset.ts';
import { createDryGpu } from '../gpu/dryGpu.ts';
import type { Pipelines } from '../gpu/pipelines.ts';
import type { Experiment } from './experiment.ts';
import type { createNetworks } from './network.ts';
import { countTransformer } from './schema.ts';

/** Most bytes of GPU memory that a run may take: a page with more is ended by some browsers, and a small card has no more. */
export const MAX_RUN_BYTES = 2 * 2 ** 30;
/** Rate in FLOP/s that times are estimated with before anything is measured: a common card at such products. */
const SUPPOSED_RATE = 1e12;

/**
 * What runs are made with. Given and not imported: the worker loads this file late and holds those parts already, and
 * what two of its files import becomes a third that the first step has to wait for.
 */
export interface RunParts {
  createNetworks: typeof createNetworks;
  /** As `createDryGpu` takes it. */
  pipelinesOf(device: GPUDevice): Pipelines;
}

/** What a run will take, known from its trace. */
export interface RunEstimate {
  /** Most bytes of GPU memory at any time. */
  peakBytes: number;
  /** Arithmetic of all steps and networks, as it is executed. */
  flops: number;
}

/** A run that needs more memory than it may take; `message` says how much, how long it would train, and what to lower. */
export class RunTooLargeError extends Error {
  override name = 'RunTooLargeError';
}

/** Traces all phases of a run on a device that is not there; nothing is made. */
export async function estimateRun(parts: RunParts, experiment: Experiment, dataset: Dataset): Promise<RunEstimate> {
  const networks = parts.createNetworks(createDryGpu(parts.pipelinesOf).gpu, experiment, dataset);
  let flops = 0;
  for (const [index, { steps }] of experiment.phases.entries()) {
    await networks.enterPhase(index);
    for (const program of networks.arms.flatMap((arm) => arm.runs(false))) {
      for (const { kernel, params } of program.dispatches) flops += steps * kernel.work(params).flops;
    }
  }
  return { peakBytes: networks.arena.counters().peakBytes, flops };
}

/** What decides the size of each network. */
const WIDTHS = { mlp: 'the hidden widths', cnn: 'the channels', transformer: 'the context, the width' } as const satisfies Record<Experiment['model']['kind'], string>;

/** Settings that make a run smaller, the least painful first. */
const REMEDIES: readonly { words: string; of(experiment: Experiment): Experiment }[] = [
  { words: 'without the networks beside', of: (experiment) => ({ ...experiment, beside: { random: false, dense: false } }) },
  { words: 'with an eighth of the batch', of: (experiment) => withBatch(experiment, 8) },
  { words: 'with an eighth of the batch and without the networks beside', of: (experiment) => ({ ...withBatch(experiment, 8), beside: { random: false, dense: false } }) },
];

/** Micro-batches are given up with it: they might not divide the smaller batch. */
function withBatch(experiment: Experiment, divisor: number): Experiment {
  return { ...experiment, data: { ...experiment.data, batch: Math.ceil(experiment.data.batch / divisor) }, phases: experiment.phases.map((phase) => ({ ...phase, accumulate: 1 })) };
}

/**
 * Whether a run is worth an estimate: most are so small that tracing them twice would only delay the first step.
 * Counted are weights and activations with what training keeps of them; several times too many rather than too few.
 */
export function mayBeLarge({ model, data }: Pick<Experiment, 'model' | 'data'>): boolean {
  if (model.kind === 'transformer') return 50 * (countTransformer(model, data.context) + data.batch * data.context * model.depth * (8 * model.width + 3 * model.feedForward)) > MAX_RUN_BYTES / 4;
  const widths = model.kind === 'cnn' ? model.channels.map((count) => count * 784) : model.hidden;
  const weights = model.kind === 'cnn' ? 0 : widths.reduce((sum, width, l) => sum + width * (widths[l - 1] ?? 784), 0);
  return 100 * (weights + data.batch * widths.reduce((sum, width) => sum + width, 0)) > MAX_RUN_BYTES / 4;
}

/**
 * Refuses a run that a device of WebGPU's default limits cannot hold, or that needs more than `most` bytes of GPU memory.
 * @throws RunTooLargeError before anything is made
 */
export async function refuseTooLarge(parts: RunParts, experiment: Experiment, dataset: Dataset, most = MAX_RUN_BYTES): Promise<void> {
  if (most >= MAX_RUN_BYTES && !mayBeLarge(experiment)) return;
  const found = await tryEstimate(parts, experiment, dataset);
  if (typeof found !== 'string' && found.peakBytes <= most) return;
  const why = typeof found === 'string' ? found
    : `This run needs ${sizeWords(found.peakBytes)} of GPU memory, more than the ${sizeWords(most)} that it may take; its steps would take about ${timeWords(found)}.`;
  throw new RunTooLargeError(`${why} Nothing was made. ${await firstThatFits(parts, experiment, dataset, most)}`);
}

/** The estimate, or in words what of the run does not fit any device. */
async function tryEstimate(parts: RunParts, experiment: Experiment, dataset: Dataset): Promise<RunEstimate | string> {
  try {
    return await estimateRun(parts, experiment, dataset);
  } catch (error) {
    if (error instanceof Error && error.name === 'BindingError') return `This run does not fit: ${error.message}`;
    throw error;
  }
}

async function firstThatFits(parts: RunParts, experiment: Experiment, dataset: Dataset, most: number): Promise<string> {
  for (const { words, of } of REMEDIES) {
    const found = await tryEstimate(parts, of(experiment), dataset);
    if (typeof found !== 'string' && found.peakBytes <= most) return `It would need ${sizeWords(found.peakBytes)} ${words}, and about ${timeWords(found)}.`;
  }
  return `Lower ${WIDTHS[experiment.model.kind]} and the batch.`;
}

const sizeWords = (bytes: number): string => (bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`);

/** Training time at a supposed rate, said with it: nothing is measured yet. */
function timeWords({ flops }: RunEstimate): string {
  const seconds = flops / SUPPOSED_RATE;
  const units = [['days', 86_400], ['hours', 3600], ['minutes', 60]] as const;
  const [name, size] = units.find(([, unit]) => seconds >= 2 * unit) ?? ['seconds', 1];
  return `${Math.ceil(seconds / size)} ${name} at 1 TFLOP/s`;
}
