import type { MasksSpec } from '../experiment/experiment.ts';
import { ALIGN } from '../gpu/trace.ts';
import type { GroupLayout, LayerGroups, ParamLayout, ParamTensor, PatternLayout } from '../nn/layout.ts';
import { wordsFor } from './bits.ts';
import { groupCount, groupMatrix, groupShape } from './granularity.ts';
import { popcount } from './measure.ts';
import { patternOf } from './pattern.ts';

/** The groups of a network's maskable layers; undefined where each is a single weight. */
export function layoutGroups(tensors: readonly Pick<ParamTensor, 'offset' | 'length' | 'shape'>[], masks: MasksSpec): GroupLayout | undefined {
  let n = 0;
  const layers = tensors.map(({ offset: first, length, shape }): LayerGroups => {
    const out = shape[0] ?? 1;
    const matrix = { out, in: length / out, ...(shape.length === 4 && { kernel: [shape[2], shape[3]] as [number, number] }) };
    const groups = { offset: n, length: groupCount(masks, matrix), first, out, in: matrix.in, ...groupShape(masks, matrix) };
    n += Math.ceil(groups.length / ALIGN) * ALIGN;
    return groups;
  });
  return layers.every(({ rows, columns }) => rows * columns === 1) ? undefined : { layers, n, unit: masks.granularity, score: masks.blockScore };
}

/** The layout of a network with the groups that masks switch. */
export function withGroups(layout: ParamLayout, masks: MasksSpec): ParamLayout {
  const groups = layoutGroups(layout.layers, masks);
  return { ...layout, groups, pattern: layoutPattern(layout.layers, masks, groups) };
}

/** Where a pattern holds: in the matrices of weights, or of groups of them that share it. */
function layoutPattern(tensors: readonly Pick<ParamTensor, 'offset' | 'length' | 'shape'>[], masks: MasksSpec, groups: GroupLayout | undefined): PatternLayout | undefined {
  const pattern = patternOf(masks);
  return pattern && { ...pattern, layers: tensors.map(({ offset, length, shape }, l) => {
    const out = shape[0] ?? 1;
    return { first: groups?.layers[l]?.offset ?? offset, ...groupMatrix(masks, { out, in: length / out }) };
  }) };
}

/** Active weights of each layer, or groups of them where masks switch these, by the packed mask of the layout. */
export function activeIn(mask: Uint32Array, { layers, groups }: Pick<ParamLayout, 'layers' | 'groups'>): number[] {
  if (!groups) return layers.map(({ offset, length }) => popcount(mask, offset / 32, wordsFor(length)));
  return groups.layers.map((layer) => {
    let active = 0;
    for (let row = 0; row < layer.out; row += layer.rows) {
      for (let column = 0; column < layer.in; column += layer.columns) {
        const i = layer.first + row * layer.in + column;
        active += ((mask[i >>> 5] as number) >>> (i & 31)) & 1;
      }
    }
    return active;
  });
}
