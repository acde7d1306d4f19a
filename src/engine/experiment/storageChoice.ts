import type { Gpu } from '../gpu/device.ts';
import type { Variant } from '../gpu/kernel.ts';
import { siteId } from '../gpu/tuner.ts';
import type { TuningCache } from '../gpu/tuningCache.ts';
import type { ParamTensor } from '../nn/layout.ts';
import { formatsFor } from '../sparsity/formats/fitting.ts';
import { type Format, loadFormats } from '../sparsity/formats/index.ts';
import { storable } from '../sparsity/storage.ts';
import type { Arm } from './arm.ts';
import type { ArmId, StorageFacts } from './events.ts';
import type { Phase } from './experiment.ts';
import { createLayerMeter, deviceWorkClock, type LayerMeter, type MeteredLayer, meterKey, timesKept, timesToKeep, type WorkClock, worksOf } from './layerMeter.ts';
import type { Networks } from './network.ts';
import { chooseFormat, linesOf, type PassTime } from './storageCost.ts';

/** What to tell, and how layers are to be stored from now on: by arm and weight, absent where nothing changes. */
export interface StorageDecision {
  facts: readonly StorageFacts[];
  formats?: ReadonlyMap<ArmId, ReadonlyMap<string, Format>>;
}

/** Densities of an arm's layers, by name: those of its newest mask. */
export type Densities = ReadonlyMap<string, number>;

/** Decides between slices how layers are stored. Tests decide by themselves. */
export interface StorageChooser {
  /** Undefined where there is no news. */
  decide(step: number, densities: ReadonlyMap<ArmId, Densities>): StorageDecision | undefined;
}

/** Measures what layers cost in each format, one layer after another, and decides by that. */
export interface StorageChoice extends StorageChooser {
  /** Takes what earlier runs measured. */
  recall(): Promise<void>;
  /** Compiles what the next layer needs; without it `advance` does. */
  prepare(): Promise<void>;
  /** Measures a little; null when all layers have been measured, after which another call begins anew with the variants that are used by then. */
  advance(): Promise<'measuring' | 'measured' | null>;
  /** Drops what is under way; the programs of a phase are new. */
  restart(phase: Phase): void;
}

/** A density that moved by less of itself is not told again. */
const MOVED = 0.1;
/** Steps of a phase that are looked at for how often masks change. */
const LOOKED_AT = 10_000;

interface UnderWay {
  tensor: ParamTensor;
  key: string;
  meter: LayerMeter;
  rounds: AsyncGenerator<void, PassTime[]>;
}

/** A choice for all networks of a run, which have layers of the same shapes: those of the first are measured. */
export async function createStorageChoice(gpu: Gpu, networks: Networks, first: Phase, cache: TuningCache | undefined, clock: WorkClock = deviceWorkClock(gpu, networks.arena)): Promise<StorageChoice> {
  const main = networks.arms[0] as Arm;
  const formats = formatsFor(main.layout);
  const indexed = await loadFormats(formats);
  /** All that was measured, by key; what counts now, by weight; and the variants that were in use, by site. */
  const measured = new Map<string, PassTime[]>();
  const times = new Map<string, PassTime[]>();
  const used = new Map<string, Variant>();
  const told = new Map<string, StorageFacts>();
  let phase = first;
  let waiting: ParamTensor[] | undefined;
  let underWay: UnderWay | undefined;
  let fresh = false;
  /** Number of the programs that are measured: what was begun for others is dropped. */
  let turn = 0;
  let seen: readonly (Densities | undefined)[] = [];

  const meteredLayer = (tensor: ParamTensor): MeteredLayer => {
    for (const { dispatches, chosen } of main.runs(false)) dispatches.forEach((d, at) => used.set(siteId(d), chosen[at] as Variant));
    return worksOf(gpu, tensor, { indexed, layout: main.layout, of: new Map(formats.map((format) => [format, main.traceIn(format, indexed)])), used: (dispatch) => used.get(siteId(dispatch)) });
  };
  const adopt = (tensor: ParamTensor, key: string, found: PassTime[]): void => {
    measured.set(key, found);
    times.set(tensor.name, found);
    fresh = true;
  };
  /** True where the times of a layer are known already. */
  const recallOne = async (tensor: ParamTensor, layer: MeteredLayer, key: string): Promise<boolean> => {
    const mine = turn;
    const found = measured.get(key) ?? timesKept(layer, await cache?.getTimes(key));
    if (found && mine === turn) adopt(tensor, key, found);
    return found !== undefined;
  };
  /** The next layer that nothing is known of. */
  const begin = async (): Promise<UnderWay | undefined> => {
    // The largest first: there is the most to gain.
    waiting ??= storable(main.layout).toSorted((a, b) => b.length - a.length);
    const mine = turn;
    for (let tensor = waiting.shift(); tensor; tensor = waiting.shift()) {
      const layer = meteredLayer(tensor);
      const key = await meterKey(gpu, layer);
      if (await recallOne(tensor, layer, key)) continue;
      if (mine !== turn) return undefined;
      const meter = createLayerMeter(gpu, networks.arena, layer, clock);
      await meter.prepare();
      if (mine === turn) return { tensor, key, meter, rounds: meter.rounds() };
      meter.free();
      return undefined;
    }
    return undefined;
  };
  const drop = (): void => {
    underWay?.meter.free();
    underWay = undefined;
  };
  const factsOf = (arm: Arm, { name }: ParamTensor, densities: Densities | undefined): StorageFacts | undefined => {
    const layer = arm.layers.find((one) => `${one.name}.weight` === name)?.name ?? name;
    const [passes, density] = [times.get(name), densities?.get(layer)];
    if (!passes || density === undefined) return undefined;
    const lines = linesOf(passes, phase.accumulate, updatesOf(arm, phase));
    const storage = arm.format();
    return { arm: arm.id, layer, density, lines, passes, format: storage === 'auto' ? chooseFormat(lines, density, arm.chosen.get(name) ?? 'masked') : storage };
  };

  return {
    async recall() {
      for (const tensor of storable(main.layout)) {
        const layer = meteredLayer(tensor);
        await recallOne(tensor, layer, await meterKey(gpu, layer));
      }
    },
    async prepare() {
      const mine = turn;
      const next = underWay ?? (await begin());
      if (mine === turn) underWay = next;
    },
    async advance() {
      underWay ??= await begin();
      if (!underWay) {
        waiting = undefined;
        return null;
      }
      const { tensor, key, rounds } = underWay;
      const { done, value } = await rounds.next();
      if (!done) return 'measuring';
      adopt(tensor, key, value);
      cache?.setTimes(key, timesToKeep(value));
      drop();
      return 'measured';
    },
    restart(next) {
      turn++;
      drop();
      waiting = undefined;
      // Within a phase layers keep their shapes: what was measured with other variants counts until it is measured anew.
      if (next !== phase) times.clear();
      phase = next;
    },
    decide(_, densities) {
      const now = networks.arms.map(({ id }) => densities.get(id));
      if (!fresh && now.every((one, i) => one === seen[i])) return undefined;
      [fresh, seen] = [false, now];
      const facts: StorageFacts[] = [];
      const formats = new Map<ArmId, Map<string, Format>>();
      for (const [i, arm] of networks.arms.entries()) for (const tensor of storable(arm.layout)) {
        const own = factsOf(arm, tensor, seen[i]);
        const before = told.get(`${arm.id} ${tensor.name}`);
        if (!own || (before && isOldNews(before, own))) continue;
        told.set(`${arm.id} ${tensor.name}`, own);
        facts.push(own);
        if (arm.format() !== 'auto' || own.format === (arm.chosen.get(tensor.name) ?? 'masked')) continue;
        formats.set(arm.id, (formats.get(arm.id) ?? new Map<string, Format>()).set(tensor.name, own.format));
      }
      return facts.length === 0 ? undefined : { facts, ...(formats.size > 0 && { formats }) };
    },
  };
}

function isOldNews(before: StorageFacts, now: StorageFacts): boolean {
  const sameTimes = JSON.stringify(before.lines) === JSON.stringify(now.lines);
  return sameTimes && before.format === now.format && Math.abs(now.density - before.density) < MOVED * before.density;
}

/** Mask updates a step. */
function updatesOf(arm: Arm, { steps }: Phase): number {
  if (!arm.programs().update) return 0;
  const plan = arm.plan();
  const looked = Math.min(steps, LOOKED_AT);
  let updates = 0;
  for (let step = 0; step < looked; step++) if (plan.isUpdate(step)) updates++;
  return updates / looked;
}
