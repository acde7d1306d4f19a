import type { UpdateCounts } from './method.ts';

/** How a share of weights becomes a whole number: `trunc` in the official RigL code, `ceil` in GraNet's, `round` in jaxpruner. */
export const ROUNDINGS = { trunc: Math.trunc, round: Math.round, ceil: Math.ceil } as const;

/** Name of a rounding rule. */
export type RoundingId = keyof typeof ROUNDINGS;

/** `value` as a whole number. A value within 1e-9 of one is that number: .07 * 100 is 7 under `ceil` too. */
export function roundCount(rounding: RoundingId, value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-9 ? nearest : ROUNDINGS[rounding](value);
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
