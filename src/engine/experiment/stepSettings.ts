import type { KnobValues } from '../gpu/knobs.ts';
import { outsideColumns } from '../sparsity/outside.ts';
import type { Arm } from './arm.ts';
import { RING_ROWS } from './trainer.ts';

/** What the CPU set for each of the newest steps: columns of the train table that the device is told, and does not tell. */
export interface StepSettings {
  /** Keeps what the knobs of a step held that an arm is about to run. */
  note(arm: Arm, step: number, knobs: KnobValues): void;
  /** Columns of the arm as of its newest step, one value a row of the metrics ring. */
  of(arm: Arm): ReadonlyMap<string, Float32Array>;
}

/** Nothing noted yet. */
export function createStepSettings(): StepSettings {
  const rings = new Map<Arm, Map<string, Float32Array>>();
  return {
    note(arm, step, knobs) {
      const before = rings.get(arm);
      const columns = { rate: knobs.rate as number, ...outsideColumns(arm.plan(), knobs) };
      // A phase with other columns begins with rings of its own; what was told of the one before lies in the log.
      const now = new Map(Object.keys(columns).map((name) => [name, before?.get(name) ?? new Float32Array(RING_ROWS)]));
      for (const [name, value] of Object.entries(columns)) (now.get(name) as Float32Array)[step % RING_ROWS] = value;
      rings.set(arm, now);
    },
    of: (arm) => rings.get(arm) ?? new Map(),
  };
}
