import type { Dataset } from '../data/dataset.ts';
import type { Gpu } from '../gpu/device.ts';
import { networkLayout } from '../nn/layers.ts';
import { rateAt } from '../optim/rate.ts';
import { DISTRIBUTIONS, layerCounts } from '../sparsity/distributions.ts';
import { defaultKnobs, readChoice, readNumber } from '../sparsity/knobs.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { createCommandPort } from './commands.ts';
import type { Experiment, Phase } from './experiment.ts';
import { networkSpec } from './model.ts';
import { prunedCheckpoint } from './prunedCheckpoint.ts';
import { run } from './run.ts';

/** Where a run is probed, and how. */
export interface PlasticityProbe {
  /** Steps at which the run is pruned, each from a checkpoint of its own; 1 to the steps of the run. */
  at: readonly number[];
  /** Shares of the active weights of each layer that are pruned, in [0, 1]. */
  shares: readonly number[];
  /** Steps that training goes on afterwards. */
  steps: number;
}

/** What one pruning cost, and what training gave back. Accuracies on the test set. */
export interface PlasticityRow {
  at: number;
  share: number;
  /** True: after the first step that follows, each layer grew as many weights as it had lost, by their gradients. */
  regrow: boolean;
  /** Active weights after the pruning, of all maskable layers. */
  left: number;
  before: number;
  pruned: number;
  /** After the steps that follow. */
  after: number;
  /** After the same steps without the pruning. */
  unpruned: number;
}

/**
 * The pruning plasticity of a run (Liu et al. 2021, GraNet): from a checkpoint, a share of the active weights of each
 * layer is pruned by magnitude at once, training goes on for some steps at the rate of the moment, and the accuracy
 * afterwards is compared with the one before. Each share is told without regrowth, and, where the method keeps its density,
 * with it.
 *
 * Batches after a checkpoint are the same in all of its continuations. Edits and networks beside are left out.
 * @throws Error for experiments of several phases, of masks that switch more than single weights, and for steps outside of the run.
 */
export async function* measurePlasticity(gpu: Gpu, given: Experiment, dataset: Dataset, probe: PlasticityProbe): AsyncGenerator<PlasticityRow> {
  const experiment: Experiment = { ...given, edits: [], beside: { random: false, dense: false } };
  const [phase, ...others] = experiment.phases;
  if (!phase || others.length > 0) throw new Error('Plasticity is measured along experiments of one phase.');
  if (experiment.masks.granularity !== 'weight') throw new Error('Plasticity is measured where masks switch single weights; set masks.granularity to weight.');
  if (probe.at.some((at) => at < 1 || at > phase.steps)) throw new Error(`Plasticity is measured at steps 1 to ${phase.steps} of this experiment, not at ${probe.at.join(', ')}.`);
  const layout = networkLayout(networkSpec(experiment, dataset));
  for await (const { at, bytes } of checkpoints(gpu, experiment, dataset, probe.at)) {
    const here = upTo(experiment, phase, at);
    const accuracy = (checkpoint: Uint8Array, next?: Phase): Promise<number> =>
      finalAccuracy(gpu, next ? { ...here, phases: [...here.phases, next] } : here, dataset, checkpoint);
    const then = (regrow: boolean): Phase => continuation(phase, at, probe.steps, regrow);
    const regrows = keepsDensity(then(true), layout.layers.map((layer) => layer.shape), decodeCheckpoint(bytes).arms[0]?.kept.active ?? []);
    const before = await accuracy(bytes);
    const unpruned = await accuracy(bytes, then(false));
    for (const share of probe.shares) {
      const { bytes: prunedBytes, left } = prunedCheckpoint(bytes, experiment, layout, share);
      const pruned = await accuracy(prunedBytes);
      for (const regrow of regrows ? [false, true] : [false]) {
        yield { at, share, regrow, left, before, pruned, after: await accuracy(prunedBytes, then(regrow)), unpruned };
      }
    }
  }
}

/** The experiment, ending at a step. */
function upTo(experiment: Experiment, phase: Phase, at: number): Experiment {
  return { ...experiment, phases: [{ ...phase, steps: at }], evaluateEvery: 2 ** 30 };
}

/** What follows a checkpoint: the mask as it is, or grown once, in the first step, to what the method had before. */
function continuation(phase: Phase, at: number, steps: number, regrow: boolean): Phase {
  const { density = 1, distribution = 'uniform' } = phase.sparsity;
  const method = regrow ? 'rigl' : 'random';
  const knobs = { ...defaultKnobs(METHODS[method].card.knobs), density, distribution };
  const once = { dropFraction: 0, updateStart: 0, updateEnd: 0, skipGradientOnUpdate: false };
  return {
    ...phase, steps, entry: 'keep', optimizerState: 'carry',
    optimizer: { ...phase.optimizer, rate: rateAt(phase.optimizer, at - 1, phase.steps), schedule: 'constant', warmup: 0 },
    sparsity: { ...knobs, ...(regrow && once), method },
  };
}

/** Regrowth goes up to the counts of a fixed density, so these must be what the layers have. */
function keepsDensity({ sparsity }: Phase, shapes: readonly (readonly number[])[], active: readonly number[]): boolean {
  const counts = layerCounts(readChoice(sparsity, 'distribution', DISTRIBUTIONS), shapes, readNumber(sparsity, 'density'));
  return counts.every((count, l) => count === active[l]);
}

/** Checkpoints of a run at these steps, in order. */
async function* checkpoints(gpu: Gpu, experiment: Experiment, dataset: Dataset, steps: readonly number[]): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  const wanted = [...new Set(steps)].sort((a, b) => a - b);
  const commands = createCommandPort();
  for await (const event of run({ gpu, experiment: { ...experiment, evaluateEvery: 2 ** 30 }, dataset, commands, paused: true, tune: false })) {
    if (event.type === 'diverged' || event.type === 'lost') throw new Error(`The run ended before its checkpoints: ${event.message}`);
    if (event.type === 'paused') {
      const next = wanted[0];
      if (next === undefined) commands.send({ type: 'stop' });
      else if (next === event.step) commands.send({ type: 'checkpoint' });
      else commands.send({ type: 'step', count: next - event.step });
    }
    if (event.type !== 'checkpoint') continue;
    wanted.shift();
    yield { at: event.checkpoint.step, bytes: event.checkpoint.bytes };
    commands.send(wanted[0] === undefined ? { type: 'stop' } : { type: 'step' });
  }
}

/** Test accuracy at the end of a run that goes on from a checkpoint; NaN where it diverges. */
async function finalAccuracy(gpu: Gpu, experiment: Experiment, dataset: Dataset, checkpoint: Uint8Array): Promise<number> {
  let accuracy = Number.NaN;
  for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), checkpoint, tune: false })) {
    if (event.type === 'lost') throw new Error(event.message);
    if (event.type === 'diverged') return Number.NaN;
    if (event.type !== 'metrics') continue;
    for (const row of event.rows) if (row.table === 'test') accuracy = row.columns.accuracy?.at(-1) ?? accuracy;
  }
  return accuracy;
}
