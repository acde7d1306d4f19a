/** Between which steps masks are updated, and how often; steps count from 0. */
export interface UpdateWindow {
  /** First step at which an update is allowed. */
  start: number;
  /** Last one, inclusive. */
  end: number;
  /** Steps between updates, >= 1; updates fall on multiples of it. */
  period: number;
}

/** True when masks are updated at `step`: a multiple of the period inside the window (the rule of jaxpruner). */
export function isUpdateStep({ start, end, period }: UpdateWindow, step: number): boolean {
  return step % period === 0 && start <= step && step <= end;
}

/** First and last step with an update; undefined when the window holds no multiple of the period. */
export function updateBounds({ start, end, period }: UpdateWindow): { first: number; last: number } | undefined {
  const first = Math.ceil(Math.max(0, start) / period) * period;
  const last = Math.floor(end / period) * period;
  return first <= last ? { first, last } : undefined;
}

/** Share of the way from `start` to `end`, in [0, 1]; an empty span is a jump from 0 to 1 at `end`. */
export function progress(step: number, start: number, end: number): number {
  if (start >= end) return step >= end ? 1 : 0;
  return Math.min(1, Math.max(0, (step - start) / (end - start)));
}

/**
 * How much of a change is still to come at progress p: 1 at the beginning, 0 at the end.
 *
 * - `constant`: the change is there from the beginning.
 * - `one-shot`: all of it at the end of the span.
 * - `polynomial`: (1 - p)^power; power 3 is the cubic of Zhu and Gupta 2017.
 * - `cosine`: (1 + cos(pi p)) / 2.
 * - `linear`: 1 - p.
 */
export const CURVES = {
  constant: () => 0,
  'one-shot': (p) => (p < 1 ? 1 : 0),
  polynomial: (p, power) => (1 - p) ** power,
  cosine: (p) => (1 + Math.cos(Math.PI * p)) / 2,
  linear: (p) => 1 - p,
} as const satisfies Record<string, (p: number, power: number) => number>;

/** Name of a curve. */
export type CurveId = keyof typeof CURVES;

/** A density that changes once from `initial` to `final`, between two steps. */
export interface DensitySchedule {
  curve: CurveId;
  initial: number;
  final: number;
  start: number;
  end: number;
  /** Exponent of `polynomial`; 3 when absent. */
  power?: number;
  /** Steps added before the curve is read; 1 in jaxpruner, whose count is one ahead. 0 when absent. */
  lead?: number;
}

/** Density at a step. Sparsity 1 - density follows the same curve, so the papers' formulas for sparsity hold as they are. */
export function densityAt(schedule: DensitySchedule, step: number): number {
  const { initial, final, start, end, curve, power = 3, lead = 0 } = schedule;
  return final + (initial - final) * CURVES[curve](progress(step + lead, start, end), power);
}

/**
 * How the drop fraction decays.
 *
 * - `constant`: not at all (SET).
 * - `cosine`: r(t) = floor + (r0 - floor) (1 + cos(pi t / T)) / 2 (RigL with floor 0, GraNet with .005).
 * - `linear`: r(t) = floor + (r0 - floor) (1 - t / T).
 */
export const DECAYS = {
  constant: () => 1,
  cosine: (p) => CURVES.cosine(p),
  linear: (p) => CURVES.linear(p),
} as const satisfies Record<string, (p: number) => number>;

/** Name of a decay. */
export type DecayId = keyof typeof DECAYS;

/** A share of active weights, in [0, 1], that shrinks from `initial` to `floor` between two steps. */
export interface DropSchedule {
  decay: DecayId;
  initial: number;
  floor: number;
  start: number;
  end: number;
}

/** Drop fraction at a step. A floor above the initial value does not raise it. */
export function dropFractionAt({ decay, initial, floor, start, end }: DropSchedule, step: number): number {
  const low = Math.min(floor, initial);
  return low + (initial - low) * DECAYS[decay](progress(step, start, end));
}
