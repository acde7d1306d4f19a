import type { SelfTestReport } from '../../engine/experiment/fullSelfTest.ts';
import { BUILD_WORDS } from '../reproduce/build.ts';
import { adapterName } from '../stores/run.ts';
import { plural } from '../text/numbers.ts';

/** What a full self-test of this device came to, as it is kept in the browser. */
export interface LastSelfTest {
  /** Milliseconds since 1970. */
  time: number;
  adapter: string;
  /** What the page was built from. */
  build: string;
  checks: number;
  /** Names of checks that failed. */
  failed: readonly string[];
}

const KEY = 'sparseland.selftest';
/** Names of failed checks that are kept: the page of the self-test has all. */
const MOST_NAMES = 5;
const MOST_CHARACTERS = 20_000;

/** A report in short. */
export function shortReport({ adapter, checks, ok, quick }: SelfTestReport, time: number): LastSelfTest {
  const failed = checks.filter(({ faults }) => faults.length > 0).map(({ name }) => name);
  return { time, adapter: adapterName(adapter), build: BUILD_WORDS, checks: checks.length, failed: ok || failed.length > 0 ? failed : [quick] };
}

/** Keeps a result in place of the last one; without storage it is told once and forgotten. */
export function keepSelfTest(result: LastSelfTest, storage: Pick<Storage, 'setItem'> | undefined = storageHere()): void {
  try {
    storage?.setItem(KEY, JSON.stringify(result));
  } catch {
    // Full or forbidden.
  }
}

/** The result that was kept last; null without one, and where what is stored is no such result. */
export function lastSelfTest(storage: Pick<Storage, 'getItem'> | undefined = storageHere()): LastSelfTest | null {
  try {
    const text = storage?.getItem(KEY) ?? '';
    return text.length > 0 && text.length < MOST_CHARACTERS ? read(JSON.parse(text)) : null;
  } catch {
    return null;
  }
}

function read(stored: unknown): LastSelfTest | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { time, adapter, build, checks, failed } = stored as Record<string, unknown>;
  const texts = [adapter, build, ...(Array.isArray(failed) ? failed : [undefined])];
  if (!texts.every((text) => typeof text === 'string') || typeof time !== 'number' || !Number.isFinite(time) || typeof checks !== 'number') return null;
  return { time, adapter: adapter as string, build: build as string, checks, failed: failed as string[] };
}

function storageHere(): Storage | undefined {
  return typeof localStorage === 'undefined' ? undefined : localStorage;
}

const dayOf = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });

/** A result in words, with its date and adapter, and whether it was of another adapter or build than these. @param adapter in use; null while unknown */
export function selfTestWords({ time, adapter, build, checks, failed }: LastSelfTest, now: { adapter: string | null; build: string }): string {
  const verdict = failed.length === 0 ? `✓ All ${plural(checks, 'check')} passed` : `✗ ${plural(failed.length, 'check')} of ${checks} failed (${failed.slice(0, MOST_NAMES).join('; ')}${failed.length > MOST_NAMES ? '; …' : ''})`;
  const others = [...(now.adapter !== null && now.adapter !== adapter ? ['another adapter than now'] : []), ...(build !== now.build ? ['another build than this'] : [])];
  return `${verdict} on ${adapter}, ${dayOf.format(time)}${others.length > 0 ? `; ${others.join(' and ')}` : ''}.`;
}
