import { describe, expect, test } from 'vitest';
import { addSnapshot, createMaskHistory } from '../../engine/experiment/maskHistory.ts';
import { packBits } from '../../engine/sparsity/bits.ts';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { flipsAt } from '../mask/flips.ts';
import { bytesOf, extremeGroup, groupFlips, groupMargins, groupsOf, type View } from './groups.ts';
import type { Lens } from './lens.ts';
import { lineHistoryAt, STRETCH, stretches } from './lineHistory.ts';
import { slotLines } from './words.ts';

const layer: LayerFacts = { name: 'fc1', out: 2, in: 6, maskable: true, wordOffset: 0, words: 1, activation: 'relu' };
const lens: Lens = { layer, along: 'in', pattern: { n: 2, m: 4, axis: 'in' }, share: 1, score: 'mean' };
const VALUES = Float32Array.of(4, -1, 3, 2, 1, -2, 0.5, 0.6, -0.7, 0.8, 3, 1);
const MASKS = ['101001110001', '101001001110', '011001001110', '101001001110'];

/** The masks of a run, an update every 10 steps. */
function historyOf(masks: readonly string[]): ReturnType<typeof createMaskHistory> {
  const history = createMaskHistory('main', 1);
  const words = masks.map((bits) => packBits(Uint8Array.from(bits, Number)));
  words.forEach((mask, update) => addSnapshot(history, { arm: 'main', step: 10 * update, update, mask, previous: words[Math.max(0, update - 1)]!, regrown: new Uint32Array(1), fired: mask }));
  return history;
}

const view = (mask: string, values: Float32Array | undefined = VALUES): View => ({ lens, mask: Uint8Array.from(mask, Number), values, chooses: true });

describe('groups of a line', () => {
  test('have ranks, a cut, and what the next choice would do; the last one is smaller', () => {
    const [first, last] = groupsOf(view('101001001110'), 0, 0, 9);
    expect(first?.slots.map(({ rank, kept, next }) => [rank, kept, next])).toEqual([[1, true, undefined], [4, false, undefined], [2, true, undefined], [3, false, undefined]]);
    expect(first?.cut).toEqual({ kept: 3, left: 2, margin: 1 / 3 });
    expect(first?.slots.map(({ distance }) => distance)).toEqual([2, 2, 1, 1]);
    expect(last).toMatchObject({ group: 1, keeps: 1, slots: [{ slot: 4, weight: 4, rank: 2 }, { slot: 5, weight: 5, rank: 1 }] });
  });

  test('whose weights have moved on tell who enters and who leaves', () => {
    const [moved] = groupsOf(view('101001110001'), 1, 0, 1);
    expect(moved?.slots.map(({ next }) => next)).toEqual(['leaves', 'leaves', 'enters', 'enters']);
    expect(moved?.cut.margin).toBeLessThan(0);
    expect(groupsOf({ ...view('101001110001'), chooses: false }, 1, 0, 1)[0]?.slots.every(({ next }) => next === undefined)).toBe(true);
  });

  test('of masks alone have no ranks', () => {
    expect(groupsOf({ ...view(MASKS[0]!), values: undefined }, 0, 1, 1)[0]).toMatchObject({ cut: { margin: undefined }, slots: [{ kept: false, rank: undefined, values: [] }, { kept: true }] });
  });

  test('along outputs run down the matrix, and shared ones hold the weights of their lines', () => {
    const out: Lens = { ...lens, along: 'out', pattern: { n: 1, m: 2, axis: 'out' }, share: 4 };
    const [group] = groupsOf({ lens: out, mask: Uint8Array.from('111100000011', Number), values: VALUES, chooses: true }, 1, 0, 1);
    // Inputs 4 and 5, the last two of six, of both outputs.
    expect(group?.slots.map(({ values, kept, score }) => ({ values, kept, score }))).toEqual([{ values: [1, -2], kept: false, score: 1.5 }, { values: [3, 1], kept: true, score: 2 }]);
  });
});

describe('a layer at a glance', () => {
  test('has the flips and the margin of each group, and those that stand out', () => {
    const flips = flipsAt(historyOf(MASKS), layer, 30);
    const counts = groupFlips(lens, flips);
    // Output 0: slots 0 and 1 changed twice. Output 1: all four of its first group once, the last two once.
    expect([...counts.values]).toEqual([4, 0, 4, 2]);
    expect(extremeGroup(counts, 'largest')).toEqual({ line: 0, group: 0 });
    const margins = groupMargins({ ...view(MASKS[3]!), values: VALUES });
    expect([...margins.values].map((margin) => Number(margin.toFixed(3)))).toEqual([0.333, 0.5, 0.143, 0.667]);
    expect(extremeGroup(margins, 'smallest')).toEqual({ line: 1, group: 0 });
    expect(bytesOf(flips).join('')).toBe(MASKS[3]);
  });
});

describe('the history of a line', () => {
  test('has a row an update, the newest first, and tells changes from what stayed', () => {
    const read = lineHistoryAt(historyOf(MASKS), layer, { lens, line: 0, step: 25 });
    expect(read.steps).toEqual([0, 10, 20]);
    const rows = stretches(read, 9);
    expect(rows.map(({ codes }) => [...codes].slice(0, 3))).toEqual([
      [STRETCH.left, STRETCH.entered, STRETCH.kept], [STRETCH.kept, STRETCH.out, STRETCH.kept], [STRETCH.kept, STRETCH.out, STRETCH.kept],
    ]);
  });

  test('folds updates into fewer rows without losing a change, and goes on where it stopped', () => {
    const history = historyOf(MASKS);
    const read = lineHistoryAt(history, layer, { lens, line: 0, step: 20 });
    expect(lineHistoryAt(history, layer, { lens, line: 0, step: 30 }, read)).toBe(read);
    const rows = stretches(read, 2);
    expect(rows.map(({ from, to }) => [from, to])).toEqual([[20, 30], [0, 10]]);
    expect([...rows[0]!.codes]).toEqual([STRETCH.entered, STRETCH.left, STRETCH.kept, STRETCH.out, STRETCH.out, STRETCH.kept]);
    expect(lineHistoryAt(history, layer, { lens, line: 0, step: 10 }, read).steps).toEqual([0, 10]);
  });
});

describe('a slot in words', () => {
  test('has its weight, score, rank, margin and history', () => {
    const flips = flipsAt(historyOf(MASKS), layer, 30);
    const [group] = groupsOf(view(MASKS[3]!), 0, 0, 1);
    expect(slotLines({ lens, line: 0, lines: 1, group: group!, slot: group!.slots[0]!, code: 4, flips, other: { name: 'backward', kept: false } })).toEqual([
      'Output 0, input 0, in group 0: grown.',
      'Weight 4, score |w| 4, rank 1 of 4. Margin 2 (67\u202f%) above the largest left out.',
      'The backward mask leaves it out.',
      'Kept since step 30 (update 3); 2 flips so far.',
    ]);
  });
});
