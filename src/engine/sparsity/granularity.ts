import type { MasksSpec } from '../experiment/experiment.ts';
import type { LayerShape } from './method.ts';
import { keptOfMatrix, patternOf } from './pattern.ts';

/**
 * What a mask switches as one. Weights are [out, in], filters of a convolution [out, in kh kw].
 *
 * - `weight`: each weight by itself.
 * - `block`: square blocks; smaller ones at the right and the lower edge where the side does not divide.
 * - `kernel`: the kh kw weights between one input and one output channel; in a linear layer one weight.
 * - `channel`: all weights of one output channel; in a linear layer a row.
 * - `nm`: each weight by itself, or with its neighbours of the lines that share a pattern; N of every M stay (pattern.ts).
 */
export const GRANULARITIES = ['weight', 'block', 'kernel', 'channel', 'nm'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** How the scores of its weights become that of a group. */
export const GROUP_SCORES = ['mean', 'max'] as const;
export type GroupScore = (typeof GROUP_SCORES)[number];

/** Masks of single weights, as they are where an experiment says nothing else. */
export const SINGLE_WEIGHTS: MasksSpec = { granularity: 'weight', blockSize: '16', blockScore: 'mean', n: 2, m: 4, axis: 'in', share: '1' };

/** The matrix of a layer's weights, [out, in]; `kernel` as in LayerShape. */
export type GroupedMatrix = Pick<LayerShape, 'out' | 'in' | 'kernel'>;

/** Rows and columns of a whole group of a layer. */
export function groupShape({ granularity, blockSize, axis, share }: MasksSpec, { out, in: inputs, kernel }: GroupedMatrix): { rows: number; columns: number } {
  switch (granularity) {
    case 'weight': return { rows: 1, columns: 1 };
    case 'block': return { rows: Math.min(out, Number(blockSize)), columns: Math.min(inputs, Number(blockSize)) };
    case 'kernel': return { rows: 1, columns: kernel ? kernel[0] * kernel[1] : 1 };
    case 'channel': return { rows: 1, columns: inputs };
    case 'nm': return { rows: axis === 'in' ? Math.min(out, Number(share)) : 1, columns: axis === 'out' ? Math.min(inputs, Number(share)) : 1 };
  }
}

/** What a layer's mask switches, as a matrix. */
export function groupMatrix(masks: MasksSpec, layer: GroupedMatrix): { rows: number; columns: number } {
  const { rows, columns } = groupShape(masks, layer);
  return { rows: Math.ceil(layer.out / rows), columns: Math.ceil(layer.in / columns) };
}

/** Groups of a layer. */
export function groupCount(masks: MasksSpec, layer: GroupedMatrix): number {
  const { rows, columns } = groupMatrix(masks, layer);
  return rows * columns;
}

/** Layers as a plan sees them, with the groups that their masks switch, and how many of these a pattern keeps. */
export function grouped<Layer extends LayerShape>(layers: readonly Layer[], masks: MasksSpec): (Layer & Pick<LayerShape, 'kept' | 'keptOf' | 'pattern'> & { groups: number })[] {
  const pattern = patternOf(masks);
  return layers.map((layer) => ({ ...layer, groups: groupCount(masks, layer), ...(pattern && { pattern, kept: keptOfMatrix(pattern, groupMatrix(masks, layer)), keptOf: (moved: { n: number; m: number }) => keptOfMatrix({ ...pattern, ...moved }, groupMatrix(masks, layer)) }) }));
}

/** Active weights of layers of which that many groups are active, were all groups of a layer of one size: those at the edges may be smaller. */
export function weightsOf(layers: readonly LayerShape[], groups: readonly number[]): number[] {
  return layers.map((layer, l) => {
    const size = layer.out * layer.in;
    return ((groups[l] ?? 0) * size) / (layer.groups ?? size);
  });
}
