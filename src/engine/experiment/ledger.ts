import { grouped } from '../sparsity/granularity.ts';
import type { MaskPlan } from '../sparsity/method.ts';
import { findMethod } from '../sparsity/methods/index.ts';
import { executableShares, type Pass, type PassRule, passRule } from '../sparsity/passes.ts';
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

/** The run of an arm up to a step, in stretches of steps that cost the same; none where the log has no cost, as before its run began. */
function* stretchesOf(log: RunLog, data: DataSizes, arm: ArmId, end: number): Generator<Stretch> {
  const { experiment } = log;
  const denseFlops = log.cost.find((cost) => cost.arm === arm)?.denseFlops;
  if (!experiment || denseFlops === undefined) return;
  const phases = phasesOf({ ...log, experiment }, data, arm, denseFlops);
  const masks = log.tables.get(`${arm}/mask`);
  const rows = masks ? Array.from(masks.step.subarray(0, masks.length)) : [];
  const updated = new Set(rows.filter((step) => step > 0));
  // A step that updates masks is a stretch of its own: it may need gradients of all weights.
  const borders = [...new Set([0, end, ...phases.starts, ...rows, ...rows.map((step) => step - 1), ...log.edits.map(({ step }) => step)])].filter((step) => step >= 0 && step <= end).sort((a, b) => a - b);
  let row = -1;
  for (let i = 0; i + 1 < borders.length; i++) {
    const [from, to] = [borders[i] as number, borders[i + 1] as number];
    while (row + 1 < rows.length && (rows[row + 1] as number) <= from) row++;
    const mask = Math.max(0, row);
    const density = (name: string): number => masks?.columns.get(`${name}.density`)?.[mask] ?? 1;
    const shared = { step: phases.step(phases.at(from)), density };
    const updates = to - from === 1 && updated.has(to);
    const closes = updated.has(to) || to === end;
    const hides = firstHidden(phases, from, to);
    if (hides > from) yield { ...shared, from, to: hides, rule: phases.rule(from, updates), closes: closes || hides < to };
    if (hides < to) yield { ...shared, from: hides, to, rule: phases.rule(hides, updates), closes };
  }
}

/** The first of these steps whose products no longer see all weights, where the ones before do: factors of hidden weights only fall. `to` where there is none, `from` where all are such. */
function firstHidden(phases: Phases, from: number, to: number): number {
  const seesAll = (step: number): boolean => phases.rule(step, false).seesAll;
  if (!seesAll(from)) return from;
  if (seesAll(to - 1)) return to;
  let [low, high] = [from, to - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (seesAll(middle)) low = middle;
    else high = middle;
  }
  return high;
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
  const at = Math.max(0, Math.min(step, log.totalSteps - 1));
  let last: Stretch | undefined;
  for (const stretch of stretchesOf(log, data, arm, at + 1)) last = stretch;
  return last && log.experiment && ledgerOf(last, log.experiment, 1);
}

/** What an arm's first `end` steps cost, summed. Undefined where the log has no cost. */
export function ledgerUpTo(log: RunLog, data: DataSizes, end: number, arm: ArmId = 'main'): Ledger | undefined {
  let sum: Ledger | undefined;
  for (const stretch of stretchesOf(log, data, arm, end)) {
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
  const [steps, values] = [[0], [0]];
  let sum = 0;
  for (const { from, to, step, rule, density, closes } of stretchesOf(log, data, arm, log.step)) {
    sum += (to - from) * flopsAt(step, density, rule);
    if (!closes) continue;
    steps.push(to);
    values.push(sum);
  }
  return steps.length === 1 ? { steps: new Uint32Array(0), values: new Float32Array(0) } : { steps: Uint32Array.from(steps), values: Float32Array.from(values) };
}
