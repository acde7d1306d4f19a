import type { Arena } from './arena.ts';
import type { Gpu } from './device.ts';
import { sha256Text } from './hash.ts';
import { candidates, type Variant, type VariantFacts } from './kernel.ts';
import { median, timePasses } from './profiler.ts';
import type { Program } from './program.ts';
import { createScratch, type Scratch } from './scratch.ts';
import type { Dispatch } from './trace.ts';

/**
 * Where choices outlive a page: IndexedDB, or the user's cache folder. Keys cover adapter, sources, params and lengths;
 * the caller adds what it knows of the browser or driver build.
 */
export interface TuningCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** What is known about a candidate: its time over the base's, or why it may not be used. */
type Verdict = { ratio: number } | { leftOut: string };

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

/** Milliseconds that a pass with runs of `variant` takes. */
export type Stopwatch = (variant: Variant, encode: (pass: GPUComputePassEncoder) => void) => Promise<number>;

/** A candidate must take less than this much of the base's time, or noise would decide. */
const FASTER = 0.97;
const HOPELESS = 1.5;
const ROUNDS = 5;
/** A sample lasts about so long: well above what a clock is rounded to. */
const SAMPLE_MS = 4;
const MAX_TIMES = 64;

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
export function createTuner(gpu: Gpu, arena: Arena, programs: readonly Program[], cache?: TuningCache, stopwatch: Stopwatch = (_, encode) => timePass(gpu, arena, encode)): Tuner {
  const sites = sitesOf(programs, gpu.facts);
  let busy = false;
  let judging: Judging | undefined;

  const settle = ({ site, candidate, cached }: Judging, verdict: Verdict): TuningStep => {
    const told = { kernel: site.kernel, shape: site.shape, candidate: candidate.name, cached };
    if ('leftOut' in verdict) {
      site.leftOut.push({ variant: candidate.name, reason: verdict.leftOut });
      return { ...told, outcome: 'leftOut', ratio: null, reason: verdict.leftOut };
    }
    const faster = verdict.ratio < FASTER && verdict.ratio < site.best.ratio;
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
    const key = await cacheKey(gpu, site, candidate);
    const known = parseVerdict(await cache?.get(key));
    const fault = known && 'leftOut' in known ? undefined : await compileFault(gpu, site, candidate);
    const verdict = fault ?? known;
    return { site, candidate, key, cached: verdict !== undefined && verdict === known, measured: !verdict, rounds: judge(gpu, arena, site, candidate, stopwatch, verdict) };
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
      if (judged.measured) await cache?.set(judged.key, JSON.stringify(value));
      return settle(judged, value);
    } finally {
      busy = false;
    }
  };
  return {
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
  key: string;
  /** The verdict came from the cache. */
  cached: boolean;
  /** The verdict is this judgement's own, to be remembered; a fault of the compiler is not: a lost device refuses every shader. */
  measured: boolean;
  rounds: AsyncGenerator<void, Verdict>;
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

function siteId({ kernel, params, slots, values }: Dispatch): string {
  return JSON.stringify([kernel.name, params, slots, values.map((v) => v.length)]);
}

function cacheKey(gpu: Gpu, site: Site, candidate: Variant): Promise<string> {
  const { kernel, slots } = site.dispatch;
  const { vendor, architecture, device, description } = gpu.facts;
  const sources = [kernel.variants[0], candidate].map((variant) => gpu.pipelines.source({ kernel, variant, slots }));
  return sha256Text(JSON.stringify([vendor, architecture, device, description, ...sources, siteId(site.dispatch)]));
}

/** A verdict of an earlier session; anything else counts as none. */
function parseVerdict(text: string | undefined): Verdict | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null) return undefined;
    if ('ratio' in value && typeof value.ratio === 'number') return { ratio: value.ratio };
    if ('leftOut' in value && typeof value.leftOut === 'string') return { leftOut: value.leftOut };
    return undefined;
  } catch {
    return undefined;
  }
}

async function compileFault({ pipelines }: Gpu, { dispatch: { kernel, slots } }: Site, variant: Variant): Promise<Verdict | undefined> {
  try {
    await pipelines.prepare([{ kernel, variant: kernel.variants[0], slots }, { kernel, variant, slots }]);
    return undefined;
  } catch (error) {
    return { leftOut: error instanceof Error ? error.message : String(error) };
  }
}

/** Bits first, then time; over at once where a verdict is `known`. */
async function* judge(gpu: Gpu, arena: Arena, site: Site, candidate: Variant, stopwatch: Stopwatch, known?: Verdict): AsyncGenerator<void, Verdict> {
  if (known) return known;
  const { program, at } = site.uses[0] as Site['uses'][number];
  const base = site.dispatch.kernel.variants[0];
  const scratch = await createScratch(gpu, arena, program, at);
  try {
    const [wanted, got] = [await scratch.outputs(base), await scratch.outputs(candidate)];
    const difference = firstDifference(site.dispatch, wanted, got);
    if (difference) return { leftOut: difference };
    return { ratio: yield* timeRatio(stopwatch, scratch, base, candidate) };
  } finally {
    scratch.free();
  }
}

function firstDifference({ kernel }: Dispatch, wanted: readonly Uint32Array[], got: readonly Uint32Array[]): string | undefined {
  const names = kernel.bindings.filter((b) => b.access === 'write').map((b) => b.name);
  for (const [i, words] of wanted.entries()) {
    const at = words.findIndex((word, j) => word !== got[i]?.[j]);
    if (at >= 0) return `other bits than ${kernel.variants[0].name}: word ${at} of ${names[i]} is 0x${got[i]?.[at]?.toString(16)}, not 0x${words[at]?.toString(16)}`;
  }
  return undefined;
}

/** Median time of the candidate over that of the base, measured in turns so that both meet the same weather. */
async function* timeRatio(stopwatch: Stopwatch, scratch: Scratch, base: Variant, candidate: Variant): AsyncGenerator<void, number> {
  const once = await stopwatch(base, (pass) => scratch.encode(pass, base, 1));
  // The number of runs in one submit is bounded by time, too.
  const times = Math.min(MAX_TIMES, Math.max(1, Math.floor(SAMPLE_MS / Math.max(once, SAMPLE_MS / MAX_TIMES))));
  const samples: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    yield;
    for (const [i, variant] of [base, candidate].entries()) {
      samples[i]?.push(await stopwatch(variant, (pass) => scratch.encode(pass, variant, times)));
    }
    // One round is enough to see that a candidate is hopeless; the run has better uses for the time.
    if (median(samples[1]) > HOPELESS * median(samples[0])) break;
  }
  const wanted = median(samples[0]);
  // A clock that stands still tells nothing; the base stays.
  return wanted > 0 ? median(samples[1]) / wanted : 1;
}

/** By the device's clock where it has one: waiting for a queue is slow and coarse in some browsers. */
async function timePass(gpu: Gpu, arena: Arena, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
  if (!gpu.device.features.has('timestamp-query')) return timeWall(gpu.device, encode);
  const [ns] = await timePasses(gpu.device, arena, [encode]);
  return (ns ?? 0) / 1e6;
}

async function timeWall(device: GPUDevice, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(pass);
  pass.end();
  const start = performance.now();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return Math.max(performance.now() - start, 1e-3);
}
