import type { Gpu } from '../gpu/device.ts';
import { KNOB_ROWS, type KnobValues } from '../gpu/knobs.ts';
import type { Program, Workspace } from '../gpu/program.ts';
import type { ReadbackRing, ReadPart } from '../gpu/readback.ts';

/** Work that goes to the queue in one submit: one pass, then copies out. */
export interface Slice {
  /** Adds one run of a program. @throws Error when the slice is full. */
  run(program: Program, knobs: KnobValues): void;
  readonly runs: number;
  readonly full: boolean;
  /** Sends everything. With `parts`, copies them out after the pass; ask `ring.ready()` first. */
  submit(parts?: { ring: ReadbackRing; parts: readonly ReadPart[] }): { done: Promise<void>; copies: Promise<ArrayBuffer[]> | undefined };
}

/** Starts a slice. Only one may be open at a time, since all share the knob rows. */
export function openSlice(gpu: Gpu, workspace: Workspace): Slice {
  const planned: { program: Program }[] = [];
  return {
    get runs() {
      return planned.length;
    },
    get full() {
      return planned.length >= KNOB_ROWS;
    },
    run(program, knobs) {
      if (planned.length >= KNOB_ROWS) throw new Error(`A slice holds at most ${KNOB_ROWS} runs.`);
      workspace.rows.fill(planned.length, knobs);
      planned.push({ program });
    },
    submit(out) {
      if (planned.length > 0) workspace.rows.write(planned.length);
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      planned.forEach(({ program }, row) => program.encode(pass, row));
      pass.end();
      const copy = out && out.ring.copy(encoder, out.parts);
      gpu.device.queue.submit([encoder.finish()]);
      const done = gpu.device.queue.onSubmittedWorkDone().then(() => undefined);
      // Not everyone waits for it, and of a lost device the run hears elsewhere.
      done.catch(() => undefined);
      return { done, copies: copy?.take() };
    },
  };
}

/** How many steps go into a slice, so that a slice lasts about `aimMs`. */
export interface Pace {
  /** Steps for the next slice, given how many runs a step is. */
  steps(runsPerStep: number): number;
  /** Tells how long a slice of n steps took. */
  took(steps: number, ms: number): void;
  /** Smoothed milliseconds a step; 0 before the first slice. */
  stepMs(): number;
}

/** How much of what was measured counts on at the next slice. */
const KEPT = 0.7;

/**
 * Begins with one step, doubles at most, and forgets what was before a slice of more than four times its aim.
 * Steps and times are summed apart: a queue may tell of two slices at once, and then the first seems to have taken the
 * time of both, the second none.
 */
export function createPace(aimMs = 16): Pace {
  let steps = 0;
  let ms = 0;
  let last = 1;
  const stepMs = (): number => (steps === 0 ? 0 : ms / steps);
  return {
    steps(runsPerStep) {
      const wanted = stepMs() === 0 ? 1 : Math.floor(aimMs / stepMs());
      last = Math.max(1, Math.min(wanted, last * 2, Math.floor(KNOB_ROWS / runsPerStep)));
      return last;
    },
    took(sliceSteps, sliceMs) {
      const kept = sliceMs > 4 * aimMs ? 0 : KEPT;
      steps = kept * steps + Math.max(1, sliceSteps);
      ms = kept * ms + sliceMs;
    },
    stepMs,
  };
}
