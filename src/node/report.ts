import type { AdapterFacts, ArmId, CostFacts, MetricRows, StorageFacts, Written } from '../engine/experiment/events.ts';
import type { Experiment } from '../engine/experiment/experiment.ts';
import { bitsOfLoss, textBaselines } from '../engine/data/baselines.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import { stepTimes } from '../engine/experiment/stepTimes.ts';
import { storageWords } from '../engine/experiment/storageWords.ts';
import { sha256 } from '../engine/gpu/hash.ts';
import { decimal } from '../engine/experiment/metricsCsv.ts';
import type { ExportedNetwork } from '../engine/experiment/exportTensors.ts';
import type { Tensor } from '../engine/experiment/safetensors.ts';

/** What is known of a run when it has ended. */
export interface RunResult {
  /** `stopped`: by Ctrl-C, before its last step. */
  status: 'finished' | 'diverged' | 'stopped';
  /** Why it diverged. */
  message?: string;
  experiment: Experiment;
  dataset: Dataset;
  /** One line, such as `llvmpipe (LLVM 19.1.7, 256 bits), software`. */
  adapterName: string;
  adapter: AdapterFacts;
  arms: readonly ArmId[];
  /** Step that the run began with: above 0 where it was resumed. */
  fromStep: number;
  rows: readonly MetricRows[];
  cost: readonly CostFacts[];
  /** The newest word on how each layer of the main network was measured and stored, as far as there was one. */
  storage: readonly StorageFacts[];
  /** FLOPs of all steps of the main network, with products at the density that each step had, and dense. */
  trainingFlops: { sparse: number; dense: number };
  wallMs: number;
  /** Kernel variant of each dispatch of a step; absent where the run did not finish. */
  variants?: Readonly<Record<string, string>>;
  /** The run's own hash, as the page shows it; absent where the run did not finish. */
  hash?: string;
  network: ExportedNetwork;
  /** The newest text that the main network wrote; of a run on a text. */
  written?: Written;
}

/** What the main network needs for a character of the test text, and what counts of characters and of pairs need, in bits. */
function bitsOf(rows: readonly MetricRows[], dataset: Dataset): Record<string, number | null> {
  const loss = lastValue(rows, 'main', 'test', 'loss');
  return { test: loss === null ? null : bitsOfLoss(loss), ...Object.fromEntries(textBaselines(dataset).map(({ name, loss: reached }) => [name, bitsOfLoss(reached)])) };
}

/** The content of `report.json`; docs/command-line.md describes each field. */
export async function makeReport(result: RunResult): Promise<Record<string, unknown>> {
  const { experiment, dataset, network, rows } = result;
  const main = result.cost.find(({ arm }) => arm === 'main');
  const weights = sum(network.layers.map((l) => l.weights));
  const active = sum(network.layers.map((l) => l.active));
  const times = stepTimes(rows, result.fromStep);
  return {
    format: 1,
    status: result.status,
    ...(result.message === undefined ? {} : { message: result.message }),
    preset: experiment.preset,
    seed: experiment.seed,
    steps: network.step,
    ...(result.fromStep > 0 ? { resumedAtStep: result.fromStep } : {}),
    arms: result.arms,
    adapter: { name: result.adapterName, ...result.adapter },
    execution: result.adapter.software ? 'software' : 'hardware',
    variants: result.variants ?? {},
    wallMs: rounded(result.wallMs),
    stepMs: { median: rounded(quantile(times, 0.5)), p10: rounded(quantile(times, 0.1)), p90: rounded(quantile(times, 0.9)), n: times.length },
    final: {
      step: network.step,
      trainLoss: lastValue(rows, 'main', 'train', 'loss'),
      testLoss: lastValue(rows, 'main', 'test', 'loss'),
      testAccuracy: lastValue(rows, 'main', 'test', 'accuracy'),
      ...(dataset.text && { bitsPerCharacter: bitsOf(rows, dataset), ...(result.written && { text: result.written.text }) }),
    },
    controls: Object.fromEntries(result.arms.filter((arm) => arm !== 'main').map((arm) => [arm, { testLoss: lastValue(rows, arm, 'test', 'loss'), testAccuracy: lastValue(rows, arm, 'test', 'accuracy') }])),
    input: inputOf(dataset),
    layers: network.layers.map(({ name, column, shape, activation, format, active, weights }) => ({ name, column, shape, activation, format: storedAs(format, column, result.storage), density: active / weights, active })),
    storage: result.storage.map((facts) => {
      const { ms, crossover } = storageWords(facts);
      return { layer: facts.layer, format: facts.format, density: facts.density, ms, crossover: crossover ?? null, passes: facts.passes };
    }),
    density: active / weights,
    active,
    weights,
    model: { activation: experiment.model.activation, norm: experiment.model.norm },
    flops: {
      step: main?.flops ?? null, denseStep: main?.denseFlops ?? null,
      training: Math.round(result.trainingFlops.sparse), denseTraining: result.trainingFlops.dense,
    },
    bytes: { step: main?.bytes ?? null, peak: main?.peakBytes ?? null },
    sha256: {
      parameters: await hashOf(network.tensors.filter((t) => t.dtype === 'F32')),
      masks: await hashOf(network.tensors.filter((t) => t.dtype === 'U8')),
      ...(result.hash === undefined ? {} : { run: result.hash }),
    },
  };
}

/** What `auto` had come to at the end. */
function storedAs(format: string, column: string, storage: readonly StorageFacts[]): string {
  return format === 'auto' ? storage.find(({ layer }) => layer === column)?.format ?? 'masked' : format;
}

/** The network sees (value * scale - mean) / std of each stored value. */
function inputOf({ id, features, classes, train, mean, std, licence, source }: Dataset): Record<string, unknown> {
  const bytes = train.values instanceof Uint8Array;
  return { dataset: id, features, classes, scale: bytes ? 1 / 255 : 1, mean, std, formula: '(value * scale - mean) / std', licence, source };
}

/** The value of a column at its last step; null where there is none, or none that JSON can hold. */
export function lastValue(rows: readonly MetricRows[], arm: ArmId, table: MetricRows['table'], column: string): number | null {
  const last = rows.findLast((r) => r.arm === arm && r.table === table && (r.columns[column]?.length ?? 0) > 0)?.columns[column]?.at(-1);
  return last !== undefined && Number.isFinite(last) ? Number(decimal(last)) : null;
}

/** SHA-256 over the values of tensors, one after another as they lie in the weights file. */
function hashOf(tensors: readonly Tensor[]): Promise<string> {
  const parts = tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const all = new Uint8Array(sum(parts.map((p) => p.length)));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return sha256(all);
}

function quantile(values: readonly number[], q: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Number(ms.toFixed(4)));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
