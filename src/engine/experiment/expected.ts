import { createNotes } from './notes.ts';
import { series, type RunLog } from './runLog.ts';
import { quote } from './values.ts';

/** The final numbers of a run, as a link carries them to be reached again. */
export interface Expected {
  /** sha256 of parameters and masks, in lower-case hexadecimal. */
  hash: string;
  /** On the test set or the validation split, whichever the experiment is evaluated on: a share, and the loss there. */
  accuracy: number;
  loss: number;
  /** Name of the adapter that the run was made on. */
  adapter: string;
}

/** How a run compares with what was expected of it. */
export type Agreement = 'match' | 'within tolerance' | 'differs';

/** Most characters of an adapter's name in a link. */
export const MAX_ADAPTER_LENGTH = 80;
const MAX_PART_LENGTH = 1000;
const PREFIX = 'expect.';
const KEYS: readonly (keyof Expected)[] = ['accuracy', 'loss', 'hash', 'adapter'];

/** The numbers of a run that is finished; null of any other, and where the evaluations gave none. @param adapter its name */
export function finalNumbers(log: RunLog, adapter: string): Expected | null {
  if (log.status.state !== 'finished') return null;
  const last = (column: string): number => series(log, 'main', 'test', column).values.at(-1) ?? Number.NaN;
  const [accuracy, loss] = [last('accuracy'), last('loss')];
  if (!Number.isFinite(accuracy) || !Number.isFinite(loss)) return null;
  return { hash: log.status.hash, accuracy: rounded(accuracy), loss: rounded(loss), adapter: printable(adapter) };
}

/** Enough digits that no two counts of right answers are the same, without the noise of 32 bits. */
const rounded = (value: number): number => Number(value.toPrecision(7));

/** Control and direction characters would let a name say something else than it holds. */
const printable = (text: string): string => [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim()].slice(0, MAX_ADAPTER_LENGTH).join('').trim();

/** Expected numbers as they stand behind the settings of a link: `expect.accuracy=0.94&expect.loss=0.2&...` */
export function writeExpected(expected: Expected): string {
  return KEYS.map((key) => `${PREFIX}${key}=${encodeURIComponent(String(expected[key]))}`).join('&');
}

/**
 * The expected numbers of a link, or null where it has none. Never throws: numbers of which one is missing or no
 * possible value are left out as a whole, and the notes say why.
 */
export function readExpected(link: string): { expected: Expected | null; notes: string[] } {
  const notes = createNotes();
  const given = new Map<string, string>();
  for (const part of link.replace(/^#/, '').slice(0, 16_000).split('&')) {
    if (!part.startsWith(PREFIX)) continue;
    const [key, value] = [...new URLSearchParams(part)][0] ?? ['', ''];
    if (!KEYS.some((known) => PREFIX + known === key)) notes.add(key.slice(0, 40), `is unknown (known: ${KEYS.map((known) => PREFIX + known).join(', ')})`);
    else if (part.length > MAX_PART_LENGTH) notes.add(key, `has more than ${MAX_PART_LENGTH} characters`);
    else given.set(key.slice(PREFIX.length), value);
  }
  if (given.size === 0) return { expected: null, notes: notes.list() };
  const number = (key: 'accuracy' | 'loss', most: number): number => {
    const text = given.get(key) ?? '';
    const value = /^\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value <= most)) notes.add(PREFIX + key, `${quote(text)} is no number from 0 to ${most}; the expected numbers are left out`);
    return value;
  };
  const hash = given.get('hash') ?? '';
  if (!/^[0-9a-f]{64}$/.test(hash)) notes.add(`${PREFIX}hash`, `${quote(hash)} is no sha256 of 64 hexadecimal digits; the expected numbers are left out`);
  const adapter = printable(given.get('adapter') ?? '');
  if (adapter === '') notes.add(`${PREFIX}adapter`, 'names no adapter; the expected numbers are left out');
  const expected = { hash, accuracy: number('accuracy', 1), loss: number('loss', 1e30), adapter };
  return { expected: notes.list().length === 0 ? expected : null, notes: notes.list() };
}

/**
 * The width of chance of an accuracy: twice the binomial standard error of a share of `examples`, with two right and two
 * wrong answers added, so that a share of 0 or 1 has one, too.
 */
export function accuracyTolerance(accuracy: number, examples: number): number {
  const n = examples + 4;
  const share = (accuracy * examples + 2) / n;
  return 2 * Math.sqrt((share * (1 - share)) / n);
}

/** The same hash is a match; an accuracy within the binomial error of the examples it was measured on is within tolerance; all else differs. */
export function agreementOf(expected: Expected, found: Expected, examples: number): Agreement {
  if (found.hash === expected.hash) return 'match';
  return Math.abs(found.accuracy - expected.accuracy) <= accuracyTolerance(expected.accuracy, examples) ? 'within tolerance' : 'differs';
}
