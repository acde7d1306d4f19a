import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bitsOfLoss } from '../../engine/data/baselines.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import { loadDataset } from '../../engine/data/index.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { CheckpointError, decodeCheckpoint } from '../../engine/experiment/checkpoint.ts';
import { createCommandPort } from '../../engine/experiment/commands.ts';
import type { MetricRows, RunEventBody, StorageFacts } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { createNetworks } from '../../engine/experiment/network.ts';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import { run } from '../../engine/experiment/run.ts';
import { refuseTooLarge, RunTooLargeError } from '../../engine/experiment/runEstimate.ts';
import { storageSentence } from '../../engine/experiment/storageWords.ts';
import { quote } from '../../engine/experiment/values.ts';
import { createPipelines } from '../../engine/gpu/pipelines.ts';
import { metricsCsv } from '../../engine/experiment/metricsCsv.ts';
import { nodeData } from '../data.ts';
import { createProgress, duration, type Progress } from '../progress.ts';
import { lastValue, makeReport, type RunResult } from '../report.ts';
import { nodeTuningCache } from '../tuningStore.ts';
import { type Given, type OptionTable, readArguments } from './arguments.ts';
import { chooseExperiment, EXPERIMENT_OPTIONS, firstLine, withSteps } from './chooseExperiment.ts';
import type { Command, Terminal } from './command.ts';
import { exportNetwork, weightsFile } from '../../engine/experiment/exportTensors.ts';
import { onInterrupt } from './interrupt.ts';
import { openDevice, type OpenDevice } from './openDevice.ts';
import { prepareFolder, writeWhole } from './outputFolder.ts';
import { trainingFlops } from './trainingFlops.ts';
import { UsageError } from './usageError.ts';

const OPTIONS = {
  ...EXPERIMENT_OPTIONS,
  out: { kind: 'value', placeholder: 'DIR', help: 'folder for the results; runs/<preset>-<seed> where absent' },
  checkpoint: { kind: 'value', placeholder: 'FILE', help: 'keeps the state at the end, or at Ctrl-C, so that the run can go on' },
  resume: { kind: 'value', placeholder: 'FILE', help: 'goes on from a checkpoint, with its experiment; with --steps to another end' },
} as const satisfies OptionTable;

/** `train --preset ID`: trains and writes experiment.json, metrics.csv, weights.safetensors and report.json. */
export const train: Command = {
  usage: 'train --preset ID [--set PATH=VALUE ...] [--seed N] [--steps N] [--out DIR]',
  summary: 'trains an experiment and writes its metrics, weights and report',
  options: OPTIONS,
  async run(args, terminal) {
    const given = readArguments(args, OPTIONS);
    const { experiment, checkpoint } = chooseRun(given);
    const out = given.value('out') ?? join('runs', `${experiment.preset}-${experiment.seed}`);
    const folder = prepareFolder(out);
    const leave = onInterrupt(() => folder.discard());
    try {
      const dataset = await loadDataset(experiment.data, experiment.seed, nodeData(terminal.warn));
      await refuseTooLarge({ createNetworks, pipelinesOf: (device) => createPipelines(device, {}) }, experiment, dataset).catch((error: unknown) => {
        throw error instanceof RunTooLargeError ? new UsageError(error.message) : error;
      });
      const device = await openDevice();
      const { result, state } = await follow(device, experiment, dataset, terminal, checkpoint, given.has('checkpoint'));
      const keep = given.value('checkpoint');
      if (keep !== undefined && result.status !== 'diverged') writeWhole(keep, state);
      if (result.status === 'stopped') {
        terminal.warn(`Stopped at step ${result.network.step}. Go on with: --resume ${keep ?? ''}`);
        return 130;
      }
      const report = await makeReport(result);
      folder.commit({
        'experiment.json': json(result.experiment),
        'metrics.csv': metricsCsv(result.rows),
        'weights.safetensors': weightsFile(result.network, experiment),
        'report.json': json(report),
      });
      if (result.message !== undefined) terminal.warn(`sparseland: ${result.message}`);
      for (const facts of result.storage) terminal.say(`storage ${storageSentence(facts)} on this device${result.adapter.software ? ' (software adapter)' : ''}`);
      if (result.written) terminal.say(`wrote at step ${result.written.step}: ${result.written.text.trim()}`);
      terminal.say(`${summaryOf(result, report)} -> ${shortPath(folder.path)}`);
      return result.status === 'finished' ? 0 : 1;
    } finally {
      folder.discard();
      leave();
    }
  },
};

/** From here, where that is not longer than the whole path. */
function shortPath(path: string): string {
  const short = relative('.', path);
  return short === '' || short.startsWith('..') ? path : short;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What is trained: as the options say, or as the checkpoint says. */
function chooseRun(given: Given): { experiment: Experiment; checkpoint?: Uint8Array } {
  const file = given.value('resume');
  if (file === undefined) return { experiment: chooseExperiment(given) };
  const other = Object.keys(EXPERIMENT_OPTIONS).find((name) => name !== 'steps' && given.has(name));
  if (other) throw new UsageError(`--resume goes on with the experiment of the checkpoint; leave out --${other}.`);
  const { checkpoint, step, saved } = readCheckpoint(file);
  const steps = given.value('steps');
  const experiment = steps === undefined ? saved : withSteps(saved, steps);
  const total = totalSteps(experiment);
  if (step >= total) throw new UsageError(`${quote(file)} is at step ${step} of ${total}: nothing is left to do. Train on with --steps N, N above ${step}.`);
  return { experiment, checkpoint };
}

function readCheckpoint(file: string): { checkpoint: Uint8Array; step: number; saved: Experiment } {
  try {
    const checkpoint = new Uint8Array(readFileSync(file));
    const { experiment, step } = decodeCheckpoint(checkpoint);
    const { experiment: saved, notes } = parseExperiment(experiment);
    if (notes[0] !== undefined) throw new CheckpointError(notes[0]);
    return { checkpoint, step, saved };
  } catch (error) {
    throw new UsageError(`${quote(file)} cannot be resumed: ${firstLine(error)}.`);
  }
}

interface Followed {
  result: RunResult;
  /** The checkpoint at the end. */
  state: Uint8Array;
}

/** Runs to the end, or to Ctrl-C where the state is wanted then, and gathers what is told. */
async function follow(device: OpenDevice, experiment: Experiment, dataset: Dataset, terminal: Terminal, checkpoint: Uint8Array | undefined, keepState: boolean): Promise<Followed> {
  const progress = createProgress(terminal.progress);
  const commands = createCommandPort();
  const rows: MetricRows[] = [];
  const storage = new Map<string, StorageFacts>();
  const seen: { [Type in RunEventBody['type']]?: Extract<RunEventBody, { type: Type }> } = {};
  let began = 0;
  const leave = keepState ? onInterrupt(() => {
    progress.clear();
    terminal.warn('Stopping; Ctrl-C again ends at once.');
    commands.send({ type: 'stop' });
  }, 'once') : undefined;
  const fromStep = checkpoint ? decodeCheckpoint(checkpoint).step : 0;
  try {
    for await (const event of run({ gpu: device.gpu, experiment, dataset, commands, saveAtEnd: true, writes: true, tuning: nodeTuningCache(), ...(checkpoint ? { checkpoint } : {}) })) {
      Object.assign(seen, { [event.type]: event });
      if (event.type === 'started') began = performance.now();
      if (event.type === 'metrics') rows.push(...event.rows);
      if (event.type === 'storage') for (const facts of event.layers) if (facts.arm === 'main') storage.set(facts.layer, facts);
      showProgress(progress, event, rows, seen.started?.totalSteps ?? 1, dataset.text !== undefined);
    }
  } finally {
    leave?.();
    progress.clear();
  }
  if (seen.lost || seen.failed) throw new Error((seen.lost ?? seen.failed)?.message);
  const { started, ready, finished, diverged } = seen;
  const state = seen.checkpoint?.checkpoint.bytes;
  if (!started || !ready || !state) throw new Error('The run ended before it had a state to save.');
  const saved = exportNetwork(state, experiment, dataset);
  // Steps that were sent behind the one that diverged changed nothing.
  const network = diverged?.arm === 'main' ? { ...saved, step: diverged.step - 1 } : saved;
  return {
    state,
    result: {
      status: finished ? 'finished' : diverged ? 'diverged' : 'stopped',
      ...(diverged ? { message: diverged.message } : {}),
      experiment: { ...experiment, edits: started.experiment.edits },
      dataset, adapterName: device.name, adapter: ready.adapter, arms: started.arms, fromStep, rows, cost: started.cost, storage: started.layers.flatMap(({ name }) => storage.get(name) ?? []),
      trainingFlops: await trainingFlops(experiment, dataset, rows, fromStep, network.step),
      wallMs: performance.now() - began,
      ...(finished ? { variants: finished.variants, hash: finished.hash } : {}),
      network,
      ...(seen.written ? { written: seen.written.written } : {}),
    },
  };
}

function showProgress(progress: Progress, event: RunEventBody, rows: readonly MetricRows[], total: number, text: boolean): void {
  if (event.type === 'compiling') progress.tell(event.done < event.total ? `compiling ${event.total} kernels` : '');
  if (event.type !== 'metrics') return;
  const step = event.rows.find(({ table }) => table === 'train')?.step.at(-1);
  if (step === undefined) return;
  const [loss, accuracy] = [lastValue(rows, 'main', 'train', 'loss'), lastValue(rows, 'main', 'test', 'accuracy')];
  const tested = lastValue(rows, 'main', 'test', 'loss');
  const bits = text && tested !== null ? `  ${bitsOfLoss(tested).toFixed(2)} bits per character` : '';
  progress.at(step, total, `loss ${loss?.toPrecision(3) ?? '-'}  test accuracy ${percent(accuracy)}${bits}`);
}

/** The plain line at the end. */
function summaryOf(result: RunResult, report: Record<string, unknown>): string {
  const { experiment, network, status } = result;
  const { stepMs, final, density } = report as { stepMs: { median: number | null }; final: { testAccuracy: number | null; bitsPerCharacter?: Record<string, number | null> }; density: number };
  const beside = result.arms.length > 1 ? ` for ${result.arms.length} networks` : '';
  return `${experiment.preset} seed ${experiment.seed}: ${status} ${status === 'diverged' ? 'after' : 'at'} step ${network.step} in ${duration(result.wallMs)} (median ${stepMs.median?.toFixed(2) ?? '-'} ms a step${beside}), `
    + `test accuracy ${percent(final.testAccuracy)}${bitsWords(final.bitsPerCharacter)} at density ${percent(density)}, ${result.adapterName}`;
}

/** Bits per character in words, where the data are a text. */
function bitsWords(bits: Record<string, number | null> | undefined): string {
  const [test, unigram, bigram] = ['test', 'unigram', 'bigram'].map((name) => bits?.[name]?.toFixed(2) ?? '-');
  return bits ? `, ${test} bits per character (counts of characters ${unigram}, of pairs ${bigram})` : '';
}

const percent = (share: number | null): string => (share === null ? '-' : `${Number((100 * share).toFixed(2))} %`);
