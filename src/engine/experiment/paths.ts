import type { Knob, KnobTable, KnobValue } from './card.ts';
import type { Experiment, Phase, SparsitySpec } from './experiment.ts';
import { createNotes, type Notes } from './notes.ts';
import { densityOf, parseExperiment, switchMethod, withSparsity } from './parse.ts';
import {
  BESIDE_KNOBS, DATA_KNOBS, MASKS_KNOBS, METHOD_KNOB, methodKnobs, MODEL_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, PHASES_KNOB, TEXT_SETS, TOP_KNOBS,
} from './schema.ts';
import { fit, quote, rangeWords, readText, type SettingValue } from './values.ts';

/** Where a path leads. */
interface Place {
  knob: Knob;
  /** Keys from the experiment to the value; of a phase the first two are `phases` and its number. */
  keys: readonly string[];
  /** The path leaves out the phase. */
  short: boolean;
  /** The path gives the share removed, and density is stored. */
  complement: boolean;
}

type Resolved = { ok: true; place: Place } | { ok: false; message: string };

const GROUPS = { data: DATA_KNOBS, model: MODEL_KNOBS, masks: MASKS_KNOBS, beside: BESIDE_KNOBS } as const satisfies Record<string, KnobTable>;
const PHASE_HEADS = [...Object.keys(PHASE_KNOBS), 'optimizer.*', 'sparsity.*'];
const HEADS = [...Object.keys(TOP_KNOBS), ...Object.keys(GROUPS).map((group) => `${group}.*`), ...PHASE_HEADS, 'phases', 'phases.N.*'];

function knobOf(table: KnobTable, key: string): Knob | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function unknown(path: string, known: readonly string[]): Resolved {
  return { ok: false, message: `${quote(path)} is unknown; known: ${known.join(', ')}` };
}

function resolve(experiment: Experiment, path: string): Resolved {
  const keys = path.split('.');
  const [head = '', key = '', ...rest] = keys;
  const plain = (knob: Knob): Resolved => ({ ok: true, place: { knob, keys, short: false, complement: false } });
  if (path === 'phases') return plain(PHASES_KNOB);
  if (head === 'phases') return inPhase(experiment, path, key, rest, false);
  if (keys.length === 1 && knobOf(TOP_KNOBS, head)) return plain(knobOf(TOP_KNOBS, head) as Knob);
  if (Object.hasOwn(GROUPS, head)) {
    const table: KnobTable = GROUPS[head as keyof typeof GROUPS];
    const knob = rest.length === 0 ? knobOf(table, key) : undefined;
    return knob ? plain(knob) : unknown(path, Object.keys(table).map((name) => `${head}.${name}`));
  }
  if (knobOf(PHASE_KNOBS, head) || head === 'optimizer' || head === 'sparsity') return inPhase(experiment, path, '0', keys, true);
  return unknown(path, HEADS);
}

function inPhase(experiment: Experiment, path: string, index: string, keys: readonly string[], short: boolean): Resolved {
  const phase = /^\d$/.test(index) ? experiment.phases[Number(index)] : undefined;
  if (!phase) return unknown(path, experiment.phases.map((_, i) => `phases.${i}.*`));
  const [head = '', key = ''] = keys;
  const found = (knob: Knob, complement = false): Resolved =>
    ({ ok: true, place: { knob, keys: ['phases', index, ...(complement ? ['sparsity', 'density'] : keys)], short, complement } });
  const prefix = short ? '' : `phases.${index}.`;
  if (keys.length === 1) {
    const knob = knobOf(PHASE_KNOBS, head);
    return knob ? found(knob) : unknown(path, PHASE_HEADS.map((name) => prefix + name));
  }
  const table = head === 'optimizer' ? OPTIMIZER_KNOBS : head === 'sparsity' ? { method: METHOD_KNOB, ...methodKnobs(phase.sparsity.method) } : undefined;
  if (!table || keys.length !== 2) return unknown(path, PHASE_HEADS.map((name) => prefix + name));
  const density = head === 'sparsity' && key === 'sparsity' ? knobOf(table, 'density') : undefined;
  if (density?.kind === 'number') return found({ ...density, min: densityOf(density.max) as number, max: densityOf(density.min) as number }, true);
  const knob = knobOf(table, key);
  return knob ? found(knob) : unknown(path, Object.keys(table).map((name) => `${prefix}${head}.${name}`));
}

/** All paths of an experiment with their knobs; of a single phase in the short form (`steps`), of several in the long (`phases.1.steps`). */
export function listPaths(experiment: Experiment): Map<string, Knob> {
  const found = new Map<string, Knob>();
  const add = (prefix: string, table: KnobTable): void => {
    for (const [key, knob] of Object.entries(table)) found.set(prefix + key, knob);
  };
  add('', TOP_KNOBS);
  for (const [group, table] of Object.entries(GROUPS)) add(`${group}.`, table);
  add('', { phases: PHASES_KNOB });
  experiment.phases.forEach((phase, i) => {
    const prefix = experiment.phases.length === 1 ? '' : `phases.${i}.`;
    add(`${prefix}sparsity.`, { method: METHOD_KNOB, ...methodKnobs(phase.sparsity.method) });
    add(prefix, PHASE_KNOBS);
    add(`${prefix}optimizer.`, OPTIMIZER_KNOBS);
  });
  return found;
}

/** The value at a path, such as `optimizer.rate`; of several phases a short form means the first. Undefined where nothing is. */
export function getPath(experiment: Experiment, path: string): SettingValue | undefined {
  const resolved = resolve(experiment, path);
  if (!resolved.ok) return undefined;
  if (path === 'phases') return experiment.phases.length;
  let value: unknown = experiment;
  for (const key of resolved.place.keys) value = (value as Record<string, unknown>)[key];
  return (resolved.place.complement ? densityOf(value) : value) as SettingValue;
}

/**
 * The experiment with one setting changed; what does not fit is clamped or left as it was, and said in `notes`.
 * Of several phases a short form means the first. A string is read as links and the command line write it.
 */
export function setPath(experiment: Experiment, path: string, value: unknown, notes: string[] = []): Experiment {
  const found = createNotes();
  const parsed = parseExperiment(assign(experiment, path, value, found));
  notes.push(...found.list(), ...parsed.notes);
  return parsed.experiment;
}

/** What the command line makes of `--set path=text`. */
export type Assigned = { ok: true; experiment: Experiment } | { ok: false; message: string };

/** The experiment with one setting changed, or why it cannot be: an unknown path lists the known ones, a value out of range tells the range. */
export function setPathStrict(experiment: Experiment, path: string, text: string): Assigned {
  const resolved = resolve(experiment, path);
  if (!resolved.ok) return resolved;
  const { knob, keys, short, complement } = resolved.place;
  const count = experiment.phases.length;
  if (short && count > 1) {
    return { ok: false, message: `"${path}" names no phase, and this experiment has ${count}; say phases.0.${path} to phases.${count - 1}.${path}` };
  }
  const { value, problem } = fit(knob, readText(knob, text), knob.default);
  if (problem) return { ok: false, message: `${path} must be ${rangeWords(knob)}, not ${quote(text)}` };
  const { experiment: changed, notes } = parseExperiment(put(experiment, path, keys, complement ? densityOf(value) : value));
  return notes[0] === undefined ? { ok: true, experiment: changed } : { ok: false, message: notes[0] };
}

/**
 * Like `setPath`, but what is returned may break rules between settings until it is parsed.
 * @param tellLosses whether knobs that a change of the method leaves behind are worth a note
 */
export function assign(experiment: Experiment, path: string, value: unknown, notes: Notes, tellLosses = true): Experiment {
  const resolved = resolve(experiment, path);
  if (!resolved.ok) {
    notes.add('setting', resolved.message);
    return experiment;
  }
  const { knob, keys, complement } = resolved.place;
  const given = typeof value === 'string' ? readText(knob, value) : value;
  const fitted = fit(knob, given, getPath(experiment, path) ?? knob.default);
  if (fitted.problem) notes.add(path, fitted.problem);
  const lost = (key: string): void => void notes.add(path.replace(/method$/, key), `has no place in ${String(fitted.value)}; left out`);
  return put(experiment, path, keys, complement ? densityOf(fitted.value) : fitted.value, tellLosses ? lost : undefined);
}

function put(experiment: Experiment, path: string, keys: readonly string[], value: unknown, lost?: (key: string) => void): Experiment {
  if (path === 'phases') return { ...experiment, phases: resized(experiment.phases, value as number) };
  if (keys.at(-2) === 'sparsity' && keys.at(-1) === 'method') {
    return replace(experiment, keys.slice(0, -1), (before) => switchMethod(before as SparsitySpec, String(value), lost)) as Experiment;
  }
  if (keys.at(-2) === 'sparsity') return replace(experiment, keys.slice(0, -1), (before) => withSparsity(before as SparsitySpec, keys.at(-1) as string, value as KnobValue)) as Experiment;
  return readable(replace(experiment, keys, () => value) as Experiment, path);
}

/** Texts are for transformers, and the other way round: the setting that was not touched follows. */
function readable(experiment: Experiment, path: string): Experiment {
  const { data, model } = experiment;
  const isText = (TEXT_SETS as readonly string[]).includes(data.set);
  if ((model.kind === 'transformer') === isText) return experiment;
  if (path === 'model.kind') return { ...experiment, data: { ...data, set: isText ? DATA_KNOBS.set.default : TEXT_SETS[0] as string } };
  if (path !== 'data.set') return experiment;
  if (!isText) return { ...experiment, model: { ...model, kind: 'mlp', activation: model.activation === 'swiglu' ? 'gelu' : model.activation } };
  return { ...experiment, model: { ...model, kind: 'transformer', norm: model.norm === 'none' || model.norm === 'batch' ? 'layer' : model.norm } };
}

function resized(phases: readonly Phase[], count: number): Phase[] {
  return Array.from({ length: count }, (_, i) => (phases[i] ?? phases.at(-1)) as Phase);
}

/** A copy with the value at the end of `keys` replaced; only what lies on the way is copied. */
function replace(node: unknown, keys: readonly string[], change: (before: unknown) => unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return change(node);
  const copy = (Array.isArray(node) ? [...node] : { ...(node as object) }) as Record<string, unknown>;
  copy[key] = replace(copy[key], rest, change);
  return copy;
}
