import type { Edit, Experiment } from './experiment.ts';
import { createNotes, type Notes } from './notes.ts';
import { parseExperiment, type Parsed } from './parse.ts';
import { assign, getPath, listPaths } from './paths.ts';
import { DEFAULT_PRESET, PRESETS } from './presets/index.ts';
import { MAX_EDITS, PHASE_KNOBS } from './schema.ts';
import { quote, writeValue, type SettingValue } from './values.ts';

/** Version of links that are written. */
export const LINK_VERSION = 1;
/** Most characters of a link that are written or read. */
export const MAX_LINK_LENGTH = 16_000;

/** Settings of a link in their order, before they are looked at. */
export type LinkEntries = readonly (readonly [key: string, value: string])[];

/**
 * What turns the entries of a link of one version into those of the next. A link keeps its meaning for ever: who
 * renames a path or changes a default of a preset raises LINK_VERSION and adds a line here.
 */
export const MIGRATIONS: Readonly<Record<number, (entries: LinkEntries) => LinkEntries>> = {};

/** An experiment as a link, without the address: `#preset=rigl-mnist&sparsity.density=0.02&v=1`. Only differences from the preset are written. */
export function encodeLink(experiment: Experiment): string {
  const parts = [`preset=${experiment.preset}`];
  for (const [path, value] of differences(experiment)) parts.push(`${path}=${encode(writeValue(value))}`);
  const version = `v=${LINK_VERSION}`;
  const settings = [...parts, version].join('&');
  parts.push(...editParts(experiment.edits, MAX_LINK_LENGTH - settings.length - 2));
  return `#${[...parts, version].join('&')}`;
}

/** Readable where that is safe: letters, digits and the signs that links leave as they are. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** Edits as `edits=step:path:value,...`; what does not fit into `room` is counted in `missing`. */
function editParts(edits: readonly Edit[], room: number): string[] {
  if (edits.length === 0) return [];
  const written = edits.map(({ step, path, value }) => encode(`${step}:${path}:${value}`));
  const reserve = `&missing=${MAX_EDITS}`.length;
  let length = 'edits='.length;
  const fits = written.findIndex((one, i) => (length += one.length + 1) > room - (i < written.length - 1 ? reserve : 0));
  const count = fits === -1 ? written.length : fits;
  const parts = count > 0 ? [`edits=${written.slice(0, count).join(',')}`] : [];
  return count < edits.length ? [...parts, `missing=${edits.length - count}`] : parts;
}

/** Settings that differ from the preset once phases and methods are as they are, in an order in which they can be applied. */
function differences(experiment: Experiment): [string, SettingValue][] {
  const found: [string, SettingValue][] = [];
  const silent = createNotes();
  let base = (PRESETS[experiment.preset] ?? DEFAULT_PRESET).experiment;
  const compare = (path: string): void => {
    const value = getPath(experiment, path);
    const before = getPath(base, path);
    if (value === undefined || (before !== undefined && writeValue(value) === writeValue(before))) return;
    found.push([path, value]);
    base = assign(base, path, value, silent);
  };
  const paths = [...listPaths(experiment).keys()];
  for (const path of paths.toSorted((a, b) => orderOf(a) - orderOf(b))) compare(path);
  return found;
}

/** What has to be known before the rest means anything: the number of phases, then their methods, then points, which move the final density. */
function orderOf(path: string): number {
  return path === 'phases' ? 0 : path.endsWith('sparsity.method') ? 1 : path.endsWith('sparsity.points') ? 2 : 3;
}

/** Reads a link. Never throws; what could not be taken as it was is said in the notes. Expected numbers are for `readExpected`. */
export function decodeLink(hash: string): Parsed {
  const notes = createNotes();
  const entries = migrate(readEntries(hash, notes), notes);
  const last = (key: string): string | undefined => entries.findLast(([name]) => name === key)?.[1];
  const preset = last('preset') ?? DEFAULT_PRESET.id;
  const known = Object.hasOwn(PRESETS, preset);
  if (!known) notes.add('preset', `${quote(preset)} is unknown (known: ${Object.keys(PRESETS).join(', ')}); ${DEFAULT_PRESET.id} taken`);
  let experiment = ((known ? PRESETS[preset] : undefined) ?? DEFAULT_PRESET).experiment;
  const settings = entries.filter(([key]) => !RESERVED.includes(key) && !key.startsWith('expect.'));
  for (const [path, text] of settings.toSorted(([a], [b]) => orderOf(a) - orderOf(b))) {
    if (experiment.phases.length > 1 && isShort(path)) notes.add(path, `names no phase of ${experiment.phases.length}; taken for the first, phases.0.${path}`);
    // A link that names another method need not tell that settings of the preset's method are gone.
    experiment = assign(experiment, path, text, notes, false);
  }
  const missing = last('missing');
  if (missing !== undefined) notes.add('edits', `were too many for a link; ${quote(missing)} are missing`);
  const edits = readEdits(last('edits'));
  const parsed = parseExperiment(edits ? { ...experiment, edits } : experiment);
  return { experiment: parsed.experiment, notes: [...notes.list(), ...parsed.notes] };
}

const RESERVED: readonly string[] = ['preset', 'edits', 'missing', 'v'];

const isShort = (path: string): boolean => Object.hasOwn(PHASE_KNOBS, path) || /^(optimizer|sparsity)\./.test(path);

function readEntries(hash: string, notes: Notes): LinkEntries {
  const text = hash.replace(/^#/, '');
  if (text.length < MAX_LINK_LENGTH) return [...new URLSearchParams(text)];
  notes.add('link', `has more than ${MAX_LINK_LENGTH} characters; the rest left out`);
  // The last setting may be cut in the middle, and half a number is another number.
  return [...new URLSearchParams(text.slice(0, text.lastIndexOf('&', MAX_LINK_LENGTH)))];
}

function migrate(entries: LinkEntries, notes: Notes): LinkEntries {
  const text = entries.findLast(([key]) => key === 'v')?.[1] ?? String(LINK_VERSION);
  const version = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(version >= 1 && version <= LINK_VERSION)) {
    notes.add('v', `${quote(text)} is a version of links not known here (newest: ${LINK_VERSION}); read as far as it is understood`);
    return entries;
  }
  return upgrade(entries, version, MIGRATIONS, LINK_VERSION);
}

/** Entries of a link brought from one version to another, step by step. */
export function upgrade(entries: LinkEntries, from: number, table: typeof MIGRATIONS, to: number): LinkEntries {
  let upgraded = entries;
  for (let version = from; version < to; version++) upgraded = table[version]?.(upgraded) ?? upgraded;
  return upgraded;
}

/** Edits before they are checked: `parseExperiment` does that, and names what it leaves out. */
function readEdits(text: string | undefined): unknown[] | undefined {
  return text?.split(',', MAX_EDITS + 1).map((edit) => {
    const [step = '', path = '', value = '', ...rest] = edit.split(':');
    return { step: numberOf(step), path, value: rest.length === 0 ? numberOf(value) : edit };
  });
}

function numberOf(text: string): number | string {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) ? Number(text) : text;
}
