import type { Knob } from '../../engine/experiment/card.ts';
import { createNotes, type Notes } from '../../engine/experiment/notes.ts';
import { quote } from '../../engine/experiment/values.ts';

/** Parts of an embedded page that `hide=` can name, beside the paths of its settings. */
export const PARTS = {
  sentence: 'the computed sentence',
  text: 'what a network that learns a text writes',
  mask: 'the mask with its legend',
  views: 'the choice of views above the mask',
  legend: 'the legend with counts',
  twin: 'the small map of the random mask',
  accuracy: 'the accuracy chart',
  bar: 'the play bar, all of it',
  reset: 'Reset',
  step: 'Step',
  seed: 'New seed',
  speed: 'the choice of speed',
  scrubber: 'the scrubber over time',
  state: 'the chip with state and adapter',
  expected: 'whether the final numbers of the link were reached',
  knobs: 'all settings',
  link: 'the link to the whole page',
} as const;
/** A part that can be hidden. */
export type Part = keyof typeof PARTS;

/** The range that a reader may move a setting in, in the units of links. */
export interface Bounds {
  min: number;
  max: number;
}

/** What the author of the page around decided about an embedded page. */
export interface EmbedOptions {
  /** Parts, and paths of settings. */
  hide: ReadonlySet<string>;
  /** Paths of settings that are shown and stay as they are. */
  lock: ReadonlySet<string>;
  bounds: ReadonlyMap<string, Bounds>;
  /** `play` begins as soon as the figure is in view and no other runs. */
  start: 'paused' | 'play';
  /** Name of a file in `recordings/`, played where this device cannot train, or only in software. */
  record: string | null;
  /** Asks for a prediction before Play. */
  predict: boolean;
  /** Origins of pages that may send messages. */
  origins: readonly string[];
  /** Light or dark as the page around is; null follows the reader's system. */
  theme: 'light' | 'dark' | null;
}

/** Keys of a link that belong to the embedding and not to the experiment. */
export const EMBED_KEYS = ['embed', 'hide', 'lock', 'bounds', 'start', 'record', 'predict', 'origin', 'theme'] as const;
type EmbedKey = (typeof EMBED_KEYS)[number];

/** Most characters of one option, and most entries of a list. */
const MAX_LENGTH = 2000;
const MAX_ENTRIES = 40;

/** A link in its two halves. */
export interface SplitLink {
  /** The experiment's own link, with its `#`. */
  experiment: string;
  /** What is left, as it stood: `embed=1&hide=seed`; empty where there is nothing. */
  embedding: string;
}

/** Parts a link into the experiment's and the embedding's keys; neither is decoded. */
export function splitLink(hash: string): SplitLink {
  const parts = hash.replace(/^#/, '').split('&');
  const own = (part: string): boolean => isEmbedKey(part.split('=')[0] ?? '');
  return { experiment: `#${parts.filter((part) => !own(part)).join('&')}`, embedding: parts.filter(own).join('&') };
}

function isEmbedKey(key: string): key is EmbedKey {
  return EMBED_KEYS.some((known) => known === key);
}

/**
 * Reads the embedding half of a link. Never throws: what is unknown or does not fit is left out and said in the notes.
 * @param knobs the settings of the experiment by path, as `listPaths` gives them
 */
export function readOptions(embedding: string, knobs: ReadonlyMap<string, Knob>): { options: EmbedOptions; notes: string[] } {
  const notes = createNotes();
  const entries = new URLSearchParams(embedding);
  const text = (key: EmbedKey): string => {
    const value = entries.getAll(key).at(-1) ?? '';
    if (value.length <= MAX_LENGTH) return value;
    notes.add(key, `has more than ${MAX_LENGTH} characters; left out`);
    return '';
  };
  const list = (key: EmbedKey): string[] => {
    const all = text(key).split(',').map((entry) => entry.trim()).filter((entry) => entry !== '');
    if (all.length > MAX_ENTRIES) notes.add(key, `has more than ${MAX_ENTRIES} entries; the rest left out`);
    return all.slice(0, MAX_ENTRIES);
  };
  const known = (key: EmbedKey, ids: readonly string[]) => (id: string): boolean => ids.includes(id) || !notes.add(key, `${quote(id)} is unknown (known: ${ids.join(', ')})`);
  const oneOf = <const Word extends string>(key: EmbedKey, words: readonly Word[]): Word | null => {
    const given = text(key);
    const found = words.find((word) => word === given);
    if (found === undefined && given !== '') notes.add(key, `${quote(given)} is unknown (known: ${words.join(', ')})`);
    return found ?? null;
  };
  const paths = [...knobs.keys()];
  return {
    options: {
      hide: new Set(list('hide').filter(known('hide', [...Object.keys(PARTS), ...paths]))),
      lock: new Set(list('lock').filter(known('lock', paths))),
      bounds: readBounds(list('bounds'), knobs, notes),
      start: oneOf('start', ['paused', 'play']) ?? 'paused',
      record: readRecord(text('record'), notes),
      predict: oneOf('predict', ['0', '1']) === '1',
      origins: list('origin').filter((origin) => isOrigin(origin) || !notes.add('origin', `${quote(origin)} is no origin such as https://example.org`)),
      theme: oneOf('theme', ['light', 'dark']),
    },
    notes: notes.list(),
  };
}

/** Ranges as `sparsity.density:0.01..0.2`, cut to what the setting allows. */
function readBounds(entries: readonly string[], knobs: ReadonlyMap<string, Knob>, notes: Notes): Map<string, Bounds> {
  const found = new Map<string, Bounds>();
  for (const entry of entries) {
    const [path = '', range = '', ...rest] = entry.split(':');
    const knob = knobs.get(path);
    const [low = '', high = '', ...more] = range.split('..');
    if (!knob) notes.add('bounds', `${quote(path)} is unknown (known: ${[...knobs.keys()].join(', ')})`);
    else if (knob.kind !== 'number' && knob.kind !== 'integer') notes.add('bounds', `${quote(path)} is no quantity`);
    else if (rest.length > 0 || more.length > 0 || !isNumber(low) || !isNumber(high)) notes.add('bounds', `${quote(entry)} is not written as key:min..max`);
    else {
      const bounds = { min: Math.max(knob.min, Number(low)), max: Math.min(knob.max, Number(high)) };
      if (bounds.min > bounds.max) notes.add('bounds', `${quote(entry)} leaves no value (${path} goes from ${knob.min} to ${knob.max})`);
      else found.set(path, bounds);
    }
  }
  return found;
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

/** A name and never an address: a recording of another server would be another server's word. */
function readRecord(text: string, notes: Notes): string | null {
  if (text === '' || /^[a-z0-9-]{1,64}$/.test(text)) return text || null;
  notes.add('record', `${quote(text)} is no name of a recording (small letters, digits and -)`);
  return null;
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** An option as it is written: lists as they are, what is as always left out. */
export interface WrittenOptions {
  hide?: readonly string[];
  lock?: readonly string[];
  bounds?: readonly string[];
  start?: EmbedOptions['start'];
  record?: string;
  predict?: boolean;
  theme?: 'light' | 'dark';
}

/** Options as attributes and links hold them: key and text, only those that say something. */
export function writeOptions({ hide = [], lock = [], bounds = [], start, record, predict, theme }: WrittenOptions): [EmbedKey, string][] {
  const all: [EmbedKey, string | undefined][] = [
    ['hide', hide.join(',')], ['lock', lock.join(',')], ['bounds', bounds.join(',')],
    ['start', start === 'play' ? start : ''], ['record', record], ['predict', predict ? '1' : ''], ['theme', theme],
  ];
  return all.filter((entry): entry is [EmbedKey, string] => Boolean(entry[1]));
}
