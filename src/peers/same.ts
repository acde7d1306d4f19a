import { experimentFrom } from '../engine/experiment/defaults.ts';
import type { Experiment } from '../engine/experiment/experiment.ts';
import { networkSpec } from '../engine/experiment/model.ts';
import type { Dataset, Examples } from '../engine/data/dataset.ts';
import { convolutionName, layerName, networkLayers, networkLayout } from '../engine/nn/layers.ts';
import { NORM_EPSILON } from '../engine/nn/norms.ts';
import { initialParams } from '../engine/nn/layout.ts';
import { randomUniformArray } from '../engine/random.ts';
import type { PeerBatch, PeerCnnStart, PeerOptimizer, PeerStart, PeerTransformerStart } from './peer.ts';

/** A dense run, of plain SGD where nothing else is said, that takes its examples in order, so that a peer can be given the same batches. */
export function denseExperiment(size: { hidden: readonly number[]; batch: number; steps: number; optimizer?: 'sgd' | 'adam'; rate: number; seed: number }): Experiment {
  const { hidden, batch, steps, optimizer = 'sgd', rate, seed } = size;
  return experimentFrom({
    preset: 'dense-mnist', seed, data: { set: 'moons', batch, noise: 0, samples: batch }, model: { hidden: [...hidden] },
    phases: [{ steps, sampler: 'sequential', optimizer: { name: optimizer, rate, momentum: 0, decay: 0 }, sparsity: { method: 'dense' } }],
    evaluateEvery: steps, beside: { random: false, dense: false },
  });
}

/** Numbers of one of the random streams that data use; far from those of real data sets. */
const STREAM = 77;

/** Classes that a linear rule gives random points: learned within a few steps, the same everywhere. */
export function syntheticData({ features, classes, count, seed }: { features: number; classes: number; count: number; seed: number }): Dataset {
  const values = randomUniformArray(seed, STREAM, 0, count * features, -1, 1);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    // The class is that of the largest among the first values.
    let best = 0;
    for (let c = 1; c < classes; c++) if ((values[i * features + c] as number) > (values[i * features + best] as number)) best = c;
    labels[i] = best;
  }
  const train: Examples = { count, values, labels };
  const held = Math.min(count, 64);
  const test: Examples = { count: held, values: values.slice(0, held * features), labels: labels.slice(0, held) };
  return { id: 'synthetic', title: 'Synthetic', features, classes, train, test, scale: 1, shift: 0, mean: 0, std: 1, licence: 'none', source: 'generated' };
}

/** Reads the parameters that a run of the experiment starts from, by name. */
function initialTensors(experiment: Experiment, dataset: Dataset): (name: string) => Float32Array {
  const layout = networkLayout(networkSpec(experiment, dataset));
  const flat = initialParams(layout, experiment.seed);
  return (name) => {
    const found = layout.tensors.find((t) => t.name === name);
    if (!found) throw new Error(`The network has no ${name}.`);
    return flat.slice(found.offset, found.offset + found.length);
  };
}

/** The parameters that a run of the experiment starts from. */
export function peerStart(experiment: Experiment, dataset: Dataset): PeerStart {
  const layers = networkLayers(networkSpec(experiment, dataset));
  const tensor = initialTensors(experiment, dataset);
  const names = layers.map(({ name }) => name);
  return {
    widths: [dataset.features, ...layers.map(({ shape }) => shape[0] as number)], weights: names.map((name) => tensor(`${name}.weight`)), biases: names.map((name) => tensor(`${name}.bias`)),
    optimizer: peerOptimizer(experiment),
  };
}

/** The same for a convolutional network with batch norm, ReLU and max pooling. @throws Error for any other network */
export function peerCnnStart(experiment: Experiment, dataset: Dataset): PeerCnnStart {
  const spec = networkSpec(experiment, dataset);
  if (spec.kind !== 'cnn' || spec.norm !== 'batch' || spec.pool !== 'max' || spec.activation !== 'relu') throw new Error('A peer trains convolutions with batch norm, ReLU and max pooling.');
  const tensor = initialTensors(experiment, dataset);
  return {
    picture: spec.picture,
    convolutions: spec.channels.map((out, l) => {
      const part = (name: string): Float32Array => tensor(`${convolutionName(l)}.${name}`);
      return { out, weight: part('weight'), gain: part('gain'), shift: part('shift') };
    }),
    head: { classes: spec.classes, weight: tensor(`${layerName(0)}.weight`), bias: tensor(`${layerName(0)}.bias`) },
    epsilon: NORM_EPSILON,
    optimizer: peerOptimizer(experiment),
  };
}

/** The same for a transformer. @throws Error where a peer would need positions, units, a norm or a head of another kind */
export function peerTransformerStart(experiment: Experiment, dataset: Dataset): PeerTransformerStart {
  const spec = networkSpec(experiment, dataset);
  if (spec.kind !== 'transformer' || spec.positions !== 'learned' || spec.norm !== 'layer' || spec.activation !== 'gelu' || spec.head !== 'tied' || spec.dropout > 0) {
    throw new Error('A peer trains transformers with learned positions, layer norm, GELU and a tied head, without dropout.');
  }
  const layout = networkLayout(spec);
  const flat = initialParams(layout, experiment.seed);
  const { vocabulary, context, depth, width, heads } = spec;
  return {
    vocabulary, context, depth, width, heads,
    tensors: new Map(layout.tensors.map(({ name, shape, offset, length }) => [name, { shape, values: flat.slice(offset, offset + length) }])),
    epsilon: NORM_EPSILON,
    optimizer: peerOptimizer(experiment),
  };
}

function peerOptimizer({ phases }: Experiment): PeerOptimizer {
  const found = phases[0]?.optimizer;
  if (!found || found.name === 'adamw') throw new Error('A peer trains by plain SGD or Adam.');
  const { name, rate, beta1, beta2, epsilon } = found;
  return name === 'sgd' ? { name, rate } : { name, rate, beta1, beta2, epsilon };
}

/** Examples `from` to `from + batch` of the training set, as a peer takes them: bytes scaled and shifted as our network sees them. */
export function batchOf({ features, train, scale, shift }: Dataset, from: number, batch: number): PeerBatch {
  const values = train.values.subarray(from * features, (from + batch) * features);
  return { x: Float32Array.from(values, (value) => value * scale + shift), labels: Int32Array.from(train.labels.slice(from, from + batch)) };
}

/** Windows `from` to `from + batch` of a training text, and the codes behind each of their characters. */
export function textBatchOf({ features: context, train, text }: Dataset, from: number, batch: number): PeerBatch {
  const start = (window: number): number => (from + window) * (text?.stride.train ?? 1);
  const codes = (shift: number): number[] => Array.from({ length: batch * context }, (_, i) => train.values[start(Math.floor(i / context)) + (i % context) + shift] as number);
  return { x: Float32Array.from(codes(0)), labels: Int32Array.from(codes(1)) };
}
