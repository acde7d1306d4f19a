import type { Arena } from '../gpu/arena.ts';
import type { Program } from '../gpu/program.ts';
import { byteRange } from '../gpu/trace.ts';
import type { Arm } from './arm.ts';
import type { CostFacts } from './events.ts';

const PRODUCTS = new Set([
  'linear_forward', 'linear_input_gradient', 'linear_weight_gradient', 'csr_forward', 'csr_input_gradient', 'csr_weight_gradient',
  'block_forward', 'block_input_gradient', 'block_weight_gradient',
  'conv_forward', 'conv_input_gradient', 'conv_weight_gradient',
]);

/** FLOPs of one run of a program as it executes: dense arithmetic, whatever the masks say. */
export function programFlops(program: Program): number {
  return program.dispatches.reduce((sum, d) => sum + d.kernel.work(d.params).flops, 0);
}

/** Bytes that a run's dispatches read and write, each bound range counted once a dispatch. */
export function programBytes(program: Program): number {
  return program.dispatches.reduce((sum, d) => sum + d.values.reduce((bytes, v) => bytes + byteRange(v).to - byteRange(v).from, 0), 0);
}

/**
 * Theoretical FLOPs of one run if products cost what their mask keeps: the three products of a masked layer count
 * `density` of their dense FLOPs, all else counts in full. `density` by the name of the weight. With `denseGradient`,
 * gradients of weights are in full, too: the method asks for those outside the mask.
 */
export function maskedFlops(program: Program, density: ReadonlyMap<string, number>, denseGradient: boolean): number {
  return program.dispatches.reduce((sum, d) => {
    const flops = d.kernel.work(d.params).flops;
    if (!PRODUCTS.has(d.kernel.name) || (denseGradient && d.kernel.name.endsWith('_weight_gradient'))) return sum + flops;
    const weight = d.label.split(' ').at(-1) as string;
    return sum + flops * (density.get(weight) ?? 1);
  }, 0);
}

/** What one step of an arm costs, at the planned final density of the phase under way. */
export function costOf(arm: Arm, arena: Arena, transientBytes: number, lastStep: number): CostFacts {
  const runs = arm.runs(false);
  const sum = (of: (program: Program) => number): number => runs.reduce((total, program) => total + of(program), 0);
  const target = arm.planned(lastStep);
  const density = new Map(arm.layout.layers.map((t, l) => [t.name, (target[l] ?? t.length) / t.length]));
  return {
    arm: arm.id, dispatches: sum((p) => p.dispatches.length), flops: sum((p) => maskedFlops(p, density, arm.denseGradient(false))), denseFlops: sum(programFlops), bytes: sum(programBytes),
    plannedBytes: transientBytes, peakBytes: arena.counters().peakBytes, format: arm.format(),
  };
}
