import type { Arena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import type { KnobLayout, KnobValues } from '../gpu/knobs.ts';
import type { Program, Workspace } from '../gpu/program.ts';
import { createState, type State } from '../gpu/state.ts';
import type { Trace } from '../gpu/trace.ts';
import { answersOf, type Dataset } from '../data/dataset.ts';
import { epochAndPosition, type SamplerId } from '../data/samplers.ts';
import { networkLayout } from '../nn/layers.ts';
import { constantBuffer, initialParams, initialRunning, paramTable, segmentTable, type ParamLayout } from '../nn/layout.ts';
import { optimizerKnobs, slotCount } from '../optim/optimizer.ts';
import { rateAt } from '../optim/rate.ts';
import { PURPOSE, randomU32 } from '../random.ts';
import { GRADIENT_AVERAGE, needsDenseGradient } from '../sparsity/averages.ts';
import { isOfLayers, sparingPlan } from '../sparsity/frozen.ts';
import { EVERY_WEIGHT, outsideKnobs } from '../sparsity/outside.ts';
import { grouped, weightsOf } from '../sparsity/granularity.ts';
import { activeIn, withGroups } from '../sparsity/groups.ts';
import { type PassRule, passRule } from '../sparsity/passes.ts';
import { unitCode } from '../sparsity/units.ts';
import { initialMask } from '../sparsity/initialMask.ts';
import type { MaskPlan, Method, Opening, PlanContext, UpdateCounts } from '../sparsity/method.ts';
import type { Format, IndexedFormats, Storage } from '../sparsity/formats/index.ts';
import { BACKWARD_MASKS, formatOf } from '../sparsity/storage.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { type ArmPrograms, type Loaded, runAlone, runsOfStep, tracePrograms } from './armPrograms.ts';
import type { KnobValue } from './card.ts';
import type { ArmId, LayerFacts } from './events.ts';
import type { Experiment, MasksSpec, Phase } from './experiment.ts';
import { MICRO_GRADIENTS, microStep } from './microBatches.ts';
import { fourMasks, masked, maskWords } from './maskWords.ts';
import { layerFacts, networkSpec } from './model.ts';
import { phaseStarts, sparsityOf } from './phases.ts';
import { evaluationBatch, statusLength, traceMicroBatch, type TrainerSpec } from './trainer.ts';

/** One network of a run, with everything it owns on the device. */
export interface Arm {
  readonly id: ArmId;
  readonly state: State;
  readonly layout: ParamLayout;
  readonly layers: readonly LayerFacts[];
  /** What its masks switch. */
  readonly masks: MasksSpec;
  /** Programs of the phase under way. */
  programs(): ArmPrograms;
  /** Traces the programs of a phase. Prepare them, then call `begin` unless a checkpoint brings the State. */
  enterPhase(workspace: Workspace, index: number, loaded: Loaded): void;
  /** Does the phase's action on entry: first of all parameters and masks, later keep, lift, prune, rewind. Waits for the device where scores find the first mask. */
  begin(workspace: Workspace): Promise<void>;
  plan(): MaskPlan;
  /** How the phase under way asks layers to be stored. */
  format(): Storage;
  /** How layers are stored where that is `auto`, by name of the weight; read when a phase is entered. */
  readonly chosen: Map<string, Format>;
  /** Forward and backward of a batch, or of one micro-batch, as it would be with all layers in one format. */
  traceIn(format: Format, indexed: IndexedFormats): Trace;
  /** A trace of the phase under way, made of what its programs are made of. */
  traced(make: (knobs: KnobLayout, spec: TrainerSpec) => Trace): Trace;
  /** Planned active weights of each layer after a step of the phase under way, and with -1 before its first; where masks switch groups, as `weightsOf` counts them. */
  planned(step: number): readonly number[];
  /** Active weights (or groups, where masks switch these) per layer as the CPU knows them; in global scope the total stands in the first entry. */
  active(): readonly number[];
  /** Takes the active weights (or groups) of each layer from the words of its mask, where one threshold for all left only their total known. */
  recount(mask: Uint32Array): void;
  /** Number of mask updates so far. */
  updates(): number;
  /** N and M that the masks hold where they are not full; undefined where that is not known, and without a pattern. */
  pattern(): { n: number; m: number } | undefined;
  /** What runs at a global step, and the knob rows for it: micro-batches, if any, before the program that ends the step. Advances the counts of the arm. */
  next(step: number): { micro: readonly { program: Program; knobs: KnobValues }[]; program: Program; knobs: KnobValues; updated: boolean };
  /** Programs of a step that updates masks, or of one that does not, in the order in which they run. */
  runs(update: boolean): readonly Program[];
  /** True where such a step needs gradients of weights outside the mask. */
  denseGradient(update: boolean): boolean;
  /** How much of each product a step of the phase under way needs, beside densities. */
  passRule(step: number, update: boolean): PassRule;
  /** Sets a live knob from now on: `optimizer.rate` or `sparsity.*`. */
  setKnob(path: string, value: number): void;
  /** Bookkeeping that a checkpoint has to keep beside the State. */
  bookkeeping(): ArmBookkeeping;
  /** Takes it back, when the State is written again. */
  restore(kept: ArmBookkeeping): void;
}

/** What an arm remembers on the CPU. */
export interface ArmBookkeeping {
  active: number[];
  updates: number;
  optimizerStart: number;
  rate: number;
  knobs: Record<string, KnobValue>;
  forceUpdate: boolean;
}

/** Makes an arm: parameters, masks and tables are written, no program is traced yet. */
export function createArm(gpu: Gpu, arena: Arena, knobs: KnobLayout, shared: State, experiment: Experiment, dataset: Dataset, id: ArmId): Arm {
  const shape = networkSpec(experiment, dataset);
  const layout = withGroups(networkLayout(shape), experiment.masks);
  const layers = layerFacts(shape, layout);
  const state = createState(gpu.device, arena, id, shared);
  const starts = phaseStarts(experiment);
  const chosen = new Map<string, Format>();
  let spec: TrainerSpec;
  let programs: ArmPrograms | undefined;
  let loaded: Loaded;
  let phaseIndex = 0;
  let newestPattern: { n: number; m: number } | undefined;
  let context: PlanContext = contextOf(0);
  let plan = planOf(0);
  const kept: ArmBookkeeping = { active: [...plan.initial().counts], updates: 0, optimizerStart: 0, rate: phaseAt(0).optimizer.rate, knobs: {}, forceUpdate: false };

  function phaseAt(index: number): Phase {
    return experiment.phases[index] as Phase;
  }
  function methodOf(index: number): Method {
    return METHODS[sparsityOf(id, phaseAt(index)).method as keyof typeof METHODS];
  }
  function contextOf(index: number): PlanContext {
    const { method: _, ...values } = sparsityOf(id, phaseAt(index));
    return { layers: grouped(layers.filter((l) => l.maskable), experiment.masks), steps: phaseAt(index).steps, knobs: { ...values } };
  }
  function planOf(index: number): MaskPlan {
    const { frozen } = phaseAt(index);
    return sparingPlan(methodOf(index).plan(context), layout.layers.map((tensor) => isOfLayers(tensor, frozenNames(frozen))), () => kept.active);
  }
  function frozenNames(frozen: readonly number[]): string[] {
    return frozen.flatMap((number) => layers[number - 1]?.name ?? []);
  }
  const full = (): number[] => (layout.groups ?? layout).layers.map(({ length }) => length);

  const writeMasked = (bits: Uint32Array): void => {
    const mask = maskWords(layout);
    mask.set(bits, 0);
    state.write('params', masked(initialParams(layout, experiment.seed), mask));
    state.write('masks', fourMasks(mask));
  };

  const writeStart = (): void => {
    writeMasked(initialMask(layers, plan.initial(), experiment.seed, experiment.masks));
    if (layout.runningLength > 0) state.write('running', initialRunning(layout));
    state.write('status', Uint32Array.of(0xffffffff, 0xffffffff));
  };

  const enterActions = (workspace: Workspace, phase: Phase, first: boolean): void => {
    kept.rate = phase.optimizer.rate;
    kept.knobs = {};
    if (first) {
      writeStart();
      return;
    }
    if (phase.entry === 'lift') {
      kept.active = full();
      state.write('masks', fourMasks(initialMask(layers, { counts: full(), choose: 'all' }, 0), layout.masked / 32));
    }
    runPrune(workspace);
    if (phase.entry.endsWith('rewind')) {
      state.write('params', initialParams(layout, experiment.seed));
      if (layout.runningLength > 0) state.write('running', initialRunning(layout));
    }
    if (phase.optimizerState === 'reset') {
      state.clear('slots');
      kept.optimizerStart = starts[phaseIndex] as number;
    }
  };

  const runPrune = (workspace: Workspace): void => {
    const program = programs?.prune;
    if (!program) return;
    const target = plan.initial().counts;
    workspace.rows.fill(0, updateKnobs(plan.scope === 'global' ? { keep: [target.reduce((a, b) => a + b, 0)], grow: [0] } : { keep: target, grow: target.map(() => 0) }));
    workspace.rows.write(1);
    runAlone(gpu, program);
  };

  const settle = (): void => {
    if (programs?.settle) runAlone(gpu, programs.settle);
  };

  /** Lets scores find the first mask, and begins with it as if it had been drawn. */
  const open = async (workspace: Workspace, program: Program, { openingCounts, runOpening }: NonNullable<Loaded['opening']>): Promise<void> => {
    const opening = plan.opening as Opening;
    const rounds = openingCounts(opening, full(), plan.initial().counts);
    const mask = await runOpening(gpu, arena, workspace, program, { buffer: state.buffer('masks'), offset: 0, bytes: layout.masked / 8 }, rounds, placeOf(0, 0));
    kept.active = activeIn(mask, layout);
    writeMasked(opening.drawn ? initialMask(layers, { counts: kept.active, choose: 'random' }, experiment.seed, experiment.masks) : mask);
    // Those of a frozen layer would count in the norm of every step.
    state.clear('grads');
  };

  /** Knobs of a mask update; counts it as done. */
  const updateKnobs = (counts: UpdateCounts): Record<string, number | readonly number[]> => {
    const update = ++kept.updates;
    newestPattern = counts.pattern ?? layout.pattern;
    kept.active = counts.keep.map((k, l) => k + (counts.grow[l] ?? 0));
    while (kept.active.length < layout.layers.length) kept.active.push(0);
    return { keep: counts.keep, grow: counts.grow, update, ...(counts.exchange !== undefined && { share: counts.exchange }), ...counts.pattern };
  };

  const runsOf = (update: boolean): readonly Program[] => runsOfStep(programs as ArmPrograms, phaseAt(phaseIndex).accumulate, update);
  /** Where micro-batch m of a step begins: in the data, and in its batch. */
  const placeOf = (local: number, m: number): KnobValues => {
    const { accumulate } = phaseAt(phaseIndex);
    const place = m * (experiment.data.batch / accumulate);
    return { ...epochAndPosition(local * experiment.data.batch + place, dataset.train.count), ...(accumulate > 1 && { place: place * answersOf(dataset) }) };
  };

  return {
    id, state, layout, layers, chosen, masks: experiment.masks,
    runs: runsOf,
    denseGradient: (update) => needsDenseGradient(methodOf(phaseIndex), update),
    passRule: (step, update) => passRule(methodOf(phaseIndex), plan, step, update),
    programs: () => programs as ArmPrograms,
    plan: () => plan,
    format: () => phaseAt(phaseIndex).format,
    traceIn: (format, indexed) => traceMicroBatch(knobs, { ...spec, storage: { format: () => format, indexed } }, false),
    traced: (make) => make(knobs, spec),
    planned: (step) => weightsOf(context.layers, step < 0 ? plan.initial().counts : plan.target(step)),
    active: () => kept.active,
    recount: (mask) => void (kept.active = activeIn(mask, layout)),
    updates: () => kept.updates,
    pattern: () => newestPattern ?? (plan.patternMoves ? undefined : layout.pattern),
    enterPhase(workspace, index, parts) {
      loaded = parts;
      const { network, indexed, probing } = parts;
      phaseIndex = index;
      newestPattern = undefined;
      context = contextOf(index);
      plan = planOf(index);
      const phase = phaseAt(index);
      spec = {
        network, layout, dataset, batch: experiment.data.batch, evaluationBatch: evaluationBatch(dataset),
        sampler: phase.sampler as SamplerId, seed: experiment.seed,
        orderSeed: index === 0 ? experiment.seed : randomU32(experiment.seed, PURPOSE.order, index, 0xffffffff),
        optimizer: phase.optimizer, method: methodOf(index), plan, outside: parts.outside, storage: { format: formatOf(phase.format, chosen), indexed }, frozen: frozenNames(phase.frozen), accumulate: phase.accumulate,
      };
      const add = (name: string, trace: Trace): Program => workspace.add(`${id} ${name}`, trace, state);
      programs = tracePrograms(add, knobs, spec, { id, phase, first: index === 0 }, parts);
      state.require(new Map([
        ['slots', { dtype: 'f32', length: layout.n * slotCount(phase.optimizer.name) }],
        ['segments', { dtype: 'u32', length: 2 * layout.layers.length }],
        ['status', { dtype: 'u32', length: statusLength(layout) }],
        ['masks', { dtype: 'bits', length: 4 * layout.masked }],
      ]));
      if (plan.outside) {
        state.require(new Map([[EVERY_WEIGHT, { dtype: 'bits', length: layout.masked }]]));
        state.write(EVERY_WEIGHT, new Uint32Array(layout.masked / 32).fill(0xffffffff));
        if (state.names().includes(BACKWARD_MASKS)) state.write(BACKWARD_MASKS, new Uint32Array(layout.masked / 32).fill(0xffffffff));
      }
      state.write('table', paramTable(layout, (tensor) => !isOfLayers(tensor, frozenNames(phase.frozen))));
      if (programs.probe) probing?.write(state);
      for (const { name, values } of layout.constants) state.write(constantBuffer(name), values());
      // A frozen layer gets no gradients: what was there would count in their norm.
      state.clear('grads');
      if (state.names().includes(GRADIENT_AVERAGE)) state.clear(GRADIENT_AVERAGE);
      if (phase.accumulate > 1) state.clear(MICRO_GRADIENTS);
      if (layout.layers.length > 0) state.write('segments', segmentTable(layout));
      if (layout.groups) unitCode().writeGroups(state, layout.groups);
    },
    async begin(workspace) {
      enterActions(workspace, phaseAt(phaseIndex), phaseIndex === 0);
      if (programs?.opening && loaded.opening) await open(workspace, programs.opening, loaded.opening);
      settle();
    },
    next(step) {
      const phase = phaseAt(phaseIndex);
      const local = step - (starts[phaseIndex] as number);
      const due = programs?.update !== undefined && (kept.forceUpdate || plan.isUpdate(local));
      const runs = runsOf(due);
      const program = runs.at(-1) as Program;
      const outside = outsideKnobs(plan, local);
      const micro = runs.slice(0, -1).map((program, m) => ({ program, knobs: { ...outside, step: microStep(step, m), ...placeOf(local, m) } }));
      const rate = rateAt({ ...phase.optimizer, rate: kept.rate }, local, phase.steps);
      const shared = { ...outside, step, ...placeOf(local, runs.length - 1), ...optimizerKnobs(phase.optimizer, rate, step - kept.optimizerStart + 1) };
      if (!due) return { micro, program, knobs: shared, updated: false };
      kept.forceUpdate = false;
      return { micro, program, knobs: { ...shared, ...updateKnobs(plan.counts(local, kept.active)) }, updated: true };
    },
    setKnob(path, value) {
      const [group, key = ''] = path.split('.');
      if (group === 'optimizer' && key === 'rate') kept.rate = value;
      // Controls keep their own plan; only the density that they are paired with would differ, and it is fixed by the start.
      if (group !== 'sparsity' || id !== 'main') return;
      (context.knobs as Record<string, KnobValue>)[key] = value;
      kept.knobs[key] = value;
      if (key === 'density') kept.forceUpdate = true;
    },
    bookkeeping: () => structuredClone(kept),
    restore(from) {
      Object.assign(kept, structuredClone(from));
      Object.assign(context.knobs, kept.knobs);
      settle();
    },
  };
}
