import type { Arena } from '../engine/gpu/arena.ts';
import type { Gpu } from '../engine/gpu/device.ts';
import type { KnobValues } from '../engine/gpu/knobs.ts';
import { profileProgram } from '../engine/gpu/profiler.ts';
import type { Program, Workspace } from '../engine/gpu/program.ts';
import { createTuner } from '../engine/gpu/tuner.ts';
import type { TuningCache, Verdict } from '../engine/gpu/tuningCache.ts';
import { openSlice } from '../engine/experiment/slices.ts';
import type { OpenContender, PassTime } from './row.ts';

/** Programs of Sparseland, traced and compiled. */
export interface Bench {
  gpu: Gpu;
  arena: Arena;
  workspace: Workspace;
  /** What execution i runs, and its knobs. */
  next(i: number): { program: Program; knobs: KnobValues };
}

/** How a contender of Sparseland's own runs: executions go out in slices, as those of a training run. */
export function runPrograms({ gpu, workspace, next }: Bench): Pick<OpenContender, 'run' | 'wait'> {
  let executions = 0;
  let done = Promise.resolve();
  return {
    run(n) {
      for (let left = n; left > 0;) {
        const slice = openSlice(gpu, workspace);
        for (; left > 0 && !slice.full; left--) {
          const { program, knobs } = next(executions++);
          slice.run(program, knobs);
        }
        ({ done } = slice.submit());
      }
    },
    wait: () => done,
  };
}

/** Lets the tuner choose the variants of all dispatches, as `cache` remembers it or by measuring. The knobs of an execution must have been written. */
export async function tunePrograms({ gpu, arena }: Bench, programs: readonly Program[], cache?: TuningCache): Promise<void> {
  const tuner = createTuner(gpu, arena, programs, cache);
  await tuner.recall();
  while (await tuner.next());
}

/** Remembers what tuners found as long as it is held. */
export function heldTuning(): TuningCache {
  const [verdicts, times] = [new Map<string, Verdict>(), new Map<string, readonly number[]>()];
  return {
    isEmpty: async () => verdicts.size === 0,
    get: async (key) => verdicts.get(key),
    set: (key, verdict) => void verdicts.set(key, verdict),
    getTimes: async (key) => times.get(key),
    setTimes: (key, ms) => void times.set(key, ms),
  };
}

/** What can be told of the dispatches of a program. Profiling runs it, on the knobs written last. */
export function describeProgram({ gpu, arena, workspace }: Bench, program: Program): Required<Pick<OpenContender, 'variants' | 'profile'>> {
  const names = (): string[] => program.dispatches.map(({ kernel }, at) => `${kernel.name}/${program.chosen[at]?.name ?? ''}`);
  return {
    variants: names,
    async profile(): Promise<PassTime[] | null> {
      const ns = await profileProgram(gpu, arena, workspace, program, 0, PROFILES);
      const kernels = names();
      return ns && program.dispatches.map(({ label, kernel, params }, at) => ({ label, kernel: kernels[at] ?? '', ms: (ns[at] ?? 0) / 1e6, flops: kernel.work(params).flops }));
    },
  };
}

const PROFILES = 7;

/** FLOPs that the kernels of a program, or of a trace, count for themselves. */
export function flopsOf(program: Pick<Program, 'dispatches'>): number {
  return program.dispatches.reduce((sum, { kernel, params }) => sum + kernel.work(params).flops, 0);
}
