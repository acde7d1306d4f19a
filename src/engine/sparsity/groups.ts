import type { MasksSpec } from '../experiment/experiment.ts';
import type { State } from '../gpu/state.ts';
import { ALIGN } from '../gpu/trace.ts';
import { GROUP_WORDS } from '../kernels/groups.ts';
import type { GroupLayout, LayerGroups, ParamLayout, ParamTensor } from '../nn/layout.ts';
import { wordsFor } from './bits.ts';
import { groupCount, groupMatrix, groupShape } from './granularity.ts';
import { popcount } from './measure.ts';
import { type PatternLayout, patternOf } from './pattern.ts';

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

/** What the device has to know of groups, by name of the State buffer: their layers by block of 64, offset and length of each layer's, and the table of lib/groups.wgsl. */
export function groupTables({ layers, n }: GroupLayout): ReadonlyMap<string, Uint32Array<ArrayBuffer>> {
  const blocks = new Uint32Array(n / ALIGN);
  const table = new Uint32Array(layers.length * GROUP_WORDS);
  const floats = new Float32Array(table.buffer);
  layers.forEach((layer, l) => {
    const { offset, length, first, out, in: inputs, rows, columns } = layer;
    blocks.fill(l, offset / ALIGN);
    table.set([first, out, inputs, rows, columns, offset, Math.ceil(inputs / columns), length], l * GROUP_WORDS);
    floats.set(reciprocals(layer), l * GROUP_WORDS + 8);
  });
  return new Map([['group blocks', blocks], ['group segments', Uint32Array.from(layers.flatMap(({ offset, length }) => [offset, length]))], ['group table', table]]);
}

/** Writes the tables of groups into a State. */
export function writeGroups(state: State, groups: GroupLayout): void {
  for (const [name, words] of groupTables(groups)) {
    state.require(new Map([[name, { dtype: 'u32', length: words.length }]]));
    state.write(name, words);
  }
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

/** One over the weights of a group in f32: whole, at the right edge, at the lower edge, in the corner. */
function reciprocals({ out, in: inputs, rows, columns }: LayerGroups): readonly [number, number, number, number] {
  const [lastRows, lastColumns] = [out % rows, inputs % columns];
  const one = (weights: number): number => Math.fround(1 / Math.max(1, weights));
  return [one(rows * columns), one(rows * lastColumns), one(lastRows * columns), one(lastRows * lastColumns)];
}
