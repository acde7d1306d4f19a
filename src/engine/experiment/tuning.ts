import type { Gpu } from '../gpu/device.ts';
import type { Tuner, TuningCache } from '../gpu/tuner.ts';
import type { Networks } from './network.ts';

/** Share of the run's time that measuring variants may take, and steps before it begins. */
const SHARE = 0.05;
const AFTER_STEPS = 20;

/** Measures variants while a run goes on. */
export interface Tuning {
  /** True where the run has earned the time for another variant, and it is compiled; begins to compile it otherwise. */
  due(step: number): boolean;
  /** Measures for one round. The queue must be empty. */
  measure(): Promise<void>;
  /** The programs are new: begin anew. */
  restart(): Promise<void>;
}

/** Tuning of the programs of the phase under way. A candidate compiles while training goes on; only timing it takes the device. */
export function createTuning(gpu: Gpu, networks: Networks, cache?: TuningCache): Tuning {
  const since = performance.now();
  let spent = 0;
  let tuner: Tuner | null | undefined;
  let preparing: Promise<void> | undefined;
  let ready = false;

  const prepare = async (): Promise<void> => {
    // Loaded when it is first wanted: tuning must not delay the first step, nor must its code.
    const [{ createTuner }] = await Promise.all([import('../gpu/tuner.ts'), gpu.loadShaders?.()]);
    tuner ??= createTuner(gpu, networks.arena, networks.arms.flatMap((arm) => [arm.programs().step, arm.programs().evaluate]), cache);
    await tuner.prepare();
  };
  const start = (): void => {
    const mine = prepare().then(() => {
      if (preparing === mine) ready = true;
    }, () => {
      // Its code did not load: the run goes on with what it has.
      if (preparing === mine) tuner = null;
    });
    preparing = mine;
  };
  return {
    due(step) {
      if (tuner === null || step < AFTER_STEPS || spent > SHARE * (performance.now() - since)) return false;
      if (!preparing) start();
      return ready;
    },
    async measure() {
      const began = performance.now();
      const step = await tuner?.advance();
      if (step === null) tuner = null;
      if (step !== 'measuring') {
        preparing = undefined;
        ready = false;
      }
      spent += performance.now() - began;
    },
    async restart() {
      await tuner?.stop();
      tuner = undefined;
      preparing = undefined;
      ready = false;
    },
  };
}
