import { grouped } from '../sparsity/granularity.ts';
import type { MaskPlan } from '../sparsity/method.ts';
import { findMethod } from '../sparsity/methods/index.ts';
import { executableShares, firstHidden, type Pass, type PassRule, passRule } from '../sparsity/passes.ts';
import type { Series } from './columns.ts';
import type { ArmId } from './events.ts';
import type { Experiment } from './experiment.ts';
import type { DataSizes } from './model.ts';
import { phaseStarts, sparsityOf } from './phases.ts';
import type { RunLog } from './runLog.ts';
import { flopsAt, layerShares, type StepFlops, stepFlopsOf } from './stepFlops.ts';

/* The ledger of a run: what its products cost pass by pass, at a step and summed over the steps. */

/** FLOPs of one pass of a layer: as dense arithmetic, in theory, and what is left where theory is carried out; see `executableShares`. */
export interface PassFlops {
  pass: Pass;
  dense: number;
  theory: number;
  executable: number;
}

/** FLOPs of a step, or of several. */
export interface Ledger {
  layers: readonly { name: string; passes: readonly PassFlops[] }[];
  /** All that no mask makes cheaper. */
  rest: number;
}

/** Steps that cost the same: `from` to `to`, the last one left out. */
interface Stretch {
  from: number;
  to: number;
  step: StepFlops;
  rule: PassRule;
  density(name: string): number;
  /** A mask begins at `to`, or the run ends. */
  closes: boolean;
}

/** What a run plans, phase by phase. */
interface Phases {
  starts: readonly number[];
  /** Number of the phase that a step belongs to. */
  at(step: number): number;
  step(phase: number): StepFlops;
  rule(step: number, updates: boolean): PassRule;
}

function phasesOf({ experiment, layers, edits }: RunLog & { experiment: Experiment }, data: DataSizes, arm: ArmId, denseFlops: number): Phases {
  const starts = phaseStarts(experiment);
  const masked = grouped(layers.filter(({ maskable }) => maskable), experiment.masks);
  const plans = experiment.phases.map((phase) => {
    const { method: id, ...values } = sparsityOf(arm, phase);
    const [method, knobs] = [findMethod(id), { ...values }];
    return { method, knobs, values, plan: method.plan({ layers: masked, steps: phase.steps, knobs }) as MaskPlan };
  });
  const steps = experiment.phases.map((_, phase) => stepFlopsOf(experiment, data, denseFlops, phase));
  const at = (step: number): number => Math.max(0, experiment.phases.findLastIndex((_, i) => (starts[i] as number) <= step));
  return {
    starts, at,
    step: (phase) => steps[phase] as StepFlops,
    rule(step, updates) {
      const phase = at(step);
      const { method, plan, knobs, values } = plans[phase] as (typeof plans)[number];
      // Live knobs as they stood: controls keep their own, and each phase begins with those of its settings.
      const moved = arm === 'main' ? edits.filter((edit) => edit.step <= step && edit.step >= (starts[phase] as number) && edit.path.startsWith('sparsity.')) : [];
      Object.assign(knobs, values, Object.fromEntries(moved.map(({ path, value }) => [path.slice('sparsity.'.length), value])));
      return passRule(method, plan, step - (starts[phase] as number), updates);
    },
  };
}

/** What an arm's costs follow from. */
interface ArmCosts {
  phases: Phases;
  /** Steps behind which masks were told. */
  masks: readonly number[];
  /** Densities of the layers that a step begins with. */
  densityAt(step: number): (name: string) => number;
  /** True where a step, counted from 0, ended with a mask update. */
  updates(step: number): boolean;
}

/** Place of the last of ascending steps that is not behind one; -1 where all are. */
function lastAtOrBefore(steps: readonly number[], step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Undefined where the log has no cost, as before its run began. */
function costsOf(log: RunLog, data: DataSizes, arm: ArmId): ArmCosts | undefined {
  const { experiment } = log;
  const denseFlops = log.cost.find((cost) => cost.arm === arm)?.denseFlops;
  if (!experiment || denseFlops === undefined) return undefined;
  const table = log.tables.get(`${arm}/mask`);
  const masks = table ? Array.from(table.step.subarray(0, table.length)) : [];
  const updated = new Set(masks.filter((step) => step > 0));
  return {
    phases: phasesOf({ ...log, experiment }, data, arm, denseFlops), masks,
    densityAt(step) {
      const row = Math.max(0, lastAtOrBefore(masks, step));
      return (name) => table?.columns.get(`${name}.density`)?.[row] ?? 1;
    },
    updates: (step) => updated.has(step + 1),
  };
}

/** The run of an arm up to a step, in stretches of steps that cost the same. */
function* stretchesOf({ phases, masks, densityAt, updates }: ArmCosts, edits: RunLog['edits'], end: number): Generator<Stretch> {
  // A step that updates masks is a stretch of its own: it may need gradients of all weights.
  const all = [0, end, ...phases.starts, ...masks, ...masks.map((step) => step - 1), ...edits.map(({ step }) => step)];
  const borders = [...new Set(all)].filter((step) => step >= 0 && step <= end).sort((a, b) => a - b);
  for (let i = 0; i + 1 < borders.length; i++) {
    const [from, to] = [borders[i] as number, borders[i + 1] as number];
    const shared = { step: phases.step(phases.at(from)), density: densityAt(from) };
    const closes = updates(to - 1) || to === end;
    const hides = firstHidden((step) => phases.rule(step, false).seesAll, from, to);
    const rule = (step: number): PassRule => phases.rule(step, to - from === 1 && updates(step));
    if (hides > from) yield { ...shared, from, to: hides, rule: rule(from), closes: closes || hides < to };
    if (hides < to) yield { ...shared, from: hides, to, rule: rule(hides), closes };
  }
}

function ledgerOf({ step: { rest, layers }, rule, density }: Pick<Stretch, 'step' | 'rule' | 'density'>, experiment: Experiment, times: number): Ledger {
  return {
    rest: rest * times,
    layers: layers.filter(({ passes }) => passes.length > 0).map((layer) => {
      const theory = layerShares(rule, layer, density);
      const executable = layer.maskable ? executableShares(theory, rule, experiment.masks, layer) : theory;
      const dense = layer.product * times;
      return { name: layer.name, passes: layer.passes.map((pass) => ({ pass, dense, theory: dense * theory[pass], executable: dense * executable[pass] })) };
    }),
  };
}

function added(a: Ledger, b: Ledger): Ledger {
  return {
    rest: a.rest + b.rest,
    layers: b.layers.map(({ name, passes }) => {
      const before = a.layers.find((layer) => layer.name === name)?.passes ?? [];
      const sum = passes.map((own): PassFlops => {
        const old = before.find(({ pass }) => pass === own.pass);
        return old ? { pass: own.pass, dense: own.dense + old.dense, theory: own.theory + old.theory, executable: own.executable + old.executable } : own;
      });
      // A pass that an earlier phase had and this one has not.
      return { name, passes: [...before.filter(({ pass }) => !passes.some((own) => own.pass === pass)), ...sum] };
    }),
  };
}

/** What a step of an arm costs: the one that begins after `step` steps, or the last of the run. Undefined where the log has no cost. */
export function ledgerAt(log: RunLog, data: DataSizes, step: number, arm: ArmId = 'main'): Ledger | undefined {
  const costs = costsOf(log, data, arm);
  if (!costs) return undefined;
  const at = Math.max(0, Math.min(step, log.totalSteps - 1));
  const { phases, densityAt, updates } = costs;
  return ledgerOf({ step: phases.step(phases.at(at)), rule: phases.rule(at, updates(at)), density: densityAt(at) }, log.experiment as Experiment, 1);
}

/** What an arm's first `end` steps cost, summed. Undefined where the log has no cost, or without a step. */
export function ledgerUpTo(log: RunLog, data: DataSizes, end: number, arm: ArmId = 'main'): Ledger | undefined {
  const costs = costsOf(log, data, arm);
  let sum: Ledger | undefined;
  for (const stretch of costs ? stretchesOf(costs, log.edits, end) : []) {
    const own = ledgerOf(stretch, log.experiment as Experiment, stretch.to - stretch.from);
    sum = sum ? added(sum, own) : own;
  }
  return sum;
}

/** Sums over layers and passes, the rest included. @param wanted counts a pass; all where absent, and then the rest as well */
export function totalOf({ layers, rest }: Ledger, wanted?: Pass): Omit<PassFlops, 'pass'> {
  const all = layers.flatMap(({ passes }) => passes).filter(({ pass }) => wanted === undefined || pass === wanted);
  const sum = (of: (flops: PassFlops) => number): number => all.reduce((total, flops) => total + of(flops), wanted === undefined ? rest : 0);
  return { dense: sum(({ dense }) => dense), theory: sum(({ theory }) => theory), executable: sum(({ executable }) => executable) };
}

/**
 * Theoretical FLOPs of an arm's training from its first step, summed: a value at each mask, wherever the cost of a step
 * changes, and at the last step, straight lines between. A step counts with the masks that it began with; scoring and
 * selection of an update are left out. Empty where the log has no cost, as before its run began.
 */
export function trainingFlops(log: RunLog, data: DataSizes, arm: ArmId = 'main'): Series {
  const costs = costsOf(log, data, arm);
  const [steps, values] = [[0], [0]];
  let sum = 0;
  for (const { from, to, step, rule, density, closes } of costs ? stretchesOf(costs, log.edits, log.step) : []) {
    sum += (to - from) * flopsAt(step, density, rule);
    if (!closes) continue;
    steps.push(to);
    values.push(sum);
  }
  return steps.length === 1 ? { steps: new Uint32Array(0), values: new Float32Array(0) } : { steps: Uint32Array.from(steps), values: Float32Array.from(values) };
}
