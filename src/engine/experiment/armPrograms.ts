import type { Gpu } from '../gpu/device.ts';
import type { Program } from '../gpu/program.ts';

/** The programs of an arm in a phase; update programs are absent where masks never change. */
export interface ArmPrograms {
  step: Program;
  update: Program | undefined;
  /** A micro-batch before the last; absent where a step has only one. Before an update it may need other gradients. */
  micro: Program | undefined;
  updateMicro: Program | undefined;
  evaluate: Program;
  /** What the network answers to the probe; absent where it is not asked. */
  probe: Program | undefined;
  /** One more character of a text; absent for other data. */
  write: Program | undefined;
  prune: Program | undefined;
  /** A round of the opening; absent where scores do not find the first mask. */
  opening: Program | undefined;
  /** What follows when masks were written from outside; absent where no layer has a mask. */
  settle: Program | undefined;
}

/** Programs of a step, in the order in which they run: all micro-batches but the last, then what ends the step. */
export function runsOfStep({ step, update, micro, updateMicro }: ArmPrograms, accumulate: number, updates: boolean): readonly Program[] {
  const early = (updates ? updateMicro : undefined) ?? micro;
  return [...Array.from({ length: accumulate - 1 }, () => early as Program), (updates ? update : undefined) ?? step];
}

/** Variants that the training step uses, by dispatch. */
export function variantsOf({ step: { dispatches, chosen } }: ArmPrograms): Record<string, string> {
  return Object.fromEntries(dispatches.map((d, i) => [d.label, chosen[i]?.name ?? '']));
}

/** Sends one program by itself, with knob row 0. */
export function runAlone(gpu: Gpu, program: Program): void {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  program.encode(pass, 0);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
}
