import * as v from 'valibot';

/** What is known about a candidate: its time over the base's, or why it may not be used. */
export type Verdict = { ratio: number } | { leftOut: string };

/** Verdicts of earlier runs. Keys cover adapter, sources, params and lengths. Nothing here ever fails: what cannot be read is not there. */
export interface TuningCache {
  /** True where there is nothing to look up, so that nothing need be loaded for it. */
  isEmpty(): Promise<boolean>;
  get(key: string): Promise<Verdict | undefined>;
  /** Remembers, in the background. */
  set(key: string, verdict: Verdict): void;
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

/** Key, ratio, and why it was left out: then the ratio is 0. */
const row = v.strictTuple([
  v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  v.pipe(v.number(), v.minValue(0), v.maxValue(1000)),
  v.pipe(v.string(), v.maxLength(LONGEST_REASON)),
]);
const table = v.object({ version: v.literal(1), build: v.string(), verdicts: v.pipe(v.array(row), v.maxLength(MOST_VERDICTS)) });

/** Verdicts that another session of the same build wrote, the oldest first; none of any other text. Never throws. */
export function parseVerdicts(text: string | undefined, build: string): Map<string, Verdict> {
  if (text === undefined || text.length > LONGEST_TEXT) return new Map();
  try {
    const { success, output } = v.safeParse(table, JSON.parse(text));
    if (!success || output.build !== build) return new Map();
    return new Map(output.verdicts.map(([key, ratio, leftOut]) => [key, ratio === 0 ? { leftOut } : { ratio }]));
  } catch {
    return new Map();
  }
}

/** The text that `parseVerdicts` reads: the newest verdicts, those that could not be read again left out. */
export function writeVerdicts(verdicts: ReadonlyMap<string, Verdict>, build: string): string {
  const rows = [...verdicts].map(([key, said]) => ('leftOut' in said ? [key, 0, said.leftOut.slice(0, LONGEST_REASON)] : [key, said.ratio, '']));
  return JSON.stringify({ version: 1, build, verdicts: rows.filter((one) => v.safeParse(row, one).success).slice(-MOST_VERDICTS) });
}

/**
 * A cache in a store.
 * @param build what decides beside the adapter: browser or driver binding. A table of another build counts as empty, and is replaced.
 */
export function createTuningCache(store: TextStore, build: string): TuningCache {
  const load = (): Promise<Map<string, Verdict>> => store.read().then((text) => parseVerdicts(text, build), () => new Map());
  const added = new Map<string, Verdict>();
  let known: Promise<Map<string, Verdict>> | undefined;
  let written: Promise<void> = Promise.resolve();
  /** Together with what other tabs or processes have found meanwhile. */
  const write = async (): Promise<void> => {
    await store.write(writeVerdicts(new Map([...(await load()), ...added]), build)).catch(() => undefined);
  };
  return {
    isEmpty: async () => added.size === 0 && (await (known ??= load())).size === 0,
    get: async (key) => added.get(key) ?? (await (known ??= load())).get(key),
    set(key, verdict) {
      added.delete(key);
      added.set(key, verdict);
      written = written.then(write);
    },
  };
}
