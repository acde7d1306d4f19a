import { datasetCard } from '../../engine/data/cards.ts';
import type { ArmId, CheckpointFile, MetricRows } from '../../engine/experiment/events.ts';
import { exportNetwork, weightsFile } from '../../engine/experiment/exportTensors.ts';
import { CSV_HEADER, metricsCsv } from '../../engine/experiment/metricsCsv.ts';
import { maskAt, type RunLog } from '../../engine/experiment/runLog.ts';
import { encodeSafetensors, type Tensor } from '../../engine/experiment/safetensors.ts';
import { unpackBits } from '../../engine/sparsity/bits.ts';
import { experimentOf, originOf } from './caption.ts';

/** A run as it is exported: the name of its folder and its log. */
export interface ExportedRun {
  name: string;
  log: RunLog;
}

/** Files of a zip by path. */
export type Files = Record<string, Uint8Array>;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** All that a log has measured, as rows. */
export function rowsOf(log: RunLog): MetricRows[] {
  return [...log.tables].map(([key, { length, step, columns }]) => {
    const [arm, table] = key.split('/') as [ArmId, MetricRows['table']];
    return { arm, table, step: step.slice(0, length), columns: Object.fromEntries([...columns].map(([name, values]) => [name, values.slice(0, length)])) };
  });
}

/** The metrics of all runs in tidy long form: the command line's columns behind the name of the run. NaN where a row has no value. */
export function runsCsv(runs: readonly ExportedRun[]): string {
  const lines = runs.flatMap(({ name, log }) => metricsCsv(rowsOf(log)).split('\n').slice(1, -1).map((line) => `${name},${line}`));
  return `${[`run,${CSV_HEADER}`, ...lines].join('\n')}\n`;
}

/** The newest masks of the main network as a safetensors file, under the names of the weights file; undefined where none is known. */
export function masksFile(log: RunLog): Uint8Array | undefined {
  const snapshot = maskAt(log, 'main', log.step);
  if (!snapshot) return undefined;
  const tensors = log.layers.flatMap(({ out, in: inputs, kernel, maskable, wordOffset }, l): Tensor[] => {
    if (!maskable) return [];
    const shape = kernel ? [out, inputs / (kernel[0] * kernel[1]), ...kernel] : [out, inputs];
    return [{ name: `layers.${l}.weight.mask`, dtype: 'U8', shape, values: unpackBits(snapshot.mask, out * inputs, wordOffset) }];
  });
  return encodeSafetensors({ tensors, metadata: { format: 'pt', steps: String(snapshot.step) } });
}

/** The weights of the main network in a checkpoint, byte for byte as the command line writes them. @throws RangeError for a run without an experiment or with an unknown data set */
export function weightsOf(log: RunLog, checkpoint: CheckpointFile): Uint8Array {
  const { experiment } = log;
  const card = datasetCard(experiment?.data.set ?? '');
  if (!experiment || !card) throw new RangeError('Weights can be exported once a run has begun on a known data set.');
  const network = exportNetwork(checkpoint.bytes, experiment, card);
  // Steps that were sent behind the one that diverged changed nothing.
  const { status } = log;
  return weightsFile(status.state === 'diverged' && status.arm === 'main' ? { ...network, step: status.step - 1 } : network, experiment);
}

/** Experiment, link and masks of a run, in a folder of its name. */
export function runFiles({ name, log }: ExportedRun, page: string): Files {
  const { link, words } = originOf(log, page);
  const masks = masksFile(log);
  return {
    [`${name}/experiment.json`]: bytesOf(`${JSON.stringify(experimentOf(log), null, 2)}\n`),
    [`${name}/link.txt`]: bytesOf(`${link}\n${words}\n`),
    ...(masks && { [`${name}/masks.safetensors`]: masks }),
  };
}
