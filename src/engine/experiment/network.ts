import { createArena, type Arena } from '../gpu/arena.ts';
import { adapterName, type Gpu } from '../gpu/device.ts';
import { createKnobLayout, type KnobLayout } from '../gpu/knobs.ts';
import { createWorkspace, type Workspace } from '../gpu/program.ts';
import { sha256 } from '../gpu/hash.ts';
import { readNow } from '../gpu/readback.ts';
import { createState, type State } from '../gpu/state.ts';
import { loadNetwork } from '../nn/network.ts';
import type { Dataset, Examples } from '../data/dataset.ts';
import { type Format, loadFormats } from '../sparsity/formats/index.ts';
import { findMethod } from '../sparsity/methods/index.ts';
import { choosesAnew } from '../sparsity/outside.ts';
import { loadUnits } from '../sparsity/units.ts';
import { createArm, type Arm, type ArmBookkeeping } from './arm.ts';
import { concat } from './bytes.ts';
import type { ArmId } from './events.ts';
import type { Experiment } from './experiment.ts';
import { networkSpec } from './model.ts';
import type { Probing } from './probe.ts';
import { wholeBuffer } from './reads.ts';

/** Everything of a run that lies on the device: the data, the arms, and the workspace of the phase under way. */
export interface Networks {
  readonly arena: Arena;
  readonly arms: readonly Arm[];
  workspace(): Workspace;
  /** Traces and compiles the programs of a phase, for all arms. Rejects where masks do not fit the storage that a phase asks for. */
  /** How networks are asked about the data; known once a phase was entered, undefined where there is nothing to ask. */
  probing(): Probing | undefined;
  /** Traces and compiles the programs of a phase, for all arms. */
  enterPhase(index: number, tell?: (done: number, total: number) => void): Promise<void>;
  /** Goes on in the phase with layers stored in other formats, by arm and weight; the State stays as it is. The queue must be empty. */
  store(formats: ReadonlyMap<ArmId, ReadonlyMap<string, Format>>, phase: number): Promise<void>;
  /** sha256 of the main network's parameters and mask. Waits for the device. */
  hash(): Promise<string>;
  destroy(): void;
}

/** Ids of the arms of an experiment; a control that equals the main network is left out. */
export function armIds(experiment: Experiment): ArmId[] {
  const methods = new Set(experiment.phases.map((p) => p.sparsity.method));
  const only = (id: string): boolean => methods.size === 1 && methods.has(id);
  return ['main', ...(experiment.beside.random && !only('random') ? ['random' as const] : []), ...(experiment.beside.dense && !only('dense') ? ['dense' as const] : [])];
}

/** Uploads the data and makes the arms. @throws Error where the device has no 16-bit floats for weights that ask for them; nothing is made then. */
export function createNetworks(gpu: Gpu, experiment: Experiment, dataset: Dataset): Networks {
  refuseHalves(gpu, experiment);
  const arena = createArena(gpu.device);
  const knobs: KnobLayout = createKnobLayout();
  const shared = uploadData(gpu, arena, dataset);
  const arms = armIds(experiment).map((id) => createArm(gpu, arena, knobs, shared, experiment, dataset, id));
  let workspace: Workspace | undefined;
  let probing: Probing | undefined;
  const enterPhase: Networks['enterPhase'] = async (index, tell) => {
    const storages = experiment.phases.map(({ format }) => format);
    if (storages.some((format) => format !== 'masked')) (await import('../sparsity/formats/fitting.ts')).refuseStorage(experiment.masks, storages);
    const [network, indexed, opening, outside, writing, { probingOf }] = await Promise.all([
      loadNetwork(networkSpec(experiment, dataset)), loadFormats(storages),
      arms.some((arm) => arm.plan().opening) ? import('./opening.ts') : undefined, experiment.phases.some(({ sparsity }) => choosesAnew(findMethod(sparsity.method))) ? import('../sparsity/outsideTraces.ts') : undefined,
      dataset.text ? import('./writing.ts') : undefined, import('./probe.ts'), loadUnits(experiment.masks),
    ]);
    probing ??= probingOf(dataset);
    if (workspace) await recount(gpu, arena, arms);
    workspace?.destroy();
    const next = createWorkspace(gpu, arena, knobs);
    workspace = next;
    arms.forEach((arm) => arm.enterPhase(next, index, { network, indexed, opening, probing, outside, writing }));
    const programs = arms.flatMap((arm) => Object.values(arm.programs()).filter((p) => p !== undefined));
    await next.prepare(programs, tell);
  };
  return {
    arena, arms, enterPhase,
    workspace: () => workspace as Workspace,
    probing: () => probing,
    async store(formats, phase) {
      const kept = arms.map((arm) => arm.bookkeeping());
      for (const arm of arms) formats.get(arm.id)?.forEach((format, weight) => arm.chosen.set(weight, format));
      await enterPhase(phase);
      // As after a checkpoint: live knobs come back, and indexes are made from the masks.
      arms.forEach((arm, i) => arm.restore(kept[i] as ArmBookkeeping));
    },
    async hash() {
      const main = arms[0] as Arm;
      const data = await readNow(gpu.device, arena, [wholeBuffer(main, 'params'), { ...wholeBuffer(main, 'masks'), bytes: Math.max(4, main.layout.masked / 8) }]);
      return sha256(concat(data.map((part) => new Uint8Array(part))));
    },
    destroy() {
      workspace?.destroy();
      arena.destroy();
    },
  };
}

/** @throws Error where weights are to be read in 16 bits on a device that has no such numbers. */
function refuseHalves({ facts }: Gpu, { model }: Experiment): void {
  if (model.weights === 'f32' || facts.features.includes('shader-f16')) return;
  throw new Error(`Weights are to be read as f16, but ${adapterName(facts)} has no 16-bit floats (the WebGPU feature shader-f16). Set model.weights to f32.`);
}

/** The next phase may update layer by layer: what a common threshold left to each is read. */
async function recount(gpu: Gpu, arena: Arena, arms: readonly Arm[]): Promise<void> {
  for (const arm of arms) {
    if (arm.plan().scope !== 'global' || arm.updates() === 0) continue;
    const [masks] = await readNow(gpu.device, arena, [wholeBuffer(arm, 'masks')]);
    arm.recount(new Uint32Array(masks as ArrayBuffer));
  }
}

function uploadData(gpu: Gpu, arena: Arena, dataset: Dataset): State {
  const state = createState(gpu.device, arena, 'data');
  const upload = (part: string, examples: Examples): void => {
    const { values } = examples;
    const bytes = values instanceof Uint8Array;
    state.require(new Map([
      [`data.${part}.values`, bytes ? { dtype: 'u32', length: Math.ceil(values.length / 4) } : { dtype: 'f32', length: values.length }],
    ]));
    state.write(`data.${part}.values`, bytes ? padded(values) : values);
    if (examples.labels.length === 0) return;
    state.require(new Map([[`data.${part}.labels`, { dtype: 'u32', length: examples.count }]]));
    state.write(`data.${part}.labels`, Uint32Array.from(examples.labels));
  };
  upload('train', dataset.train);
  upload('test', dataset.test);
  return state;
}

/** Bytes to a multiple of four, as writeBuffer asks for. */
function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const longer = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  longer.set(bytes);
  return longer;
}
