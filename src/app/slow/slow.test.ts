import { describe, expect, it } from 'vitest';
import type { LayerFacts, SlowMove, SlowUpdate } from '../../engine/experiment/events.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { binOfKey, lowEdge, SCORE_BINS, scoreAtCut, scoreOfKey } from '../../engine/sparsity/scoreBins.ts';
import { CODE } from '../mask/states.ts';
import { layerFacts } from '../session/preview.ts';
import { busiestUnits, codesIn, framesOf, frameWords, isChoice, movedIn, titleOf } from './frames.ts';
import { histogramOf } from './histogram.ts';
import type { MaskPlan } from '../../engine/sparsity/method.ts';
import { dropsNow, moveOfKeys, sortedKeys } from './nextDrop.ts';
import { nextUpdate } from './nextUpdate.ts';

const layer: LayerFacts = { name: 'fc2', out: 2, in: 4, maskable: true, wordOffset: 1, words: 1, activation: 'relu' };
const bits = (text: string): Uint32Array => Uint32Array.of(0xffffffff, Number.parseInt([...text].reverse().join(''), 2));
const keyOf = (size: number): number => (new Uint32Array(Float32Array.of(size).buffer)[0] as number) + 1;

function moveOf(score: SlowMove['score'], keys: readonly number[], cut: number): SlowMove {
  const counts = new Uint32Array(2 * SCORE_BINS);
  for (const key of keys) counts[SCORE_BINS + binOfKey(key)]! += 1;
  return { score, counts, cuts: Uint32Array.of(0, cut) };
}

/** Of eight weights three leave, two enter, of which one had just left. */
const update: SlowUpdate = {
  step: 7, update: 2, before: bits('11110100'), kept: bits('10010000'), after: bits('11010010'), losses: Float32Array.of(0.5, 0.75, 0.7),
  drop: moveOf('magnitude', [0.1, 0.2, 0.3, 0.5, 0.6].map(keyOf), keyOf(0.4)), grow: moveOf('gradient', [0, 0, 1, 2].map(keyOf), keyOf(1)),
};
const pruned: SlowUpdate = { ...update, grow: undefined, after: update.kept };

describe('the frames of an update', () => {
  it('are five, or three where nothing grows', () => {
    expect([framesOf(update).length, framesOf(pruned)]).toEqual([5, ['train', 'score', 'drop']]);
  });

  it('count who moved, in the bits of their layer', () => {
    expect(movedIn(update, layer)).toEqual({ size: 8, active: 5, dropped: 3, kept: 2, grown: 2, regrown: 1 });
  });

  it('show each weight as it is then', () => {
    const { kept, never, dropped, grown, regrown } = CODE;
    expect([...codesIn('score', update, layer)]).toEqual([kept, kept, kept, kept, never, kept, never, never]);
    expect([...codesIn('drop', update, layer)]).toEqual([kept, dropped, dropped, kept, never, dropped, never, never]);
    expect([...codesIn('inactive', update, layer)]).toEqual([...codesIn('drop', update, layer)]);
    expect([...codesIn('grow', update, layer)]).toEqual([kept, regrown, dropped, kept, never, dropped, grown, never]);
    expect(busiestUnits(update, { ...layer, out: 2 }, 1)).toEqual([0]);
  });

  it('of a mask that is chosen anew tell who enters as well', () => {
    const chosen: SlowUpdate = { ...update, grow: undefined, kept: bits('11010010'), after: bits('11010010') };
    const { kept, never, dropped, grown } = CODE;
    expect([update, pruned, chosen].map(isChoice)).toEqual([false, false, true]);
    expect(titleOf('drop', chosen)).toBe('Choose');
    expect([...codesIn('drop', chosen, layer)]).toEqual([kept, kept, dropped, kept, never, dropped, grown, never]);
    expect(movedIn(chosen, layer)).toEqual({ size: 8, active: 5, dropped: 2, kept: 3, grown: 1, regrown: 0 });
    expect(frameWords('drop', chosen, layer, { drop: 0.4, grow: 1 })).toMatch(/^2 weights leave, 1 enter, 3 stay/);
  });

  it('say what the loss did, and that growing zeros changes nothing only where that is so', () => {
    const words = (frame: 'drop' | 'grow', of: SlowUpdate): string => frameWords(frame, of, layer, { drop: 0.4, grow: 1 });
    expect(words('drop', update)).toContain('rises from 0.5000 to 0.7500');
    expect(words('grow', update)).toContain('1 of them had just been dropped and returns with its value');
    expect(words('grow', update)).not.toContain('changes nothing');
    expect(words('grow', { ...update, losses: Float32Array.of(0.5, 0.75, 0.75) })).toContain('growing changes nothing');
  });
});

describe('a histogram of scores', () => {
  it('stands on the bins, four to a power of two, with the threshold among them', () => {
    const { bars, tiny, candidates, threshold, most, from, to } = histogramOf(update.drop, 1);
    expect([candidates, tiny, most]).toEqual([5, 0, 2]);
    expect(bars.filter(({ count }) => count > 0).map((bar) => lowEdge('magnitude', bar.from))).toEqual([0.09375, 0.1875, 0.25, 0.5]);
    expect([threshold.score, threshold.place > from, threshold.place < to]).toEqual([Math.fround(0.4), true, true]);
  });

  it('knows how many of the bar at the threshold were taken', () => {
    const move = moveOf('magnitude', [0.5, 0.55, 0.6, 1, 2].map(keyOf), keyOf(0.55));
    expect([histogramOf(move, 1, 4).takenAtThreshold, histogramOf(move, 1).takenAtThreshold]).toEqual([2, undefined]);
  });

  it('leaves zeros beside the axis', () => {
    expect(histogramOf(update.grow as SlowMove, 1)).toMatchObject({ tiny: 2, candidates: 4 });
  });

  it('spreads draws evenly from 0 to 1', () => {
    const drawn = histogramOf(moveOf('random', [1, 2 ** 30 + 1, 2 ** 31], 2 ** 30 + 1), 1);
    expect([drawn.from, drawn.to, drawn.threshold]).toEqual([0, SCORE_BINS, { place: SCORE_BINS / 2, score: 0.5 }]);
    expect(drawn.bars.filter(({ count }) => count > 0).map(({ from }) => from)).toEqual([0, 512, 992]);
  });

  it('has its threshold at the end where nothing is taken, at the beginning where everything is', () => {
    const at = (cut: number): number => histogramOf({ ...update.drop, cuts: Uint32Array.of(0, cut) }, 1).threshold.place;
    const { from, to } = histogramOf(update.drop, 1);
    expect([at(0xffffffff), at(0)]).toEqual([to, from]);
    expect([scoreAtCut('magnitude', 0xffffffff), scoreAtCut('magnitude', 0), scoreOfKey('magnitude', keyOf(0.25))]).toEqual([Infinity, -Infinity, 0.25]);
  });
});

describe('the next update', () => {
  // Its plan has one every 50 steps.
  const of = (preset: keyof typeof PRESETS, done: number): number | undefined => {
    const { experiment } = PRESETS[preset]!;
    return nextUpdate(experiment, layerFacts(experiment), done);
  };

  it('is that of the plan, counted as a completed step', () => {
    expect([of('rigl-mnist', 0), of('rigl-mnist', 1), of('rigl-mnist', 101)]).toEqual([1, 51, 151]);
  });

  it('is none behind the last, and for masks that stay', () => {
    expect([of('rigl-mnist', 2000), of('random-mnist', 0), of('dense-mnist', 0)]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the drop that comes next', () => {
  const one: LayerFacts = { ...layer, name: 'fc1', wordOffset: 0, out: 1, in: 8 };
  const two: LayerFacts = { ...one, name: 'fc2', wordOffset: 1 };
  const snapshot = { arm: 'main', step: 0, update: 0, mask: Uint32Array.of(0b1111, 0b111111), previous: new Uint32Array(2), regrown: new Uint32Array(2), fired: new Uint32Array(2) } as const;
  const keys = [sortedKeys(Float32Array.of(-4, 1, 0, 3, 9, 9, 9, 9), snapshot, one), sortedKeys(Float32Array.of(2, -2, 5, 6, -7, 8, 9, 9), snapshot, two)] as const;
  const planOf = (parts: Partial<MaskPlan>): MaskPlan => ({ counts: () => ({ keep: [3, 4], grow: [] }), scope: 'layer', ...parts }) as MaskPlan;

  it('looks at active weights alone', () => {
    expect(keys.map((own) => [...own].map((key) => scoreOfKey('magnitude', key)))).toEqual([[0, 1, 3, 4], [2, 2, 5, 6, 7, 8]]);
  });

  it('is what the plan does not keep, layer by layer or below one threshold, and what is exchanged besides', () => {
    expect(dropsNow(planOf({}), 0, keys)).toEqual([1, 2]);
    expect(dropsNow(planOf({ scope: 'global', counts: () => ({ keep: [6], grow: [] }) }), 0, keys)).toEqual([3 - 1, 2]);
    expect(dropsNow(planOf({ scope: 'global', exchange: 'ceil', counts: () => ({ keep: [6], grow: [], exchange: 2 ** 31 }) }), 0, keys)).toEqual([2 + 1, 2 + 2]);
  });

  it('has its threshold at the least that would stay', () => {
    const at = (dropped: number): number => scoreAtCut('magnitude', moveOfKeys(keys[1], dropped).cuts[0] as number);
    expect([at(0), at(2), at(6)]).toEqual([-Infinity, 5, Infinity]);
    expect(moveOfKeys(keys[1], 2).counts.reduce((a, b) => a + b, 0)).toBe(6);
  });
});
