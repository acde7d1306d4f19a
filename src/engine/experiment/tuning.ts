import type { Gpu } from '../gpu/device.ts';
import type { Tuner } from '../gpu/tuner.ts';
import type { TuningCache } from '../gpu/tuningCache.ts';
import type { Arm } from './arm.ts';
import type { ArmId, MetricRows } from './events.ts';
import type { Phase } from './experiment.ts';
import { densitiesOf } from './maskRows.ts';
import type { Networks } from './network.ts';
import type { Densities, StorageChoice, StorageDecision } from './storageChoice.ts';

/** Share of the run's time that measuring may take, and steps before it begins. */
const SHARE = 0.05;
const AFTER_STEPS = 20;
/** Milliseconds that looking up earlier choices may take, without compiling: neither a network that is gone nor a locked database may hold up a run. */
const RECALL_MS = 1000;

/** Measures variants and storage while a run goes on. */
export interface Tuning {
  /** Takes into use what earlier runs chose, where there were any. Call it when the programs of a phase are ready, before their first slice. */
  recall(): Promise<void>;
  /** True where the run has earned the time for more measuring, and what is measured next is compiled; begins to compile it otherwise. */
  due(step: number): boolean;
  /** Measures for one round. The queue must be empty. */
  measure(): Promise<void>;
  /** The programs are new: begin anew. */
  restart(phase: Phase): Promise<void>;
  /** Hears of a row of the mask table before it is told: storage depends on densities. */
  see(row: MetricRows): void;
  /** How layers are to be stored from now on, where there is news. */
  decide(step: number): StorageDecision | undefined;
}

/** What there is to measure: kernel variants, or the formats of layers. */
type Stage = 'variants' | 'storage';

/** Variants change what a format costs, and a format changes what variants there are: where formats are chosen they come first, and again at the end. */
const stagesOf = (phase: Phase): Stage[] => (phase.format === 'auto' ? ['storage', 'variants', 'storage'] : ['variants', 'storage']);

/** Tuning of the programs of the phase under way. What is measured next compiles while training goes on; only timing it takes the device. */
export function createTuning(gpu: Gpu, networks: Networks, first: Phase, given?: Promise<TuningCache | undefined> | TuningCache): Tuning {
  const since = performance.now();
  const densities = new Map<ArmId, Densities>();
  let phase = first;
  let spent = 0;
  let tuner: Tuner | undefined;
  let storage: StorageChoice | undefined;
  let stages = stagesOf(phase);
  let preparing: Promise<void> | undefined;
  let ready = false;

  const load = async (): Promise<void> => {
    // Loaded when it is first wanted: tuning must not delay the first step, nor must its code.
    const [{ createTuner }, { createStorageChoice }, cache] = await Promise.all([import('../gpu/tuner.ts'), import('./storageChoice.ts'), given, gpu.pipelines.loadShaders()]);
    tuner ??= createTuner(gpu, networks.arena, networks.arms.flatMap((arm: Arm) => [...new Set(arm.runs(false)), arm.programs().evaluate]), cache);
    const choice = await createStorageChoice(gpu, networks, phase, cache);
    storage ??= choice;
  };
  const current = (): Tuner | StorageChoice | undefined => (stages[0] === 'variants' ? tuner : storage);
  const prepare = async (): Promise<void> => {
    await load();
    await current()?.prepare();
  };
  /** True once there is someone to be asked; where nothing is known there need not be. */
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
      if (preparing !== mine) return;
      // Its code did not load, or does not compile here: the run goes on with what it has.
      stages.shift();
      preparing = undefined;
    });
    preparing = mine;
  };
  return {
    async recall() {
      if (!(await inTime(isKnown().catch(() => false)))) return;
      await tuner?.recall();
      await storage?.recall();
    },
    due(step) {
      if (stages.length === 0 || step < AFTER_STEPS || spent > SHARE * (performance.now() - since)) return false;
      if (!preparing) start();
      return ready;
    },
    async measure() {
      const began = performance.now();
      const step = await current()?.advance();
      if (step === null) stages.shift();
      if (step !== 'measuring') {
        preparing = undefined;
        ready = false;
      }
      spent += performance.now() - began;
    },
    async restart(next) {
      await tuner?.stop();
      storage?.restart(next);
      phase = next;
      stages = stagesOf(phase);
      tuner = undefined;
      preparing = undefined;
      ready = false;
    },
    // Taken out at once: whoever is told of the row may carry its arrays away to another thread.
    see: (row) => void densities.set(row.arm, densitiesOf(row)),
    decide: (step) => storage?.decide(step, densities),
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
