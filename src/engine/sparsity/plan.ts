import { course, type Course } from './course.ts';
import { regrowCounts, ROUNDINGS, type RoundingId, shareWord, shrinkCounts } from './counts.ts';
import { DISTRIBUTIONS, layerCounts } from './distributions.ts';
import type { Dims, DistributionId } from './distributions.ts';
import { weightsOf } from './granularity.ts';
import { GRADUAL_CURVES, readChoice, readFlag, readNumber, SCOPES } from './knobs.ts';
import type { MaskPlan, Opening, PlanContext, UpdateCounts } from './method.ts';
import { DECAYS, densityAt, dropFractionAt, isUpdateStep, updateBounds } from './schedules.ts';
import type { UpdateWindow } from './schedules.ts';

/*
 * Plans read `context.knobs` at every call, never once: live knobs may have changed in between. The layers of a
 * context are the maskable ones. `counts` makes sense at any step, not only where `isUpdate` is true, so that a caller
 * can make an edit of the density act at once.
 */

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** What differs between plans; the rest follows from it and the layers. */
interface PlanRules {
  initialDensity(): number;
  /** Planned density after step t's update; the same until the next update. */
  density(step: number): number;
  isUpdate(step: number): boolean;
  dropFraction?(step: number): number;
  /** How the share that layers exchange after a common threshold is rounded; absent where they exchange nothing. */
  exchange?: RoundingId;
  counts(step: number, target: readonly number[], active: readonly number[]): UpdateCounts;
}

/** A plan of these rules. */
export function buildPlan(context: PlanContext, rules: PlanRules): MaskPlan {
  const { knobs } = context;
  const shapes = context.layers.map(dimsOf);
  const total = sum(context.layers.map((layer) => layer.out * layer.in));
  const groups = context.layers.map(groupsOf);
  // A pattern knows two densities: all weights, and its own.
  const layerTargets = (density: number): number[] => hasPattern(context)
    ? context.layers.map((layer) => (density >= 1 ? groupsOf(layer) : layer.kept ?? groupsOf(layer)))
    : layerCounts(distribution(context), shapes, density, 1, groups);
  const target = (step: number): number[] => layerTargets(rules.density(step));
  return {
    initial() {
      const counts = layerTargets(rules.initialDensity());
      return { counts, choose: sum(counts) === sum(groups) ? 'all' : 'random' };
    },
    isUpdate: rules.isUpdate,
    // From whole numbers, so that planned and achieved density can be equal.
    density: (step) => (total === 0 ? 1 : sum(weightsOf(context.layers, target(step))) / total),
    target,
    dropFraction: rules.dropFraction ?? (() => 0),
    counts: (step, active) => rules.counts(step, target(step), active),
    scope: scopeOf(context),
    exchange: rules.exchange,
    gradientDecay: 'gradientDecay' in knobs ? readNumber(knobs, 'gradientDecay') : undefined,
    appliesGradientOnUpdate: !readFlag(knobs, 'skipGradientOnUpdate', false),
    // A group may have no others to fill it with.
    regrowAllowed: hasPattern(context) || readFlag(knobs, 'regrowAllowed', true),
    keepValueOnRegrow: readFlag(knobs, 'keepValueOnRegrow', false),
  };
}

/** What a layer's mask can switch by itself. */
export const groupsOf = (layer: PlanContext['layers'][number]): number => layer.groups ?? layer.out * layer.in;

/** A kernel's dimensions count for `erk`. */
function dimsOf({ out, in: inputs, kernel }: PlanContext['layers'][number]): Dims {
  return kernel ? [out, inputs / (kernel[0] * kernel[1]), ...kernel] : [out, inputs];
}

/** True where masks keep N of M: what a layer holds is then fixed, and layers share nothing. */
const hasPattern = ({ layers }: PlanContext): boolean => layers.some(({ kept }) => kept !== undefined);

function scopeOf(context: PlanContext): MaskPlan['scope'] {
  const { knobs } = context;
  return 'scope' in knobs && !hasPattern(context) ? readChoice(knobs, 'scope', SCOPES) : 'layer';
}

function distribution({ knobs }: PlanContext): DistributionId {
  return 'distribution' in knobs ? readChoice(knobs, 'distribution', DISTRIBUTIONS) : 'uniform';
}

/** The update window in steps, from the knobs `updateStart`, `updateEnd` (shares of the phase) and `updatePeriod`. */
export function updateWindow({ knobs, steps }: PlanContext): UpdateWindow {
  return {
    start: Math.round(readNumber(knobs, 'updateStart') * steps),
    // The last step of a phase is steps - 1: a schedule that ends "at 1" has to end there to be completed.
    end: Math.min(Math.round(readNumber(knobs, 'updateEnd') * steps), steps - 1),
    period: Math.max(1, Math.round(readNumber(knobs, 'updatePeriod'))),
  };
}

/** Removes down to the target, within each layer or, with `scope` global, over all of them: one entry for all. */
function removal(context: PlanContext): PlanRules['counts'] {
  return (_step, target, active) =>
    scopeOf(context) === 'global'
      ? shrinkCounts([sum(target)], [sum(active)])
      : shrinkCounts(target, active);
}

/** Every weight active, for the whole phase. */
export function densePlan(context: PlanContext): MaskPlan {
  return buildPlan(context, {
    initialDensity: () => 1,
    density: () => 1,
    isUpdate: () => false,
    counts: (_step, target, active) => shrinkCounts(target, active),
  });
}

/** A mask drawn at the beginning and never changed. Knobs: density, distribution. */
export function staticPlan(context: PlanContext): MaskPlan {
  const density = (): number => readNumber(context.knobs, 'density');
  return buildPlan(context, {
    initialDensity: density,
    density,
    isUpdate: () => false,
    counts: (_step, target, active) => shrinkCounts(target, active),
  });
}

/** A mask that is found by scores before training and never changed. Knobs: density, distribution, and scope where it is not given. */
export function openingPlan(context: PlanContext, opening: Omit<Opening, 'scope'> & Partial<Pick<Opening, 'scope'>>): MaskPlan {
  const plan = staticPlan(context);
  const { scope } = plan;
  return {
    ...plan,
    initial() {
      const { counts, choose } = plan.initial();
      return { counts, choose: choose === 'all' ? 'all' : 'scored' };
    },
    opening: { scope, ...opening, ...(hasPattern(context) && { scope: 'layer' }) },
  };
}

/** Dense until one step, then pruned once to `density`. Knobs: density, pruneAt (share of the phase), distribution, scope. */
export function oneShotPlan(context: PlanContext): MaskPlan {
  const pruneStep = (): number =>
    Math.max(0, Math.min(Math.round(readNumber(context.knobs, 'pruneAt') * context.steps), context.steps - 1));
  return buildPlan(context, {
    initialDensity: () => 1,
    density: (step) => (step >= pruneStep() ? readNumber(context.knobs, 'density') : 1),
    isUpdate: (step) => step === pruneStep(),
    counts: removal(context),
  });
}

/**
 * The density along a curve from `initialDensity` to `density`.
 *
 * The curve begins at the first update and ends at the last one, not at the ends of the window: with a period that
 * does not divide the window, the final density would be missed otherwise. With `stopShort` it ends one update later.
 */
function gradualDensity(context: PlanContext): (step: number) => number {
  return (step) => {
    const initial = readNumber(context.knobs, 'initialDensity');
    const window = updateWindow(context);
    const bounds = updateBounds(window);
    if (bounds === undefined || step < bounds.first) return initial;
    const lastUpdate = Math.floor(Math.min(step, bounds.last) / window.period) * window.period;
    const final = Math.min(initial, readNumber(context.knobs, 'density'));
    return densityAt(
      {
        curve: readChoice(context.knobs, 'curve', GRADUAL_CURVES),
        power: readNumber(context.knobs, 'power'),
        lead: readFlag(context.knobs, 'countFromOne', false) ? 1 : 0,
        initial,
        final,
        start: bounds.first,
        end: bounds.last + (readFlag(context.knobs, 'stopShort', false) ? window.period : 0),
      },
      lastUpdate,
    );
  };
}

/**
 * Pruned at every update, along a curve from `initialDensity` to `density`. Pruned weights do not come back, so a density
 * raised while the run is under way only stops the pruning.
 */
export function gradualPlan(context: PlanContext): MaskPlan {
  const { initial, ...rules } = gradualCourse(context);
  return buildPlan(context, { ...rules, initialDensity: initial, counts: removal(context) });
}

/** The points of the phase, or the curve where it has none. */
function gradualCourse(context: PlanContext): Course {
  return course(context, true, {
    initial: () => readNumber(context.knobs, 'initialDensity'),
    density: gradualDensity(context),
    isUpdate: (step) => isUpdateStep(updateWindow(context), step),
  });
}

/**
 * A mask whose weights are exchanged: every update drops a share and grows as many. Its density is fixed, or follows points; the
 * next update moves to it, also when it is edited. Outside the window the drop fraction is 0.
 */
export function exchangePlan(context: PlanContext): MaskPlan {
  const density = (): number => readNumber(context.knobs, 'density');
  const dropFraction = (step: number): number => {
    const { knobs } = context;
    const { start, end } = updateWindow(context);
    if (step < start || step > end) return 0;
    return dropFractionAt(
      {
        decay: readChoice(knobs, 'dropDecay', DECAYS),
        initial: readNumber(knobs, 'dropFraction'),
        floor: readNumber(knobs, 'dropFloor'),
        start,
        end,
      },
      step,
    );
  };
  const exchanges = (step: number): boolean => isUpdateStep(updateWindow(context), step);
  const along = course(context, false, { initial: density, density, isUpdate: exchanges });
  return buildPlan(context, {
    initialDensity: along.initial,
    density: along.density,
    isUpdate: (step) => exchanges(step) || along.isUpdate(step),
    dropFraction,
    counts(step, target, active) {
      const perLayer = context.layers.map((layer, i) =>
        regrowCounts({
          size: groupsOf(layer),
          active: active[i]!,
          target: target[i]!,
          dropFraction: dropFraction(step),
          rounding: readChoice(context.knobs, 'rounding', ROUNDINGS),
          regrowAllowed: hasPattern(context) || readFlag(context.knobs, 'regrowAllowed', true),
        }),
      );
      return { keep: perLayer.map((layer) => layer.keep), grow: perLayer.map((layer) => layer.grow) };
    },
  });
}

/**
 * An exchange in which all that the layers dropped is shared among them anew, by the device: of the CPU's counts only the
 * total is known. Layers may leave their planned shares; their sum stays as planned, except that where dropped
 * weights may not return, and there is no room for more, a raised density is met by a later update.
 */
export function redistributionPlan(context: PlanContext): MaskPlan {
  const plan = exchangePlan(context);
  if (hasPattern(context)) return plan;
  return {
    ...plan,
    scope: 'global',
    exchange: readChoice(context.knobs, 'rounding', ROUNDINGS),
    redistribute: true,
    counts(step, active) {
      const [target, now] = [sum(plan.target(step)), sum(active)];
      return { keep: [Math.min(target, now)], grow: [Math.max(0, target - now)], exchange: shareWord(plan.dropFraction(step)) };
    },
  };
}

/**
 * Pruned along a curve until `updateEnd`, or along points, and at every update, to the end of the phase, a share of what is left is dropped
 * and as many are grown. The share decays over the whole phase. Scope `global`: one threshold prunes all layers, then
 * each exchanges its share of what is left to it.
 */
export function gradualExchangePlan(context: PlanContext): MaskPlan {
  const { layers, knobs, steps } = context;
  const rounding = readChoice(knobs, 'rounding', ROUNDINGS);
  const dropFraction = (step: number): number => step < updateWindow(context).start ? 0 : dropFractionAt(
    { decay: readChoice(knobs, 'dropDecay', DECAYS), initial: readNumber(knobs, 'dropFraction'), floor: readNumber(knobs, 'dropFloor'), start: 0, end: steps },
    step,
  );
  const left = removal(context);
  const along = gradualCourse(context);
  return buildPlan(context, {
    initialDensity: along.initial,
    density: along.density,
    isUpdate: (step) => isUpdateStep({ ...updateWindow(context), end: steps - 1 }, step) || along.isUpdate(step),
    dropFraction,
    ...(scopeOf(context) === 'global' && { exchange: rounding }),
    counts(step, target, active) {
      const pruned = left(step, target, active);
      if (scopeOf(context) === 'global') return { ...pruned, exchange: shareWord(dropFraction(step)) };
      const perLayer = layers.map((layer, i) => regrowCounts({
        size: groupsOf(layer), active: active[i]!, target: pruned.keep[i]!, dropFraction: dropFraction(step), rounding,
        regrowAllowed: hasPattern(context) || readFlag(knobs, 'regrowAllowed', true),
      }));
      return { keep: perLayer.map((layer) => layer.keep), grow: perLayer.map((layer) => layer.grow) };
    },
  });
}
