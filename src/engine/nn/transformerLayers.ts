import type { WeightLayer } from './layers.ts';
import type { ConstantSpec, ParamSpec } from './layout.ts';
import { rotaryTable } from './rotaryTable.ts';

/* What the layers of a transformer are, without the operations that compute them. */

/** Linear layers of a block, and the two tables around the blocks, by what they do. */
export type LayerGroup = 'query' | 'key' | 'value' | 'out' | 'mlp' | 'embedding' | 'head';

/** What decides a decoder-only transformer over characters. */
export interface TransformerSpec {
  kind: 'transformer';
  /** Characters there are, and characters of a window. */
  vocabulary: number;
  context: number;
  /** Blocks; features of a token; heads that share them; width of the hidden layer between. */
  depth: number;
  width: number;
  heads: number;
  feedForward: number;
  activation: 'relu' | 'gelu' | 'tanh' | 'swiglu';
  norm: 'none' | 'layer' | 'rms';
  weights: 'f32' | 'f16';
  positions: 'learned' | 'rotary';
  /** The head is the embedding's table again, or one of its own. */
  head: 'tied' | 'free';
  dropout: number;
  seed: number;
  /** Per layer with a weight: may masks apply to it? */
  maskable: readonly boolean[];
}

/** Standard deviation of embeddings and positions at the start (Radford et al. 2019). */
const TABLE_STD = 0.02;

/** Name of block b: `block1`, `block2`, ... */
export const blockName = (b: number): string => `block${b + 1}`;

/** A layer with a weight, and which group it belongs to. */
export interface GroupedLayer extends WeightLayer {
  group: LayerGroup;
}

type Sizes = Pick<TransformerSpec, 'vocabulary' | 'depth' | 'width' | 'feedForward' | 'activation' | 'head'>;

/** Layers with a weight in order of the network. */
export function transformerLayers({ vocabulary, depth, width, feedForward, activation, head }: Sizes): GroupedLayer[] {
  const layer = (name: string, group: LayerGroup, out: number, inputs: number, act = 'none'): GroupedLayer => ({ name, group, shape: [out, inputs], activation: act });
  const blocks = Array.from({ length: depth }, (_, b) => [
    ...(['query', 'key', 'value', 'out'] as const).map((group) => layer(`${blockName(b)}.${group}`, group, width, width)),
    ...(activation === 'swiglu' ? [layer(`${blockName(b)}.gate`, 'mlp', feedForward, width)] : []),
    layer(`${blockName(b)}.up`, 'mlp', feedForward, width, activation),
    layer(`${blockName(b)}.down`, 'mlp', width, feedForward),
  ]).flat();
  return [layer('embedding', 'embedding', vocabulary, width), ...blocks, ...(head === 'free' ? [layer('head', 'head', vocabulary, width)] : [])];
}

/**
 * Parameters of a transformer: weights without biases, gains and shifts of norms, the table of learned positions.
 * Weights begin uniform with the deviation 1 / sqrt(inputs); those that end a branch are smaller by the root of the
 * number of branches, so that their sum begins as large as one (Radford et al. 2019).
 */
export function transformerParams(spec: TransformerSpec): ParamSpec[] {
  const branches = Math.sqrt(2 * spec.depth);
  const std = ({ group, name, shape: [, inputs = 1] }: GroupedLayer): number =>
    group === 'embedding' ? TABLE_STD : (group === 'out' || name.endsWith('.down') ? 1 / branches : 1) / Math.sqrt(inputs);
  const weights = transformerLayers(spec).map((layer, l): ParamSpec => ({
    name: `${layer.name}.weight`, shape: layer.shape, init: { std: std(layer) }, rateScale: 1, decayScale: layer.group === 'embedding' ? 0 : 1, trainable: true, maskable: spec.maskable[l] ?? false,
  }));
  const plain = { rateScale: 1, decayScale: 0, trainable: true, maskable: false } as const;
  const positions: ParamSpec[] = spec.positions === 'learned' ? [{ name: 'positions', shape: [spec.context, spec.width], init: { std: TABLE_STD }, ...plain }] : [];
  const norms = [...Array.from({ length: spec.depth }, (_, b) => [`${blockName(b)}.attention`, `${blockName(b)}.mlp`]).flat(), 'last'].flatMap((name): ParamSpec[] => [
    ...(spec.norm === 'none' ? [] : [{ name: `${name}.gain`, shape: [spec.width], init: 'ones', ...plain } as const]),
    ...(spec.norm === 'layer' ? [{ name: `${name}.shift`, shape: [spec.width], init: 'zeros', ...plain } as const] : []),
  ]);
  return [...weights, ...positions, ...norms];
}

/** Tables that a transformer reads and never changes: the turns of rotary positions. */
export function transformerConstants({ positions, context, width, heads }: TransformerSpec): ConstantSpec[] {
  return positions === 'rotary' ? [{ name: 'turns', shape: [context, width / heads], values: () => rotaryTable(context, width / heads) }] : [];
}
