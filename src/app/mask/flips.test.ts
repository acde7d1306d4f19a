import { describe, expect, it } from 'vitest';
import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { snapshotsOf } from '../../engine/experiment/logs.testing.ts';
import { addSnapshot, createMaskHistory } from '../../engine/experiment/maskHistory.ts';
import { ageBin, ageCodes, ageWords, codesSinceStart, countCodes, flipsAt, flipWords } from './flips.ts';
import { CODE } from './states.ts';

const layer = { name: 'fc1', out: 1, in: 5, maskable: true, words: 1, wordOffset: 0 } as LayerFacts;

/** Masks of five weights, written with the first weight on the left. */
function historyOf(rows: { step: number; update: number; mask: string; previous?: string; regrown?: string }[]) {
  const bits = (text: string): Uint32Array => Uint32Array.of([...text].reduce((word, bit, i) => word | (Number(bit) << i), 0));
  const history = createMaskHistory('main', 1);
  let previous = rows[0]!.mask;
  let fired = 0;
  for (const row of rows) {
    const snapshot: MaskSnapshot = { arm: 'main', step: row.step, update: row.update, mask: bits(row.mask), previous: bits(row.previous ?? previous), regrown: bits(row.regrown ?? '00000'), fired: Uint32Array.of(fired) };
    addSnapshot(history, snapshot);
    fired |= snapshot.mask[0]!;
    previous = row.mask;
  }
  return history;
}

const told = historyOf([
  { step: 0, update: 0, mask: '11000' },
  { step: 10, update: 1, mask: '10100' },
  { step: 20, update: 2, mask: '11000' },
  { step: 30, update: 3, mask: '01010', regrown: '01000' },
]);

describe('the history of a weight', () => {
  it('counts how often it entered and left, and since when it is what it is', () => {
    const flips = flipsAt(told, layer, 30);
    expect([...flips.entered]).toEqual([0, 2, 1, 1, 0]);
    expect([...flips.left]).toEqual([1, 2, 1, 0, 0]);
    expect(flipWords(flips, 0)).toBe('Inactive since update 3 (step 30); entered 0 ×, left 1 ×.');
    expect(flipWords(flips, 1)).toBe('Active since update 3 (step 30); entered 2 ×, left 2 ×.');
    expect(flipWords(flips, 4)).toBe('Not active so far.');
    expect(flipWords(flipsAt(told, layer, 0), 1)).toBe('Active since the start.');
  });

  it('compares with the first mask', () => {
    expect([...codesSinceStart(flipsAt(told, layer, 30))]).toEqual([CODE.dropped, CODE.regrown, CODE.was, CODE.grown, CODE.never]);
  });

  it('gives each active weight the bin of the updates since it entered', () => {
    expect([...ageCodes(flipsAt(told, layer, 20))]).toEqual([2, 1, 0, 0, 0]);
    expect([0, 1, 2, 3, 8, 9, 24, 25, 900].map(ageBin)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect([0, 1, 4].map(ageWords)).toEqual(['this update', '1 to 2 updates', '25 or more updates']);
    expect(countCodes(ageCodes(flipsAt(told, layer, 20)), 6)).toEqual([3, 1, 1, 0, 0, 0]);
  });

  it('says that counts are lower bounds where updates are missing', () => {
    const flips = flipsAt(historyOf([{ step: 0, update: 0, mask: '10000' }, { step: 90, update: 9, mask: '10000', previous: '00000' }]), layer, 90);
    expect(flipWords(flips, 0)).toBe('Active since update 9 (step 90); entered at least 1 ×, left at least 1 ×.');
  });

  it('comes to the same read in one go, step by step, and after looking back', () => {
    const history = createMaskHistory('main', 20);
    for (const snapshot of snapshotsOf({ words: 20, count: 50, every: 10, density: 0.2, flips: 0.1, seed: 4 })) addSnapshot(history, snapshot);
    const wide = { ...layer, in: 500, words: 16, wordOffset: 3 };
    let flips = flipsAt(history, wide, 0);
    for (const step of [90, 100, 300, 120, 490]) flips = flipsAt(history, wide, step, flips);
    expect(flips).toEqual(flipsAt(history, wide, 490));
    expect(flips.entered.some((count) => count > 1)).toBe(true);
  });
});
