import { networkLayers, picturesOf } from '../nn/layers.ts';
import { needsDenseGradient } from '../sparsity/averages.ts';
import { findMethod } from '../sparsity/methods/index.ts';
import type { Series } from './columns.ts';
import type { Experiment } from './experiment.ts';
import { type DataSizes, networkSpec } from './model.ts';
import { phaseStarts } from './phases.ts';
import type { RunLog } from './runLog.ts';

/* Theoretical FLOPs of training by the rule of cost.ts, from what a log holds: no program has to be traced for them. */

/** What the products of a layer cost in a step of the whole batch, at density 1. */
export interface LayerFlops {
  name: string;
  maskable: boolean;
  /** FLOPs of one product; forward, weight gradient and input gradient cost the same. */
  product: number;
  /** 3, or 2 for the first layer, whose inputs need no gradient. */
  products: number;
}

/** FLOPs of one step, by what they grow with. */
export interface StepFlops {
  /** All that no mask makes cheaper. */
  rest: number;
  layers: readonly LayerFlops[];
}

/** FLOPs of the products of all layers with a weight. A multiply and an add count as two. */
export function layerFlops(experiment: Experiment, data: DataSizes): LayerFlops[] {
  const spec = networkSpec(experiment, data);
  const pictures = spec.kind === 'cnn' ? picturesOf(spec) : [];
  return networkLayers(spec).map(({ name, shape }, l) => {
    const picture = shape.length === 4 ? pictures[l] : undefined;
    const positions = spec.kind === 'transformer' ? spec.context : picture ? picture.height * picture.width : 1;
    const weights = shape.reduce((a, b) => a * b, 1);
    return { name, maskable: spec.maskable[l] ?? false, product: 2 * weights * positions * experiment.data.batch, products: spec.kind === 'transformer' ? 3 : l === 0 ? 2 : 3 };
  });
}

/** FLOPs of a step. @param denseFlops of a step in dense arithmetic, as `CostFacts` has them */
export function stepFlopsOf(experiment: Experiment, data: DataSizes, denseFlops: number): StepFlops {
  const layers = layerFlops(experiment, data);
  const products = layers.reduce((sum, layer) => sum + layer.product * layer.products, 0);
  return { rest: Math.max(0, denseFlops - products), layers };
}

/**
 * FLOPs of a step if products cost what their mask keeps.
 * @param density of a layer with a mask
 * @param denseGradient gradients of weights count in full: the method asks for those outside the mask
 */
export function flopsAt({ rest, layers }: StepFlops, density: (name: string) => number, denseGradient: boolean): number {
  return layers.reduce((sum, { name, maskable, product, products }) => {
    const share = maskable ? density(name) : 1;
    return sum + product * (denseGradient ? 1 + (products - 1) * share : products * share);
  }, rest);
}

/** True where a step of a phase needs gradients outside the mask. */
export function asksDenseGradient(experiment: Experiment, step: number, updates: boolean): boolean {
  const starts = phaseStarts(experiment);
  const phase = experiment.phases.findLast((_, i) => (starts[i] as number) <= step);
  return needsDenseGradient(findMethod(phase?.sparsity.method ?? 'dense'), updates);
}

/**
 * FLOPs of the main network's training from its first step, summed: a value at each mask and at the last step, straight
 * lines between. A step counts with the masks that it began with; scoring and selection of an update are left out.
 * Empty where the log has no cost, as before its run began.
 */
export function trainingFlops(log: RunLog, data: DataSizes): Series {
  const { experiment } = log;
  const denseFlops = log.cost.find(({ arm }) => arm === 'main')?.denseFlops;
  if (!experiment || denseFlops === undefined) return { steps: new Uint32Array(0), values: new Float32Array(0) };
  const step = stepFlopsOf(experiment, data, denseFlops);
  const masks = log.tables.get('main/mask');
  const densityIn = (row: number) => (name: string): number => masks?.columns.get(`${name}.density`)?.[row] ?? 1;
  const rows = masks?.length ?? 0;
  const at = (row: number): number => masks?.step[row] ?? 0;
  const steps = [0];
  const values = [0];
  for (let row = 0; row < Math.max(1, rows); row++) {
    const from = at(row);
    const to = row + 1 < rows ? at(row + 1) : Math.max(log.step, from);
    if (to <= from) continue;
    const updates = row + 1 < rows;
    const plain = flopsAt(step, densityIn(row), asksDenseGradient(experiment, from, false));
    const last = updates ? flopsAt(step, densityIn(row), asksDenseGradient(experiment, to - 1, true)) : plain;
    steps.push(to);
    values.push((values.at(-1) as number) + plain * (to - from - 1) + last);
  }
  return { steps: Uint32Array.from(steps), values: Float32Array.from(values) };
}
