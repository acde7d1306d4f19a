import type { Dataset } from '../data/dataset.ts';
import { networkLayers, type NetworkSpec, type Picture, type WeightLayer } from '../nn/layers.ts';
import type { ParamLayout } from '../nn/layout.ts';
import { transformerLayers, type TransformerSpec } from '../nn/transformerLayers.ts';
import { isMaskable } from '../sparsity/distributions.ts';
import type { LayerFacts } from './events.ts';
import type { Experiment } from './experiment.ts';

/** Examples of one evaluation batch: few enough bytes for a phone. */
export const EVALUATION_BATCH = 500;

/** What of a data set decides the sizes of a network. */
export type DataSizes = Pick<Dataset, 'features' | 'classes' | 'image'>;

/** Pictures of a data set; without any, each example is one point with a channel a feature. */
function pictureOf({ features, image }: DataSizes): Picture {
  return image ? { ...image, channels: features / (image.width * image.height) } : { channels: features, height: 1, width: 1 };
}

/** The network of an experiment. A layer that any phase keeps dense has no mask in all of them. */
export function networkSpec(experiment: Experiment, data: DataSizes): NetworkSpec {
  const { model, seed } = experiment;
  if (model.kind === 'transformer') return transformerSpec(experiment, data);
  const count = (model.kind === 'cnn' ? model.channels : model.hidden).length + 1;
  const maskable = Array.from({ length: count }, (_, l) => experiment.phases.every((p) => isMaskable(l, count, p.sparsity)));
  // parseExperiment gives gated units to transformers alone.
  const activation = model.activation === 'swiglu' ? 'gelu' : model.activation;
  const shared = { activation, norm: model.norm, weights: model.weights, dropout: model.dropout, seed, maskable };
  if (model.kind === 'cnn') return { kind: 'cnn', picture: pictureOf(data), channels: model.channels, classes: data.classes, pool: model.pool, ...shared };
  return { kind: 'mlp', widths: [data.features, ...model.hidden, data.classes], ...shared };
}

/** As `networkSpec`. A layer has a mask where its group asks for one, and no phase keeps it dense. */
function transformerSpec({ model, data: { context }, masks, phases, seed }: Experiment, { classes }: DataSizes): TransformerSpec {
  const { depth, width, heads, feedForward, activation, weights, positions, head, dropout } = model;
  const sizes = { vocabulary: classes, depth, width, feedForward, activation, head };
  const layers = transformerLayers(sizes);
  const maskable = layers.map(({ group }, l) => masks[group] && phases.every((p) => isMaskable(l, layers.length, p.sparsity)));
  const norm = model.norm === 'batch' ? 'layer' : model.norm;
  return { kind: 'transformer', ...sizes, context, heads, norm, weights, positions, dropout, seed, maskable };
}

/** Layers with a weight that an experiment's network has. */
export function layerCount({ model }: Pick<Experiment, 'model'>): number {
  if (model.kind === 'transformer') return transformerLayers({ ...model, vocabulary: 1 }).length;
  return (model.kind === 'cnn' ? model.channels : model.hidden).length + 1;
}

/** Name and sizes of a layer as panels see it. */
export function layerSizes({ name, shape, activation }: WeightLayer): Pick<LayerFacts, 'name' | 'out' | 'in' | 'kernel' | 'activation'> {
  const [out, ...inputs] = shape as [number, ...number[]];
  const kernel = shape.length === 4 ? { kernel: [shape[2], shape[3]] as [number, number] } : {};
  return { name, out, in: inputs.reduce((a, b) => a * b, 1), ...kernel, activation };
}

/** The layers with a weight as panels see them, in order of the network. */
export function layerFacts(spec: NetworkSpec, layout: ParamLayout): LayerFacts[] {
  return networkLayers(spec).map((layer) => {
    const tensor = layout.layers.find((t) => t.name === `${layer.name}.weight`);
    return { ...layerSizes(layer), maskable: tensor !== undefined, wordOffset: tensor ? tensor.offset / 32 : 0, words: tensor ? Math.ceil(tensor.length / 32) : 0 };
  });
}

/** Parameters that no mask ever takes: biases, gains and shifts. */
export function keptParameters(layout: ParamLayout): number {
  return layout.tensors.filter((t) => !t.maskable && t.shape.length === 1).reduce((sum, t) => sum + t.length, 0);
}
