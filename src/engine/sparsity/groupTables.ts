import type { State } from '../gpu/state.ts';
import { ALIGN } from '../gpu/trace.ts';
import { GROUP_WORDS } from '../kernels/groups.ts';
import type { GroupLayout, LayerGroups } from '../nn/layout.ts';

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

/** One over the weights of a group in f32: whole, at the right edge, at the lower edge, in the corner. */
function reciprocals({ out, in: inputs, rows, columns }: LayerGroups): readonly [number, number, number, number] {
  const [lastRows, lastColumns] = [out % rows, inputs % columns];
  const one = (weights: number): number => Math.fround(1 / Math.max(1, weights));
  return [one(rows * columns), one(rows * lastColumns), one(lastRows * columns), one(lastRows * lastColumns)];
}
