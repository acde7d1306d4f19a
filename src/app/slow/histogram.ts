import type { SlowMove } from '../../engine/experiment/events.ts';
import type { ScoreName } from '../../engine/sparsity/method.ts';
import { placeOfKey, placeOfScore, SCORE_BINS, scoreAtCut } from '../../engine/sparsity/scoreBins.ts';

/** A bar over a range of places among the bins. */
export interface Bar {
  from: number;
  to: number;
  count: number;
}

/** The scores of a layer in a move, ready to be drawn: places are bins, so that sizes stand on a logarithmic axis. */
export interface ScoreHistogram {
  bars: readonly Bar[];
  /** Candidates too small for the axis, zeros among them; they lie left of it. */
  tiny: number;
  candidates: number;
  from: number;
  to: number;
  /** The largest count of a bar. */
  most: number;
  /** Place and score of the threshold; the place lies within the axis. */
  threshold: { place: number; score: number };
  /** How many were taken of the bar that the threshold goes through; undefined where that is not known. */
  takenAtThreshold: number | undefined;
  ticks: readonly { place: number; label: string }[];
}

/** Bins of sizes that the axis shows, below the largest: twelve halvings. */
const SHOWN = 48;
/** Bins of draws that a bar joins. */
const JOINED = 32;

/** The histogram of maskable layer number `layer`, of whose candidates so many were taken, where that is known. */
export function histogramOf({ score, counts, cuts }: SlowMove, layer: number, taken?: number): ScoreHistogram {
  const own = counts.subarray(layer * SCORE_BINS, (layer + 1) * SCORE_BINS);
  const candidates = own.reduce((sum, count) => sum + count, 0);
  const last = own.findLastIndex((count) => count > 0);
  const [from, to, width] = score === 'random' ? [0, SCORE_BINS, JOINED] : [Math.max(0, last + 1 - SHOWN), Math.max(SHOWN, last + 1), 1];
  const bars: Bar[] = [];
  for (let bin = from; bin < to; bin += width) bars.push({ from: bin, to: bin + width, count: own.subarray(bin, bin + width).reduce((sum, count) => sum + count, 0) });
  const tiny = own.subarray(0, from).reduce((sum, count) => sum + count, 0);
  const cut = cuts[layer] ?? 0;
  const place = scoreAtCut(score, cut) === Number.POSITIVE_INFINITY ? to : placeOfKey(cut);
  const above = bars.reduce((sum, bar) => sum + (bar.from >= place ? bar.count : 0), 0);
  return {
    bars, tiny, candidates, from, to, most: Math.max(1, ...bars.map(({ count }) => count)),
    threshold: { place: Math.min(to, Math.max(from, place)), score: scoreAtCut(score, cut) }, takenAtThreshold: taken === undefined ? undefined : Math.max(0, taken - above), ticks: ticksOf(score, from, to),
  };
}

function ticksOf(score: ScoreName, from: number, to: number): { place: number; label: string }[] {
  if (score === 'curvature') return [];
  const values = score === 'random' ? [0, 0.25, 0.5, 0.75, 1] : Array.from({ length: 77 }, (_, i) => 10 ** (i - 38));
  return values.map((value) => ({ place: placeOfScore(score, value), label: value >= 1e-3 ? String(Number(value.toPrecision(3))) : value === 0 ? '0' : value.toExponential(0) }))
    .filter(({ place }) => place >= from && place <= to);
}

