import { datasetCard } from '../../engine/data/cards.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { keptParameters, networkSpec } from '../../engine/experiment/model.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { networkLayout } from '../../engine/nn/layers.ts';
import { layerFacts, scheduleOf } from '../session/preview.ts';

/** Parameters of an experiment's network that are active at the end, as planned; biases and norms, always kept, count too. */
export function finalParameters(experiment: Experiment): number {
  const layers = layerFacts(experiment);
  const ends = scheduleOf(experiment, layers).ends.at(-1);
  return layers.reduce((sum, { name, out, in: inputs }) => sum + (ends?.get(name) ?? out * inputs), keptOf(experiment));
}

function keptOf(experiment: Experiment): number {
  const card = datasetCard(experiment.data.set);
  return card ? keptParameters(networkLayout(networkSpec(experiment, card))) : 0;
}

/**
 * The dense network of the same shape, narrower, whose number of parameters comes closest to `wanted`: all hidden widths
 * (or channels) shrink by one factor. Null where there is no hidden layer to shrink.
 */
export function equalDense(experiment: Experiment, wanted: number): { experiment: Experiment; parameters: number } | null {
  const path = experiment.model.kind === 'cnn' ? 'model.channels' : 'model.hidden';
  const widths = experiment.model.kind === 'cnn' ? experiment.model.channels : experiment.model.hidden;
  if (widths.length === 0) return null;
  const dense = setPath(experiment, 'sparsity.method', 'dense');
  const at = (factor: number): { experiment: Experiment; parameters: number } => {
    const narrow = setPath(dense, path, widths.map((width) => Math.max(1, Math.round(width * factor))));
    return { experiment: narrow, parameters: finalParameters(narrow) };
  };
  // Factors at which a width changes: between two of them the network is the same.
  const factors = [...new Set(widths.flatMap((width) => Array.from({ length: width }, (_, i) => (i + 1) / width)))].sort((a, b) => a - b);
  let [low, high] = [0, factors.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(factors[middle]!).parameters < wanted) low = middle;
    else high = middle;
  }
  const [below, above] = [at(factors[low]!), at(factors[high]!)];
  return Math.abs(below.parameters - wanted) <= Math.abs(above.parameters - wanted) ? below : above;
}
