import { quantile, upperTail } from './studentT.ts';

/*
 * The rule: when differences between two arms over paired seeds show a claim. Pure functions of numbers; a difference is
 * signed so that larger speaks for the claim. Student's t, because resampling three to five values covers too little,
 * and the least two-sided p of sign flips is 0.25 at n = 3 and 0.0625 at n = 5.
 */

/** What came out. `no verdict`: fewer than two seeds. */
export type Outcome = 'shown' | 'not shown' | 'inconclusive' | 'no verdict';

/** One comparison: its points, its interval and what follows. */
export interface Ruling {
  outcome: Outcome;
  /** True where the whole interval of a better-than lies on the other side of 0. */
  opposite: boolean;
  /** The differences, one a seed. */
  points: readonly number[];
  mean: number;
  /** Ends of the interval; both the mean for a single point. */
  low: number;
  high: number;
  /** Share that the two-sided interval covers. */
  level: number;
}

/** What sizes mean, in units of the metric. */
export interface Sizes {
  /** Smallest difference that matters. */
  delta: number;
  /** How much worse still counts as good. */
  margin: number;
  /** Least standard deviation that is believed: a few seeds may agree by chance. */
  floor: number;
}

/** Share beyond each end of a 95 % interval. */
const TAIL = 0.025;
/** Share beyond a one-sided 95 % bound; a 90 % interval has it on both sides. */
const ONE_SIDED = 0.05;

/** Mean of numbers; NaN of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Of the mean of the points, with a standard deviation of at least `floor`. */
function standardError(points: readonly number[], floor: number): number {
  const mean = meanOf(points);
  const sd = Math.sqrt(points.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (points.length - 1));
  return Math.max(sd, floor) / Math.sqrt(points.length);
}

/** t interval of the mean with `tail` beyond each end, and what `decide` makes of it. */
function rule(points: readonly number[], floor: number, tail: number, decide: (mean: number, low: number, high: number) => Outcome): Ruling {
  const mean = meanOf(points);
  const level = 1 - 2 * tail;
  if (points.length < 2) return { outcome: 'no verdict', opposite: false, points, mean, low: mean, high: mean, level };
  const half = quantile(tail, points.length - 1) * standardError(points, floor);
  const [low, high] = [mean - half, mean + half];
  return { outcome: decide(mean, low, high), opposite: false, points, mean, low, high, level };
}

/** Better than: the interval lies above 0, and the mean is a difference that matters. @param tail 0.025 unless several comparisons share it */
export function better(points: readonly number[], { delta, floor }: Omit<Sizes, 'margin'>, tail = TAIL): Ruling {
  const ruling = rule(points, floor, tail, (mean, low, high) => (low > 0 && mean >= delta ? 'shown' : high < delta ? 'not shown' : 'inconclusive'));
  return { ...ruling, opposite: ruling.outcome === 'not shown' && ruling.high < 0 };
}

/** As good as: the one-sided 95 % bound below lies above minus the margin. `low` and `high` are one-sided 95 % bounds each. */
export function asGoodAs(points: readonly number[], { margin, floor }: Omit<Sizes, 'delta'>): Ruling {
  return rule(points, floor, ONE_SIDED, (_, low, high) => (low > -margin ? 'shown' : high < -margin ? 'not shown' : 'inconclusive'));
}

/** Equal: the 90 % interval lies between the margins on both sides (two one-sided tests, Schuirmann 1987). */
export function equal(points: readonly number[], { margin, floor }: Omit<Sizes, 'delta'>): Ruling {
  return rule(points, floor, ONE_SIDED, (_, low, high) => (low > -margin && high < margin ? 'shown' : low > margin || high < -margin ? 'not shown' : 'inconclusive'));
}

/** Several parts that a claim needs together: shown where all are, not shown where one is not. */
export function together(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 0 || outcomes.includes('no verdict')) return 'no verdict';
  if (outcomes.every((outcome) => outcome === 'shown')) return 'shown';
  return outcomes.includes('not shown') ? 'not shown' : 'inconclusive';
}

/**
 * Best of k: better than each of the k - 1 others, with Holm's steps (1979). The comparison with the smallest p gets the
 * share 0.025 / (k - 1) beyond each end of its interval, the next 0.025 / (k - 2), and so on; from the first interval
 * that reaches 0 on, the share stays as it is, so that none behind it can be shown.
 */
export function bestOf(comparisons: readonly (readonly number[])[], sizes: Omit<Sizes, 'margin'>): Ruling[] {
  const p = comparisons.map((points) => (points.length < 2 ? 1 : upperTail(meanOf(points) / standardError(points, sizes.floor), points.length - 1)));
  const order = comparisons.map((_, i) => i).sort((a, b) => (p[a] ?? 1) - (p[b] ?? 1));
  const rulings: Ruling[] = [];
  let left = comparisons.length;
  for (const i of order) {
    const ruling = better(comparisons[i] ?? [], sizes, TAIL / left);
    rulings[i] = ruling;
    if (ruling.low > 0) left--;
  }
  return rulings;
}

/** Slope of the least-squares line through the points (x, y). */
export function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [meanOf(x), meanOf(y)];
  const sum = (of: (dx: number, dy: number) => number): number => x.reduce((total, value, i) => total + of(value - mx, (y[i] ?? Number.NaN) - my), 0);
  return sum((dx, dy) => dx * dy) / sum((dx) => dx * dx);
}

/** Trend: the slope over x of each seed times the range of x, so that points and delta are changes over the whole range. @param series one list of values, in order of x, a seed */
export function trend(x: readonly number[], series: readonly (readonly number[])[], sizes: Omit<Sizes, 'margin'>): Ruling {
  const range = Math.max(...x) - Math.min(...x);
  return better(series.map((y) => slopeOf(x, y) * range), sizes);
}
