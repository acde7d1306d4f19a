import type { Arena } from '../gpu/arena.ts';
import type { Program } from '../gpu/program.ts';
import { byteRange } from '../gpu/trace.ts';
import { densityBehind, type Pass, type PassShares, theoreticalShares } from '../sparsity/passes.ts';
import type { Arm } from './arm.ts';
import type { CostFacts } from './events.ts';

/** Families of kernels with the products of a layer, and which pass each computes. */
const PRODUCT = /^(?:linear|csr|block|nm|conv)_(forward|input_gradient|weight_gradient)$/;

/** FLOPs of one run of a program as it executes: dense arithmetic, whatever the masks say. */
export function programFlops(program: Program): number {
  return program.dispatches.reduce((sum, d) => sum + d.kernel.work(d.params).flops, 0);
}

/** Bytes that a run's dispatches read and write, each bound range counted once a dispatch. */
export function programBytes(program: Program): number {
  return program.dispatches.reduce((sum, d) => sum + d.values.reduce((bytes, v) => bytes + byteRange(v).to - byteRange(v).from, 0), 0);
}

/**
 * Theoretical FLOPs of one run if products cost what their mask keeps: those of a masked layer count as much of their
 * dense FLOPs as its pass needs, all else counts in full.
 * @param shares by the name of the weight; undefined for a layer without a mask
 */
export function maskedFlops(program: Program, shares: (weight: string) => PassShares | undefined): number {
  return program.dispatches.reduce((sum, d) => {
    const flops = d.kernel.work(d.params).flops;
    const pass = PRODUCT.exec(d.kernel.name)?.[1]?.replace('_', ' ') as Pass | undefined;
    return sum + flops * (pass === undefined ? 1 : shares(d.label.split(' ').at(-1) as string)?.[pass] ?? 1);
  }, 0);
}

/**
 * The shares of an arm's layers at a step of the phase under way.
 * @param densities by the name of the weight
 * @param updates the step ends with a mask update
 */
export function sharesOf(arm: Arm, densities: ReadonlyMap<string, number>, step: number, updates: boolean): (weight: string) => PassShares | undefined {
  const rule = arm.passRule(step, updates);
  const layers = new Map(arm.layers.map((layer) => [`${layer.name}.weight`, layer]));
  return (weight) => {
    const [layer, density] = [layers.get(weight), densities.get(weight)];
    return layer?.maskable && density !== undefined ? theoreticalShares(rule, { density, behind: densityBehind(arm.masks, layer) }) : undefined;
  };
}

/** What one step of an arm costs, at the planned final density of the phase under way. */
export function costOf(arm: Arm, arena: Arena, transientBytes: number, lastStep: number): CostFacts {
  const runs = arm.runs(false);
  const sum = (of: (program: Program) => number): number => runs.reduce((total, program) => total + of(program), 0);
  const target = arm.planned(lastStep);
  const shares = sharesOf(arm, new Map(arm.layout.layers.map((t, l) => [t.name, (target[l] ?? t.length) / t.length])), lastStep, false);
  return {
    arm: arm.id, dispatches: sum((p) => p.dispatches.length), flops: sum((p) => maskedFlops(p, shares)), denseFlops: sum(programFlops), bytes: sum(programBytes),
    plannedBytes: transientBytes, peakBytes: arena.counters().peakBytes, format: arm.format(),
  };
}
