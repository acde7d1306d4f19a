import { defaultKnobs } from '../sparsity/knobs.ts';
import { findMethod } from '../sparsity/methods/index.ts';
import { endingAt, readPoints, writePoints } from '../sparsity/points.ts';
import type { Knob, KnobTable, KnobValue } from './card.ts';
import type { Edit, Experiment, Phase, SparsitySpec } from './experiment.ts';
import { fitModel } from './fitModel.ts';
import { layerCount } from './model.ts';
import { createNotes, type Notes } from './notes.ts';
import { DEFAULT_PRESET, PRESETS } from './presets/index.ts';
import {
  BESIDE_KNOBS, DATA_KNOBS, liveKnobs, MASKS_KNOBS, MAX_EDITS, MAX_PHASES, MAX_STEPS, METHOD_KNOB, methodKnobs, MODEL_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS,
} from './schema.ts';
import { fit, quote, type SettingValue, writeValue } from './values.ts';

/** An experiment that is valid, and what had to be changed to make it so: each note names the path, what was wrong and what was done. */
export interface Parsed {
  experiment: Experiment;
  notes: string[];
}

/**
 * Makes a valid experiment of anything. What is absent is as in the preset that the input names, or in `hello-mnist`;
 * what is out of range is clamped; unknown keys are left out. Never throws, and what it returns passes without notes.
 */
export function parseExperiment(input: unknown): Parsed {
  const notes = createNotes();
  try {
    return { experiment: readExperiment(input, notes), notes: notes.list() };
  } catch {
    // Only exotic objects come here: revoked proxies, getters that throw.
    notes.add('experiment', `could not be read; the preset ${DEFAULT_PRESET.id} taken`);
    return { experiment: structuredClone(DEFAULT_PRESET.experiment), notes: notes.list() };
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a plain object; none, with a note, of anything else. */
function fieldsOf(path: string, input: unknown, notes: Notes): Fields {
  if (input === undefined) return {};
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Fields;
  notes.add(path, `${quote(input)} is no object; the preset's taken`);
  return {};
}

/** An own property: what is inherited, such as `constructor`, is not there. */
function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function noteUnknown(path: string, fields: Fields, known: readonly string[], notes: Notes): void {
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    if (!notes.add(at(path, key.slice(0, 40)), `is unknown and left out (known: ${known.join(', ')})`)) return;
  }
}

function readOne(path: string, knob: Knob, input: unknown, fallback: SettingValue, notes: Notes): SettingValue {
  if (input === undefined) return fallback;
  const { value, problem } = fit(knob, input, fallback);
  if (problem) notes.add(path, problem);
  return value;
}

/** Reads one object by a table of knobs; what is absent is as in `base`. */
function readTable<Spec extends object>(path: string, table: KnobTable, input: unknown, base: Spec, notes: Notes): Spec {
  const fields = fieldsOf(path, input, notes);
  noteUnknown(path, fields, Object.keys(table), notes);
  return readKnobs(path, table, fields, base as Record<string, SettingValue>, notes) as Spec;
}

function readKnobs(path: string, table: KnobTable, fields: Fields, base: Readonly<Record<string, SettingValue>>, notes: Notes): Record<string, SettingValue> {
  const read: Record<string, SettingValue> = {};
  for (const [key, knob] of Object.entries(table)) {
    read[key] = readOne(at(path, key), knob, own(fields, key), own(base, key) as SettingValue | undefined ?? knob.default, notes);
  }
  return read;
}

const TOP_KEYS = ['version', 'preset', 'seed', 'data', 'model', 'masks', 'phases', 'evaluateEvery', 'beside', 'edits'];

function readExperiment(input: unknown, notes: Notes): Experiment {
  const fields = fieldsOf('experiment', input, notes);
  noteUnknown('', fields, TOP_KEYS, notes);
  const version = own(fields, 'version');
  if (version !== undefined && version !== 1) notes.add('version', `${quote(version)} is not known here; read as version 1`);
  const preset = readOne('preset', { kind: 'choice', options: Object.keys(PRESETS), default: DEFAULT_PRESET.id, label: '', help: '' }, own(fields, 'preset'), DEFAULT_PRESET.id, notes) as string;
  const base = (PRESETS[preset] ?? DEFAULT_PRESET).experiment;
  const top = readKnobs('', TOP_KNOBS, fields, { seed: base.seed, evaluateEvery: base.evaluateEvery }, notes);
  const asked = readPhases(own(fields, 'phases'), base.phases, notes);
  const { data, model } = fitModel(readTable('data', DATA_KNOBS, own(fields, 'data'), base.data, notes), readTable('model', MODEL_KNOBS, own(fields, 'model'), base.model, notes), notes);
  const phases = asked.map((phase, i) => divided(`phases.${i}`, spareFrozen(`phases.${i}`, storedFor(`phases.${i}`, phase, model, notes), layerCount({ model }), notes), data.batch, model.norm, notes));
  return {
    version: 1,
    preset,
    seed: top.seed as number,
    data,
    model,
    masks: readTable('masks', MASKS_KNOBS, own(fields, 'masks'), base.masks, notes),
    phases,
    evaluateEvery: top.evaluateEvery as number,
    beside: readTable('beside', BESIDE_KNOBS, own(fields, 'beside'), base.beside, notes),
    edits: readEdits(own(fields, 'edits'), phases, base.edits, notes),
  };
}

function readPhases(input: unknown, base: readonly Phase[], notes: Notes): Phase[] {
  const list = input === undefined ? base : listOf('phases', input, MAX_PHASES, notes);
  if (list.length === 0) {
    if (Array.isArray(input)) notes.add('phases', 'is empty; those of the preset taken');
    return base.map((phase, i) => readPhase(`phases.${i}`, undefined, phase, notes));
  }
  // Array.from, because map would leave the holes of a sparse list.
  return Array.from(list, (phase, i) => readPhase(`phases.${i}`, phase, (base[i] ?? base.at(-1)) as Phase, notes));
}

function listOf(path: string, input: unknown, most: number, notes: Notes): readonly unknown[] {
  if (!Array.isArray(input)) {
    notes.add(path, `${quote(input)} is no list; the preset's taken`);
    return [];
  }
  if (input.length > most) notes.add(path, `${input.length} entries cut to the first ${most}`);
  return input.slice(0, most);
}

function readPhase(path: string, input: unknown, base: Phase, notes: Notes): Phase {
  const fields = fieldsOf(path, input, notes);
  noteUnknown(path, fields, [...Object.keys(PHASE_KNOBS), 'optimizer', 'sparsity'], notes);
  const scalars = readKnobs(path, PHASE_KNOBS, fields, base as unknown as Record<string, SettingValue>, notes) as unknown as Pick<Phase, keyof typeof PHASE_KNOBS>;
  return {
    steps: scalars.steps,
    entry: scalars.entry,
    optimizerState: scalars.optimizerState,
    sampler: scalars.sampler,
    format: scalars.format,
    accumulate: scalars.accumulate,
    frozen: scalars.frozen,
    optimizer: readTable(`${path}.optimizer`, OPTIMIZER_KNOBS, own(fields, 'optimizer'), base.optimizer, notes),
    sparsity: readSparsity(`${path}.sparsity`, own(fields, 'sparsity'), base.sparsity, notes),
  };
}

/** Micro-batches of equal size: as many as asked for, or the next fewer that divide the batch; one where batch norm sees the whole batch. */
function divided(path: string, phase: Phase, batch: number, norm: Experiment['model']['norm'], notes: Notes): Phase {
  let { accumulate } = phase;
  if (norm === 'batch' && accumulate > 1) {
    notes.add(`${path}.accumulate`, `${accumulate} lowered to 1: batch norm takes its statistics from the whole batch`);
    return { ...phase, accumulate: 1 };
  }
  while (batch % accumulate !== 0) accumulate--;
  if (accumulate < phase.accumulate) notes.add(`${path}.accumulate`, `${phase.accumulate} lowered to ${accumulate}, which divides a batch of ${batch}`);
  return { ...phase, accumulate };
}

/** Layers whose weights are read in 16 bits are stored as masked: an index of active ones leads to weights of 32 bits. */
function storedFor(path: string, phase: Phase, { weights }: Experiment['model'], notes: Notes): Phase {
  const { storedAs } = findMethod(phase.sparsity.method);
  if (storedAs?.includes(phase.format) === false) {
    notes.add(`${path}.format`, `${phase.sparsity.method} sees other weights than the mask keeps, which ${phase.format} cannot; masked taken`);
    return { ...phase, format: 'masked' };
  }
  if (weights === 'f32' || phase.format === 'masked') return phase;
  notes.add(`${path}.format`, `${phase.format} multiplies weights of 32 bits, but model.weights is ${weights}; masked taken`);
  return { ...phase, format: 'masked' };
}

/** Frozen layers that the network has, each once, and masks that can spare them. */
function spareFrozen(path: string, phase: Phase, layers: number, notes: Notes): Phase {
  const frozen = [...new Set(phase.frozen)].filter((layer) => layer <= layers).toSorted((a, b) => a - b);
  if (frozen.some((layer, i) => layer !== phase.frozen[i]) || frozen.length < phase.frozen.length) {
    notes.add(`${path}.frozen`, `${writeValue(phase.frozen)} read as ${writeValue(frozen)}, of ${layers} layers`);
  }
  if (frozen.length === 0 || phase.sparsity.scope !== 'global') return { ...phase, frozen };
  notes.add(`${path}.sparsity.scope`, 'global would prune frozen layers, too; layer taken');
  return { ...phase, frozen, sparsity: { ...phase.sparsity, scope: 'layer' } };
}

function readSparsity(path: string, input: unknown, base: SparsitySpec, notes: Notes): SparsitySpec {
  const fields = fieldsOf(path, input, notes);
  const method = readOne(`${path}.method`, METHOD_KNOB, own(fields, 'method'), base.method, notes) as string;
  const table = methodKnobs(method);
  const asDensity = Object.hasOwn(table, 'density') ? own(fields, 'sparsity') : undefined;
  const given = asDensity === undefined || own(fields, 'density') !== undefined ? fields : { ...fields, density: densityOf(asDensity) };
  noteUnknown(path, fields, ['method', ...Object.keys(table), ...(asDensity === undefined ? [] : ['sparsity'])], notes);
  const read = { method, ...readKnobs(path, table, given, switchMethod(base, method), notes) } as SparsitySpec;
  const agreed = endsAtDensity(read);
  if (agreed.density !== read.density && own(given, 'density') !== undefined) notes.add(`${path}.density`, `${read.density} is not where the points end; ${agreed.density} taken`);
  return agreed;
}

/** With the density at which the points end: others read the final density there, such as that of a random mask beside. */
function endsAtDensity(spec: SparsitySpec): SparsitySpec {
  const end = readPoints(spec.points)?.at(-1);
  return end ? { ...spec, density: end.density } : spec;
}

/** One setting of a method changed: points and final density move together. */
export function withSparsity(spec: SparsitySpec, key: string, value: KnobValue): SparsitySpec {
  const points = readPoints(spec.points);
  const { points: knob } = methodKnobs(spec.method);
  const changed = key === 'density' && points?.length ? { points: writePoints(endingAt(points, value as number, knob?.kind === 'points' && knob.falls)) } : { [key]: value };
  return endsAtDensity({ ...spec, ...changed });
}

/** Share of weights kept, from the share removed; without the noise of the subtraction. */
export function densityOf(sparsity: unknown): unknown {
  return typeof sparsity === 'number' ? Number((1 - sparsity).toPrecision(12)) : sparsity;
}

/**
 * The settings of another method: knobs that differ from their default go over where the new method has them and
 * their value fits; the others are as on the new card. `lost` is told of those that have no place there.
 */
export function switchMethod(from: SparsitySpec, method: string, lost: (key: string) => void = () => {}): SparsitySpec {
  if (from.method === method) return from;
  const before = methodKnobs(from.method);
  const after = methodKnobs(method);
  const to: SparsitySpec = { ...defaultKnobs(after), method };
  for (const [key, value] of Object.entries(from)) {
    if (key === 'method' || before[key]?.default === value) continue;
    const knob = Object.hasOwn(after, key) ? after[key] : undefined;
    if (knob && !fit(knob, value, value).problem) to[key] = value;
    else lost(key);
  }
  return endsAtDensity(to);
}

/** The phase that a step falls into; steps behind the end belong to the last. */
export function phaseAt(phases: readonly Phase[], step: number): Phase {
  let end = 0;
  return (phases.find((phase) => step < (end += phase.steps)) ?? phases.at(-1)) as Phase;
}

const EDIT_KEYS = ['step', 'path', 'value'];

function readEdits(input: unknown, phases: readonly Phase[], base: readonly Edit[], notes: Notes): Edit[] {
  const list = input === undefined ? base : listOf('edits', input, MAX_EDITS, notes);
  const live = new Map(phases.map((phase) => [phase, liveKnobs(phase)]));
  const read = Array.from(list, (edit, i) => readEdit(`edits.${i}`, edit, phases, live, notes));
  return read.filter((edit) => edit !== undefined).sort((a, b) => a.step - b.step);
}

function readEdit(path: string, input: unknown, phases: readonly Phase[], live: ReadonlyMap<Phase, ReadonlyMap<string, Knob>>, notes: Notes): Edit | undefined {
  if (typeof input !== 'object' || input === null) {
    notes.add(path, `${quote(input)} is no edit; left out`);
    return undefined;
  }
  const fields = input as Fields;
  noteUnknown(path, fields, EDIT_KEYS, notes);
  const step = own(fields, 'step');
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > MAX_PHASES * MAX_STEPS) {
    notes.add(`${path}.step`, `${quote(step)} is no step; the edit left out`);
    return undefined;
  }
  const target = own(fields, 'path');
  const knobs = live.get(phaseAt(phases, step)) as ReadonlyMap<string, Knob>;
  const knob = typeof target === 'string' ? knobs.get(target) : undefined;
  if (!knob) {
    notes.add(`${path}.path`, `${quote(target)} cannot be changed while running (known: ${[...knobs.keys()].join(', ')}); the edit left out`);
    return undefined;
  }
  const value = own(fields, 'value');
  if (typeof value !== 'number' || Number.isNaN(value)) {
    notes.add(`${path}.value`, `${quote(value)} is no number; the edit left out`);
    return undefined;
  }
  return { step: step + 0, path: target as string, value: readOne(`${path}.value`, knob, value, value, notes) as number };
}
