import type { SettingValue } from '../../engine/experiment/values.ts';
import type { RunState, Source } from '../stores/run.ts';
import type { Turn } from './turns.ts';

/** Version of the messages; every message of either side holds it as `sparseland`. */
export const MESSAGE_VERSION = 1;

/** What a page may ask of the figure in its frame. The answer carries the same id. */
export type HostRequest = { id: string | number } & (
  | { type: 'play' | 'pause' | 'step' | 'reset' | 'unsubscribe' }
  | { type: 'set'; key: string; value: SettingValue }
  | { type: 'subscribe'; everyMs: number }
);

/** A figure's run as it is told to the page around. Accuracies are shares of the test set, by network. */
export interface FigureState {
  state: RunState;
  source: Source;
  turn: Turn;
  step: number;
  totalSteps: number;
  /** Active share of the maskable weights. */
  density: number;
  accuracy: { main?: number; random?: number; dense?: number };
  /** On the test set; null before the first evaluation. */
  loss: number | null;
  /** The experiment as a link, without its address. */
  link: string;
}

/** Why a request was not done: a word to act on and a sentence to read. */
export interface RequestError {
  code: 'bad-message' | 'unknown-type' | 'unknown-key' | 'bad-value' | 'out-of-bounds' | 'impossible';
  message: string;
}

/** What a figure says to the page around it. `ready` and `height` go to any page, all else only to those of `origin=`. */
export type FigureMessage = { sparseland: typeof MESSAGE_VERSION } & (
  | { type: 'ready' }
  | { type: 'height'; px: number }
  | { type: 'metrics'; state: FigureState }
  | { type: 'answer'; id: string | number | null; ok: true; state: FigureState }
  | { type: 'answer'; id: string | number | null; ok: false; error: RequestError }
);

/** What was made of a message: a request, what is wrong with it, or null where it is not meant for us. */
export type ParsedMessage = { ok: true; request: HostRequest } | { ok: false; id: string | number | null; error: RequestError } | null;

/** Most often that metrics are told: four times a second. */
export const LEAST_EVERY_MS = 250;
const MOST_EVERY_MS = 60_000;
const MAX_TEXT = 200;
const MAX_WIDTHS = 16;
const PLAIN_TYPES = ['play', 'pause', 'step', 'reset', 'unsubscribe'] as const;

/** Reads a message of another page. Total: whatever it holds, nothing is thrown, and only what is named here is taken from it. */
export function parseMessage(data: unknown): ParsedMessage {
  if (field(data, 'sparseland') !== MESSAGE_VERSION) return null;
  const id = field(data, 'id');
  if (!isId(id)) return { ok: false, id: null, error: { code: 'bad-message', message: 'A message needs an id: a text of 1 to 200 characters, or a whole number.' } };
  const wrong = (code: RequestError['code'], message: string): ParsedMessage => ({ ok: false, id, error: { code, message } });
  const type = field(data, 'type');
  const plain = PLAIN_TYPES.find((known) => known === type);
  if (plain) return { ok: true, request: { id, type: plain } };
  if (type === 'subscribe') {
    const everyMs = field(data, 'everyMs') ?? LEAST_EVERY_MS;
    if (typeof everyMs !== 'number' || !(everyMs >= LEAST_EVERY_MS && everyMs <= MOST_EVERY_MS)) return wrong('bad-value', `everyMs is a number from ${LEAST_EVERY_MS} to ${MOST_EVERY_MS}.`);
    return { ok: true, request: { id, type, everyMs } };
  }
  if (type !== 'set') return wrong('unknown-type', `The type is one of ${[...PLAIN_TYPES, 'set', 'subscribe'].join(', ')}.`);
  const key = field(data, 'key');
  const value = readValue(field(data, 'value'));
  if (typeof key !== 'string' || key.length > MAX_TEXT) return wrong('bad-message', 'set needs a key: the path of a setting as in links, such as optimizer.rate.');
  if (value === null) return wrong('bad-value', 'The value is a finite number, a text, true, false or a list of whole numbers.');
  return { ok: true, request: { id, type, key, value } };
}

/** An own field of a plain object; messages are copies without getters, but `__proto__` and its kin could be in their way. */
function field(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, name)) return undefined;
  return Object.getOwnPropertyDescriptor(data, name)?.value;
}

function isId(id: unknown): id is string | number {
  return typeof id === 'string' ? id.length > 0 && id.length <= MAX_TEXT : Number.isSafeInteger(id);
}

function readValue(value: unknown): SettingValue | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length <= MAX_TEXT ? value : null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (!Array.isArray(value) || value.length > MAX_WIDTHS) return null;
  const widths = Array.from(value as unknown[]);
  return widths.every((width): width is number => Number.isSafeInteger(width)) ? widths : null;
}
