import { networkLayers, picturesOf, type WeightLayer } from '../nn/layers.ts';
import type { TransformerSpec } from '../nn/transformerLayers.ts';
import { densityBehind, PASSES, type Pass, type PassRule, type PassShares, theoreticalShares, WHOLE } from '../sparsity/passes.ts';
import type { LayerFacts } from './events.ts';
import type { Experiment } from './experiment.ts';
import { type DataSizes, layerSizes, networkSpec } from './model.ts';

/* Theoretical FLOPs of a step by the rule of cost.ts, from an experiment and its log: no program has to be traced for them. */

/** What the products of a layer cost in a step of the whole batch, at density 1. */
export interface LayerFlops {
  name: string;
  maskable: boolean;
  kernel: LayerFacts['kernel'];
  /** FLOPs of one product; all passes cost the same. */
  product: number;
  /** Those that a step has: the first layer's inputs need no gradient, nor does a frozen weight. */
  passes: readonly Pass[];
  /** Density of the mask behind it, for methods that have two; see `densityBehind`. */
  behind: number | undefined;
}

/** FLOPs of one step, by what they grow with. */
export interface StepFlops {
  /** All that no mask makes cheaper. */
  rest: number;
  layers: readonly LayerFlops[];
}

/** FLOPs of the products of all layers with a weight, in a phase. A multiply and an add count as two. */
export function layerFlops(experiment: Experiment, data: DataSizes, phase = 0): LayerFlops[] {
  const spec = networkSpec(experiment, data);
  const pictures = spec.kind === 'cnn' ? picturesOf(spec) : [];
  const frozen = new Set(experiment.phases[phase]?.frozen);
  const all = networkLayers(spec);
  return all.map((layer, l) => {
    const { name, shape } = layer;
    const picture = shape.length === 4 ? pictures[l] : undefined;
    const positions = spec.kind === 'transformer' ? spec.context : picture ? picture.height * picture.width : 1;
    const weights = shape.reduce((a, b) => a * b, 1);
    const sizes = layerSizes(layer);
    // Below a transformer's first product there is always something that trains: positions, or norms.
    const flowsOn = spec.kind === 'transformer' || all.slice(0, l).some((_, below) => !frozen.has(below + 1));
    const has: Readonly<Record<Pass, boolean>> = { forward: true, 'input gradient': flowsOn, 'weight gradient': !frozen.has(l + 1) };
    return {
      name, maskable: spec.maskable[l] ?? false, kernel: sizes.kernel, product: 2 * weights * positions * experiment.data.batch,
      passes: spec.kind === 'transformer' && isOnlyLookedUp(spec, layer) ? [] : PASSES.filter((pass) => has[pass]), behind: densityBehind(experiment.masks, sizes),
    };
  });
}

/** True for a table of characters that no product reads: the head has its own. */
const isOnlyLookedUp = ({ head }: TransformerSpec, { name }: WeightLayer): boolean => name === 'embedding' && head === 'free';

/** FLOPs of a step of a phase. @param denseFlops of a step of the first phase in dense arithmetic, as `CostFacts` has them */
export function stepFlopsOf(experiment: Experiment, data: DataSizes, denseFlops: number, phase = 0): StepFlops {
  const products = layerFlops(experiment, data).reduce((sum, { product, passes }) => sum + product * passes.length, 0);
  return { rest: Math.max(0, denseFlops - products), layers: layerFlops(experiment, data, phase) };
}

/** The shares of a layer's passes under a rule. @param density of a layer with a mask */
export function layerShares(rule: PassRule, { name, maskable, behind }: LayerFlops, density: (name: string) => number): PassShares {
  return maskable ? theoreticalShares(rule, { density: density(name), behind }) : WHOLE;
}

/** FLOPs of a step if products cost what their mask keeps. */
export function flopsAt({ rest, layers }: StepFlops, density: (name: string) => number, rule: PassRule): number {
  return layers.reduce((sum, layer) => {
    const shares = layerShares(rule, layer, density);
    return layer.passes.reduce((own, pass) => own + layer.product * shares[pass], sum);
  }, rest);
}
