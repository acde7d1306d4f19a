import * as v from 'valibot';

/** What is known about a candidate: its time over the base's, or why it may not be used. */
export type Verdict = { ratio: number } | { leftOut: string };
/** A row of the table: a verdict, or times in milliseconds. */
export type Finding = Verdict | { ms: readonly number[] };

/** Verdicts of earlier runs. Keys cover adapter, sources, params and lengths. Nothing here ever fails: what cannot be read is not there. */
export interface TuningCache {
  /** True where there is nothing to look up, so that nothing need be loaded for it. */
  isEmpty(): Promise<boolean>;
  get(key: string): Promise<Verdict | undefined>;
  /** Remembers, in the background. */
  set(key: string, verdict: Verdict): void;
  /** Numbers that were measured, such as the times of a layer's passes; their keys cover what decides them. */
  getTimes(key: string): Promise<readonly number[] | undefined>;
  setTimes(key: string, ms: readonly number[]): void;
}

/** A place for one text that outlives the page or the process. Both may reject. */
export interface TextStore {
  read(): Promise<string | undefined>;
  /** Replaces the text whole or not at all. */
  write(text: string): Promise<void>;
}

/** Most verdicts that are kept, the newest; a phase of a deep network has about fifty. */
export const MOST_VERDICTS = 2000;
const LONGEST_TEXT = 2_000_000;
const LONGEST_REASON = 300;

/** Most numbers of a row of times, and the greatest of them. */
const MOST_TIMES = 64;
const LONGEST_MS = 1e6;

const key = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Key, ratio, and why it was left out: then the ratio is 0. Or key and times. */
const row = v.union([
  v.strictTuple([key, v.pipe(v.number(), v.minValue(0), v.maxValue(1000)), v.pipe(v.string(), v.maxLength(LONGEST_REASON))]),
  v.strictTuple([key, v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST_MS))), v.maxLength(MOST_TIMES))]),
]);
const table = v.object({ version: v.literal(1), build: v.string(), verdicts: v.pipe(v.array(row), v.maxLength(MOST_VERDICTS)) });

/** Verdicts that another session of the same build wrote, the oldest first; none of any other text. Never throws. */
export function parseVerdicts(text: string | undefined, build: string): Map<string, Finding> {
  if (text === undefined || text.length > LONGEST_TEXT) return new Map();
  try {
    const { success, output } = v.safeParse(table, JSON.parse(text));
    if (!success || output.build !== build) return new Map();
    return new Map(output.verdicts.map(([key, said, leftOut = '']) => [key, typeof said === 'number' ? (said === 0 ? { leftOut } : { ratio: said }) : { ms: said }]));
  } catch {
    return new Map();
  }
}

/** The text that `parseVerdicts` reads: the newest verdicts, those that could not be read again left out. */
export function writeVerdicts(verdicts: ReadonlyMap<string, Finding>, build: string): string {
  const rows = [...verdicts].map(([key, said]) => ('ms' in said ? [key, said.ms] : 'leftOut' in said ? [key, 0, said.leftOut.slice(0, LONGEST_REASON)] : [key, said.ratio, '']));
  return JSON.stringify({ version: 1, build, verdicts: rows.filter((one) => v.safeParse(row, one).success).slice(-MOST_VERDICTS) });
}

/**
 * A cache in a store.
 * @param build what decides beside the adapter: browser or driver binding. A table of another build counts as empty, and is replaced.
 */
export function createTuningCache(store: TextStore, build: string): TuningCache {
  const load = (): Promise<Map<string, Finding>> => store.read().then((text) => parseVerdicts(text, build), () => new Map());
  const added = new Map<string, Finding>();
  let known: Promise<Map<string, Finding>> | undefined;
  let written: Promise<void> = Promise.resolve();
  /** Together with what other tabs or processes have found meanwhile. */
  const write = async (): Promise<void> => {
    await store.write(writeVerdicts(new Map([...(await load()), ...added]), build)).catch(() => undefined);
  };
  const find = async (key: string): Promise<Finding | undefined> => added.get(key) ?? (await (known ??= load())).get(key);
  const keep = (key: string, finding: Finding): void => {
    added.delete(key);
    added.set(key, finding);
    written = written.then(write);
  };
  return {
    isEmpty: async () => added.size === 0 && (await (known ??= load())).size === 0,
    async get(key) {
      const found = await find(key);
      return found && 'ms' in found ? undefined : found;
    },
    set: keep,
    async getTimes(key) {
      const found = await find(key);
      return found && 'ms' in found ? found.ms : undefined;
    },
    setTimes: (key, ms) => keep(key, { ms: [...ms] }),
  };
}
