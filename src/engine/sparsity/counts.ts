import type { UpdateCounts } from './method.ts';

/** How a share of weights becomes a whole number: `trunc` in the official RigL code, `ceil` in GraNet's, `round` in jaxpruner. */
export const ROUNDINGS = { trunc: Math.trunc, round: Math.round, ceil: Math.ceil } as const;

/** Name of a rounding rule. */
export type RoundingId = keyof typeof ROUNDINGS;

/** Rounding rules as shaders/exchange_begin.wgsl knows them. */
export const ROUNDING_CODES: Readonly<Record<RoundingId, number>> = { trunc: 0, round: 1, ceil: 2 };

/** `value` as a whole number. A value within 1e-9 of one is that number: .07 * 100 is 7 under `ceil` too. */
export function roundCount(rounding: RoundingId, value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-9 ? nearest : ROUNDINGS[rounding](value);
}

/**
 * A share in [0, 1] as a u32, in units of 2^-32 and rounded down: what the device is told where counts are only known
 * there. 1 becomes the largest u32.
 */
export function shareWord(share: number): number {
  return Math.min(2 ** 32 - 1, Math.floor(share * 2 ** 32));
}

/**
 * `share` of n weights as a whole number, in whole numbers only, so that shaders/exchange_begin.wgsl gets the same. The
 * share was rounded down, so that the product may be short of the true one by up to n units; what is no further
 * than that below a whole number (or, with `round`, below a half) counts as it.
 * @param n below 2^31
 * @param share a `shareWord`
 */
export function shareCount(rounding: RoundingId, n: number, share: number): number {
  const added = { trunc: n, round: 2 ** 31 + n, ceil: 2 ** 32 - 1 }[rounding];
  return Number((BigInt(n) * BigInt(share) + BigInt(added)) >> 32n);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Counts of an update that only removes: no layer gets back what it has lost. A layer that already holds less than its
 * target leaves the difference to the layers that follow, so that the total is met exactly whenever it can be.
 */
export function shrinkCounts(target: readonly number[], active: readonly number[]): UpdateCounts {
  const keep = target.map((count, i) => Math.min(count, active[i]!));
  let short = Math.min(sum(target), sum(active)) - sum(keep);
  for (let i = 0; i < keep.length && short > 0; i++) {
    const more = Math.min(short, active[i]! - keep[i]!);
    keep[i]! += more;
    short -= more;
  }
  return { keep, grow: keep.map(() => 0) };
}

/** What an update that drops and regrows needs to know about one layer (or about all together). */
export interface RegrowLayer {
  /** Weights of the layer. */
  size: number;
  /** Active now. */
  active: number;
  /** Active after the update. */
  target: number;
  /** Share of the surviving weights that is exchanged. */
  dropFraction: number;
  rounding: RoundingId;
  /** True: weights dropped in this update are candidates for growth. */
  regrowAllowed: boolean;
}

/**
 * Counts of an update that exchanges k = rounding(dropFraction n) weights and ends at the target, n being the smaller
 * of active and target. When dropped weights may not return, k is lowered until there are enough others to grow, so
 * that the target is met exactly in every case.
 */
export function regrowCounts(layer: RegrowLayer): { keep: number; grow: number } {
  const stays = Math.min(layer.active, layer.target);
  const most = layer.regrowAllowed ? stays : layer.size - Math.max(layer.active, layer.target);
  const exchanged = Math.min(stays, most, Math.max(0, roundCount(layer.rounding, layer.dropFraction * stays)));
  const keep = stays - exchanged;
  return { keep, grow: layer.target - keep };
}
