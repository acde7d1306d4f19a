import type { CallCounter } from './count.ts';
import type { BenchHost, BenchRow, Contender, GridPoint, OpenContender, PassTime } from './row.ts';
import { rotated, spreadOf, type Spread } from './statistics.ts';

/** How to measure. */
export interface BenchOptions {
  /** Samples of each contender. */
  rounds: number;
  /** Whether other libraries take part. */
  peers: boolean;
  /** Milliseconds of wall clock; `performance.now` where absent. */
  now?: () => number;
  /** Milliseconds of CPU that the process has used so far; absent where nobody tells, as in a page. */
  cpu?: () => number;
  /** Counts what reaches the device, once for each contender. */
  calls?: CallCounter;
  /** Times each dispatch as well. */
  profile?: boolean;
  /** Hears how many of the row's samples are done, warm-up included, and who is next. */
  tell?: (done: number, total: number, words: string) => void;
}

/** What was measured of one contender; times in milliseconds an execution. */
export interface ContenderReport {
  name: string;
  peer: string | null;
  point: GridPoint | null;
  wall: Spread;
  cpu: Spread | null;
  /** What is reckoned into `wall` and `cpu` once in `period` executions, by itself; null where there is no such thing. */
  rare: { period: number; wall: Spread } | null;
  /** Samples. */
  n: number;
  /** Median wall over that of the baseline in the same rounds: below 1 is faster. */
  relative: number;
  flops: number;
  /** Useful FLOPs by median wall, in thousand million a second. */
  gflops: number;
  dispatches: number | null;
  submits: number | null;
  variants: readonly string[] | null;
  passes: readonly PassTime[] | null;
}

/** What was measured of one row. */
export interface RowReport {
  name: string;
  title: string;
  baseline: string;
  /** Executions a sample: queued together, waited for once. */
  executions: number;
  contenders: readonly ContenderReport[];
}

/** A contender cannot take part, or computes something else; the message names it. */
export class BenchError extends Error {
  override name = 'BenchError';
}

/** A sample lasts about so long where the work is short: well above the cost of waiting. */
const SAMPLE_MS = 25;
/** Executions of a sample go into one submit. */
const MOST_EXECUTIONS = 64;
/** Executions before the first sample; after each, results are compared. */
const WARM_UP = 3;
/** Most samples of a point of a grid. */
const GRID_ROUNDS = 5;
/** Results of contenders agree to this share of the largest one: sums in other orders differ by far less. */
const AGREE = 1e-3;

const wallClock = (): number => performance.now();

interface Entrant extends Contender {
  at: OpenContender;
  wall: number[];
  cpu: number[];
  /** Wall time of what is rare, in each sample. */
  rare: number[];
  calls: { dispatches: number; submits: number } | null;
}

/** The contenders that take part: all, or all but other libraries. */
export function entrantsOf(row: BenchRow, peers: boolean): readonly Contender[] {
  return row.contenders.filter(({ peer }) => peers || peer === undefined);
}

const roundsOf = (row: BenchRow, rounds: number): number => (row.grid ? Math.min(rounds, GRID_ROUNDS) : rounds);

/** Steps of which `measureRow` tells: opening and warming up count as one for each contender, then each sample. */
export function stepsOf(row: BenchRow, { rounds, peers }: Pick<BenchOptions, 'rounds' | 'peers'>): number {
  const all = entrantsOf(row, peers).length;
  // In a grid the baseline takes part in the rounds of every point.
  return all + roundsOf(row, rounds) * (row.grid ? 2 * (all - 1) : all);
}

/**
 * Measures a row: contenders are opened and compared, then take turns in an order that rotates, so that all meet the
 * same weather of the machine. Of a grid each point does so alone with the baseline. Everything is closed at the end.
 * @throws BenchError where a contender cannot be opened, or its results are not those of the baseline.
 */
export async function measureRow(row: BenchRow, host: BenchHost, options: BenchOptions): Promise<RowReport> {
  const total = stepsOf(row, options);
  const now = options.now ?? wallClock;
  let done = 0;
  const tell = (words: string): void => options.tell?.(done, total, `${row.name} ${words}`);
  const open = new Set<Entrant>();
  const wanted = new Map<number, ArrayLike<number>>();
  const entered = async (contender: Contender): Promise<Entrant> => {
    tell(`${contender.name}, warming up`);
    const entrant = await enter(row, contender, host);
    open.add(entrant);
    await warmUp(row, entrant, wanted, options.calls);
    done++;
    return entrant;
  };
  const close = (entrant: Entrant): void => {
    open.delete(entrant);
    entrant.at.destroy();
  };
  const reports = new Map<string, ContenderReport>();
  let executions = 0;
  try {
    const all = entrantsOf(row, options.peers);
    // The baseline comes first: the others are compared with it.
    const base = await entered(all.find(({ name }) => name === row.baseline) as Contender);
    for (const group of groupsOf(row, all)) {
      const others: Entrant[] = [];
      for (const contender of group) others.push(await entered(contender));
      executions ||= await executionsOf([base, ...others], now);
      const before = base.wall.length;
      for (let round = 0; round < roundsOf(row, options.rounds); round++) for (const entrant of rotated([base, ...others], round)) {
        tell(entrant.name);
        await sample(entrant, executions, now, options.cpu);
        done++;
      }
      const beside = spreadOf(base.wall.slice(before)).median;
      for (const entrant of others) reports.set(entrant.name, await reportOf(entrant, beside, options.profile ?? false));
      others.forEach(close);
    }
    reports.set(base.name, await reportOf(base, spreadOf(base.wall).median, options.profile ?? false));
    options.tell?.(done, total, row.name);
    return { name: row.name, title: row.title, baseline: row.baseline, executions, contenders: all.flatMap(({ name }) => reports.get(name) ?? []) };
  } finally {
    open.forEach(close);
  }
}

/** Contenders other than the baseline, as they are open together. */
function groupsOf(row: BenchRow, all: readonly Contender[]): readonly (readonly Contender[])[] {
  const others = all.filter(({ name }) => name !== row.baseline);
  return row.grid ? others.map((one) => [one]) : [others];
}

async function enter(row: BenchRow, contender: Contender, host: BenchHost): Promise<Entrant> {
  try {
    return { ...contender, at: await contender.open(host), wall: [], cpu: [], rare: [], calls: null };
  } catch (error) {
    throw new BenchError(`${row.name}: ${contender.name} cannot take part: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Results of the first execution, the second and so on are those of the baseline, which leaves them in `wanted`. */
async function warmUp(row: BenchRow, entrant: Entrant, wanted: Map<number, ArrayLike<number>>, counter?: CallCounter): Promise<void> {
  const { at, name } = entrant;
  for (let i = 0; i < WARM_UP; i++) {
    await once(at, 1);
    const got = await at.result?.();
    const want = wanted.get(i);
    if (got && !want) wanted.set(i, got);
    if (got && want) {
      const fault = difference(want, got);
      if (fault) throw new BenchError(`${row.name}: ${name} computes something else than ${row.baseline}: ${fault}.`);
    }
  }
  if (at.rare) await once(at.rare, 1);
  if (counter) entrant.calls = await counter.during(() => once(at, 1));
}

function difference(want: ArrayLike<number>, got: ArrayLike<number>): string | undefined {
  if (want.length !== got.length) return `${got.length} numbers, not ${want.length}`;
  let largest = 0;
  for (let i = 0; i < want.length; i++) largest = Math.max(largest, Math.abs(want[i] as number));
  for (let i = 0; i < want.length; i++) {
    if (!(Math.abs((got[i] as number) - (want[i] as number)) <= AGREE * largest)) return `number ${i} of its result is ${got[i]}, not ${want[i]}`;
  }
  return undefined;
}

/** The same for all contenders: as many as the fastest needs for a sample that can be timed. */
async function executionsOf(entrants: readonly Entrant[], now: () => number): Promise<number> {
  let fastest = Infinity;
  for (const { at } of entrants) {
    await at.reset?.();
    const began = now();
    await once(at, 1);
    fastest = Math.min(fastest, now() - began);
  }
  const most = Math.min(MOST_EXECUTIONS, ...entrants.map(({ at }) => at.most ?? MOST_EXECUTIONS));
  return Math.min(most, Math.max(1, Math.ceil(SAMPLE_MS / Math.max(fastest, 0.01))));
}

async function sample({ at, wall, cpu, rare }: Entrant, executions: number, now: () => number, clock: BenchOptions['cpu']): Promise<void> {
  const timed = async (work: Pick<OpenContender, 'run' | 'wait'>, n: number): Promise<{ wall: number; cpu: number }> => {
    const [began, used] = [now(), clock?.() ?? 0];
    await once(work, n);
    return { wall: (now() - began) / n, cpu: ((clock?.() ?? 0) - used) / n };
  };
  await at.reset?.();
  const usual = await timed(at, executions);
  const seldom = at.rare && await timed(at.rare, 1);
  const period = at.rare?.period ?? 1;
  const reckoned = (of: 'wall' | 'cpu'): number => (seldom ? ((period - 1) * usual[of] + seldom[of]) / period : usual[of]);
  wall.push(reckoned('wall'));
  if (clock) cpu.push(reckoned('cpu'));
  if (seldom) rare.push(seldom.wall);
}

async function once(at: Pick<OpenContender, 'run' | 'wait'>, executions: number): Promise<void> {
  at.run(executions);
  await at.wait();
}

/** @param beside median wall time of the baseline in the same rounds */
async function reportOf({ name, peer, point, at, wall, cpu, rare, calls }: Entrant, beside: number, profile: boolean): Promise<ContenderReport> {
  const spread = spreadOf(wall);
  await at.reset?.();
  return {
    name, peer: peer ?? null, point: point ?? null, wall: spread, cpu: cpu.length > 0 ? spreadOf(cpu) : null, n: wall.length,
    rare: at.rare ? { period: at.rare.period, wall: spreadOf(rare) } : null,
    relative: spread.median / beside, flops: at.flops, gflops: at.flops / spread.median / 1e6,
    dispatches: calls?.dispatches ?? null, submits: calls?.submits ?? null,
    variants: at.variants?.() ?? null, passes: (profile && (await at.profile?.())) || null,
  };
}
