import type { Arena } from './arena.ts';
import type { Gpu } from './device.ts';
import { sha256Text } from './hash.ts';
import { candidates, type Variant, type VariantFacts } from './kernel.ts';
import type { Program } from './program.ts';
import { createScratch, type Scratch } from './scratch.ts';
import { deviceStopwatch, type Stopwatch, timeRatio } from './stopwatch.ts';
import type { Dispatch } from './trace.ts';
import type { TuningCache, Verdict } from './tuningCache.ts';

/** One candidate, judged. */
export interface TuningStep {
  kernel: string;
  shape: string;
  candidate: string;
  outcome: 'chosen' | 'slower' | 'leftOut';
  /** Median time over that of the base; null where it was left out. */
  ratio: number | null;
  /** Why it was left out; empty otherwise. */
  reason: string;
  /** True when the verdict came from the cache. */
  cached: boolean;
}

/** The state of one kernel at one shape. */
export interface TuningRow {
  kernel: string;
  shape: string;
  /** Variant in use. */
  chosen: string;
  /** Its time over the base's; 1 for the base itself. */
  ratio: number;
  leftOut: readonly { variant: string; reason: string }[];
}

/** Chooses among variants while a run goes on; bits never change. */
export interface Tuner {
  /**
   * Judges what the cache knows, without measuring: the fastest of each kernel and shape is compiled, and used where it
   * still gives the base's bits. What it tells is not looked at again. Call it before the first slice.
   */
  recall(): Promise<TuningStep[]>;
  /** Compiles the next candidate, while training goes on; without it next() does. Never rejects. */
  prepare(): Promise<void>;
  /**
   * Takes the judgement of a candidate one round further, so that training waits for no more than that; at its end swaps
   * it in where it is faster. Null when none is left. Call it between slices, one at a time.
   */
  advance(): Promise<TuningStep | 'measuring' | null>;
  /** Judges one candidate to the end. */
  next(): Promise<TuningStep | null>;
  /** Drops what is under way, and its buffers. */
  stop(): Promise<void>;
  report(): readonly TuningRow[];
}

/** A candidate must take less than this much of the base's time, or noise would decide. */
const FASTER = 0.97;

interface Site {
  kernel: string;
  shape: string;
  dispatch: Dispatch;
  uses: { program: Program; at: number }[];
  waiting: Variant[];
  best: { variant: Variant; ratio: number };
  leftOut: { variant: string; reason: string }[];
}

/**
 * A tuner over programs whose pipelines are prepared. Each kernel at each shape is measured once, however many dispatches
 * it has. A candidate is compiled in the background, must give the base's bits on scratch buffers, and is then timed in
 * turns with the base.
 * @param stopwatch how to measure; by the device's clock, or by waiting where it has none. Tests hand in a false one.
 */
export function createTuner(gpu: Gpu, arena: Arena, programs: readonly Program[], cache?: TuningCache, stopwatch: Stopwatch = deviceStopwatch(gpu, arena)): Tuner {
  const sites = sitesOf(programs, gpu.facts);
  let busy = false;
  let judging: Judging | undefined;

  const isFaster = (site: Site, verdict: Verdict): boolean => 'ratio' in verdict && verdict.ratio < FASTER && verdict.ratio < site.best.ratio;
  const settle = (site: Site, candidate: Variant, verdict: Verdict, cached: boolean): TuningStep => {
    const told = { kernel: site.kernel, shape: site.shape, candidate: candidate.name, cached };
    if ('leftOut' in verdict) {
      site.leftOut.push({ variant: candidate.name, reason: verdict.leftOut });
      return { ...told, outcome: 'leftOut', ratio: null, reason: verdict.leftOut };
    }
    const faster = isFaster(site, verdict);
    if (faster) {
      site.best = { variant: candidate, ratio: verdict.ratio };
      site.uses.forEach(({ program, at }) => program.swap(at, candidate));
    }
    return { ...told, outcome: faster ? 'chosen' : 'slower', ratio: verdict.ratio, reason: '' };
  };
  const begin = async (): Promise<Judging | null> => {
    const site = sites.find((s) => s.waiting.length > 0);
    const candidate = site?.waiting.shift();
    if (!site || !candidate) return null;
    const fault = await compileFault(gpu, site, candidate);
    return { site, candidate, fault, rounds: judge(gpu, arena, site, candidate, stopwatch, fault) };
  };
  const advance = async (): Promise<TuningStep | 'measuring' | null> => {
    if (busy) throw new Error('The tuner judges one candidate at a time; wait for the last next().');
    busy = true;
    try {
      judging ??= (await begin()) ?? undefined;
      if (!judging) return null;
      const { done, value } = await judging.rounds.next();
      if (!done) return 'measuring';
      const judged = judging;
      judging = undefined;
      if (!judged.fault) cache?.set(await cacheKey(gpu, judged.site, judged.candidate), value);
      return settle(judged.site, judged.candidate, value, false);
    } finally {
      busy = false;
    }
  };
  /** A cached verdict, unless it would bring a variant into use that does not compile or has other bits by now. */
  const confirm = async ({ site, candidate, key, verdict }: Remembered): Promise<Verdict> => {
    if (!isFaster(site, verdict)) return verdict;
    const fault = await compileFault(gpu, site, candidate);
    if (fault) return fault;
    const difference = await differenceOf(gpu, arena, site, candidate);
    if (difference) cache?.set(key, difference);
    return difference ?? verdict;
  };
  return {
    async recall() {
      const found = await Promise.all(sites.map((site) => remembered(gpu, site, cache)));
      // Only what may come into use is compiled, all at once.
      const hopes = found.flatMap(([first]) => (first && isFaster(first.site, first.verdict) ? [first] : []));
      await Promise.all(hopes.map(({ site, candidate }) => compileFault(gpu, site, candidate)));
      const told: TuningStep[] = [];
      for (const one of found.flat()) {
        one.site.waiting.splice(one.site.waiting.indexOf(one.candidate), 1);
        told.push(settle(one.site, one.candidate, await confirm(one), true));
      }
      return told;
    },
    async prepare() {
      const site = sites.find((s) => s.waiting.length > 0);
      const [candidate] = site?.waiting ?? [];
      // A fault comes up again in next(), which knows what to do with it.
      if (site && candidate) await compileFault(gpu, site, candidate);
    },
    advance,
    async next() {
      let step = await advance();
      while (step === 'measuring') step = await advance();
      return step;
    },
    async stop() {
      await judging?.rounds.return({ leftOut: 'stopped' });
      judging = undefined;
    },
    report: () => sites.map(({ kernel, shape, best, leftOut }) => ({ kernel, shape, chosen: best.variant.name, ratio: best.ratio, leftOut: [...leftOut] })),
  };
}

/** A candidate under judgement; `rounds` pauses where training may go on. */
interface Judging {
  site: Site;
  candidate: Variant;
  /** What the compiler had against it. Not to be remembered: a lost device refuses every shader. */
  fault: Verdict | undefined;
  rounds: AsyncGenerator<void, Verdict>;
}

/** A candidate that the cache knows. */
interface Remembered {
  site: Site;
  candidate: Variant;
  key: string;
  verdict: Verdict;
}

/** What the cache knows of a site, the fastest first. */
async function remembered(gpu: Gpu, site: Site, cache: TuningCache | undefined): Promise<Remembered[]> {
  const found: Remembered[] = [];
  for (const candidate of site.waiting) {
    const key = await cacheKey(gpu, site, candidate);
    const verdict = await cache?.get(key);
    if (verdict) found.push({ site, candidate, key, verdict });
  }
  const time = ({ verdict }: Remembered): number => ('ratio' in verdict ? verdict.ratio : Infinity);
  return found.sort((a, b) => time(a) - time(b));
}

/** Dispatches with something to choose, the equal ones together. */
function sitesOf(programs: readonly Program[], facts: VariantFacts): Site[] {
  const sites = new Map<string, Site>();
  for (const program of programs) program.dispatches.forEach((dispatch, at) => {
    const [base] = dispatch.kernel.variants;
    const waiting = candidates(dispatch.kernel, dispatch.params, facts);
    if (waiting.length === 0) return;
    const shape = Object.entries(dispatch.params).map(([name, value]) => `${name}=${value}`).join(' ');
    const id = siteId(dispatch);
    const known = sites.get(id);
    if (known) known.uses.push({ program, at });
    else sites.set(id, { kernel: dispatch.kernel.name, shape, dispatch, uses: [{ program, at }], waiting, best: { variant: base, ratio: 1 }, leftOut: [] });
  });
  return [...sites.values()];
}

/** Equal for dispatches that do the same work: one kernel with the same params, on as many elements. */
export function siteId({ kernel, params, slots, values }: Dispatch): string {
  return JSON.stringify([kernel.name, params, slots, values.map((v) => v.length)]);
}

function cacheKey(gpu: Gpu, site: Site, candidate: Variant): Promise<string> {
  const { kernel, slots } = site.dispatch;
  const { vendor, architecture, device, description } = gpu.facts;
  const sources = [kernel.variants[0], candidate].map((variant) => gpu.pipelines.source({ kernel, variant, slots }));
  return sha256Text(JSON.stringify([vendor, architecture, device, description, ...sources, siteId(site.dispatch)]));
}

async function compileFault({ pipelines }: Gpu, { dispatch: { kernel, slots } }: Site, variant: Variant): Promise<Verdict | undefined> {
  try {
    await pipelines.prepare([{ kernel, variant: kernel.variants[0], slots }, { kernel, variant, slots }]);
    return undefined;
  } catch (error) {
    return { leftOut: error instanceof Error ? error.message : String(error) };
  }
}

/** Bits first, then time; over at once where the compiler found a `fault`. */
async function* judge(gpu: Gpu, arena: Arena, site: Site, candidate: Variant, stopwatch: Stopwatch, fault?: Verdict): AsyncGenerator<void, Verdict> {
  if (fault) return fault;
  const base = site.dispatch.kernel.variants[0];
  const scratch = await scratchOf(gpu, arena, site);
  try {
    const difference = await compareBits(site.dispatch, scratch, candidate);
    return difference ?? { ratio: yield* timeRatio(stopwatch, scratch, base, candidate) };
  } finally {
    scratch.free();
  }
}

async function differenceOf(gpu: Gpu, arena: Arena, site: Site, candidate: Variant): Promise<Verdict | undefined> {
  const scratch = await scratchOf(gpu, arena, site);
  try {
    return await compareBits(site.dispatch, scratch, candidate);
  } finally {
    scratch.free();
  }
}

function scratchOf(gpu: Gpu, arena: Arena, { uses }: Site): Promise<Scratch> {
  const { program, at } = uses[0] as Site['uses'][number];
  return createScratch(gpu, arena, program, at);
}

/** Undefined where the candidate gives the base's bits. */
async function compareBits(dispatch: Dispatch, scratch: Scratch, candidate: Variant): Promise<Verdict | undefined> {
  const [wanted, got] = [await scratch.outputs(dispatch.kernel.variants[0]), await scratch.outputs(candidate)];
  const leftOut = firstDifference(dispatch, wanted, got);
  return leftOut === undefined ? undefined : { leftOut };
}

function firstDifference({ kernel }: Dispatch, wanted: readonly Uint32Array[], got: readonly Uint32Array[]): string | undefined {
  const names = kernel.bindings.filter((b) => b.access === 'write').map((b) => b.name);
  for (const [i, words] of wanted.entries()) {
    const at = words.findIndex((word, j) => word !== got[i]?.[j]);
    if (at >= 0) return `other bits than ${kernel.variants[0].name}: word ${at} of ${names[i]} is 0x${got[i]?.[at]?.toString(16)}, not 0x${words[at]?.toString(16)}`;
  }
  return undefined;
}
