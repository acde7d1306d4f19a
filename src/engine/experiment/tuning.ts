import type { Gpu } from '../gpu/device.ts';
import type { Tuner } from '../gpu/tuner.ts';
import type { TuningCache } from '../gpu/tuningCache.ts';
import type { Networks } from './network.ts';

/** Share of the run's time that measuring variants may take, and steps before it begins. */
const SHARE = 0.05;
const AFTER_STEPS = 20;
/** Milliseconds that looking up earlier choices may take, without compiling: neither a network that is gone nor a locked database may hold up a run. */
const RECALL_MS = 1000;

/** Measures variants while a run goes on. */
export interface Tuning {
  /** Takes into use what earlier runs chose, where there were any. Call it when the programs of a phase are ready, before their first slice. */
  recall(): Promise<void>;
  /** True where the run has earned the time for another variant, and it is compiled; begins to compile it otherwise. */
  due(step: number): boolean;
  /** Measures for one round. The queue must be empty. */
  measure(): Promise<void>;
  /** The programs are new: begin anew. */
  restart(): Promise<void>;
}

/** Tuning of the programs of the phase under way. A candidate compiles while training goes on; only timing it takes the device. */
export function createTuning(gpu: Gpu, networks: Networks, given?: Promise<TuningCache | undefined> | TuningCache): Tuning {
  const since = performance.now();
  let spent = 0;
  let tuner: Tuner | null | undefined;
  let preparing: Promise<void> | undefined;
  let ready = false;

  const load = async (): Promise<void> => {
    // Loaded when it is first wanted: tuning must not delay the first step, nor must its code.
    const [{ createTuner }, cache] = await Promise.all([import('../gpu/tuner.ts'), given, gpu.loadShaders?.()]);
    tuner ??= createTuner(gpu, networks.arena, networks.arms.flatMap((arm) => [...new Set(arm.runs(false)), arm.programs().evaluate]), cache);
  };
  const prepare = async (): Promise<void> => {
    await load();
    await tuner?.prepare();
  };
  /** True once the tuner is there to be asked; where nothing is known it need not be. */
  const isKnown = async (): Promise<boolean> => {
    const cache = await given;
    if (!cache || (await cache.isEmpty())) return false;
    await load();
    return true;
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
    async recall() {
      if (await inTime(isKnown().catch(() => false))) await tuner?.recall();
    },
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

/** The answer, or no where it takes too long. */
async function inTime(answer: Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), RECALL_MS)));
  const known = await Promise.race([answer, late]);
  clearTimeout(timer);
  return known;
}
