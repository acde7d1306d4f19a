/*
 * `npm run bench`: a training step of the MLP 784-512-512-10 (batch 128, SGD), Sparseland beside TensorFlow.js and jax-js,
 * one after another in one process, in an order that rotates. Then the time to the first step, each in a process of its own.
 *
 * Options: --rounds N (default 12), --only NAME[,NAME], --out FILE (JSON), --first-rounds N (default 3, 0 leaves it out).
 * SPARSELAND_ADAPTER chooses the adapter.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../src/engine/gpu/profiler.ts';
import { openNodeGpu } from '../src/node/adapter.ts';
import { offerGpu } from '../src/peers/nodeTfjs.ts';
import { type Contender, CONTENDERS, createOurs, isContender, type Name, open } from './contenders.ts';
import { countCalls } from './count.ts';

/** Milliseconds of one contender. */
interface Times {
  wall: number[];
  cpu: number[];
}

const WARM_UP = 3;
const AGREE = 1e-3;

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '12' }, only: { type: 'string' }, out: { type: 'string' }, 'first-rounds': { type: 'string', default: '3' }, first: { type: 'string' } },
});

function wholeNumber(text: string, name: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0) throw new Error(`--${name} must be a whole number, not ${text}.`);
  return n;
}

function chosen(): Name[] {
  const names = options.only?.split(',') ?? [...CONTENDERS];
  const unknown = names.find((name) => !isContender(name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown} to measure; known are ${CONTENDERS.join(', ')}.`);
  return names.filter(isContender);
}

/** Milliseconds of wall clock and of process CPU that some work takes. */
async function timed(work: () => Promise<unknown>): Promise<{ wall: number; cpu: number }> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const used = process.cpuUsage(cpu);
  return { wall: performance.now() - began, cpu: (used.user + used.system) / 1000 };
}

const round = (x: number, digits = 1): number => Number(x.toFixed(digits));
const quartile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.round(q * (values.length - 1))] as number;

/** Median, extremes and quartiles. */
function summary(values: readonly number[]): { median: number; best: number; worst: number; lower: number; upper: number } {
  return { median: round(median(values)), best: round(Math.min(...values)), worst: round(Math.max(...values)), lower: round(quartile(values, 0.25)), upper: round(quartile(values, 0.75)) };
}

async function step(contender: Contender): Promise<void> {
  contender.step();
  await contender.wait();
}

/** One contender in this process, from asking for a device to the loss of its first step in hand. */
async function firstStep(name: Name): Promise<void> {
  const { gpu } = await openNodeGpu();
  offerGpu(gpu);
  const prepare = await open(name, gpu);
  const times = await timed(async () => {
    const contender = await prepare();
    contender.step();
    await contender.loss();
  });
  console.log(JSON.stringify(times));
}

/** Time to the first step: fresh processes in turns, without the driver's own cache on disk. */
function firstSteps(names: readonly Name[], rounds: number): Record<string, Times> {
  const found: Record<string, Times> = {};
  for (let r = 0; r < rounds; r++) {
    for (const name of rotated(names.filter((n) => n !== 'tuned'), r)) {
      const text = execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), '--first', name], {
        encoding: 'utf8', env: { ...process.env, MESA_SHADER_CACHE_DISABLE: 'true' }, stdio: ['ignore', 'pipe', 'ignore'],
      });
      const times = JSON.parse(text.trim().split('\n').at(-1) as string) as { wall: number; cpu: number };
      (found[name] ??= { wall: [], cpu: [] }).wall.push(times.wall);
      found[name]?.cpu.push(times.cpu);
    }
  }
  return found;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  return list.map((_, i) => list[(i + by) % list.length] as T);
}

async function main(): Promise<void> {
  const names = chosen();
  const rounds = wholeNumber(options.rounds, 'rounds');
  const { gpu, describe } = await openNodeGpu();
  offerGpu(gpu);
  const calls = countCalls();
  const contenders = new Map<Name, Contender>();
  for (const name of names) contenders.set(name, await (await open(name, gpu))());

  const counts: Record<string, { dispatches: number; submits: number }> = {};
  const firstLoss: Record<string, number> = {};
  for (const [name, contender] of contenders) {
    contender.step();
    firstLoss[name] = await contender.loss();
    for (let i = 1; i < WARM_UP; i++) await step(contender);
    counts[name] = await calls.during(() => step(contender));
  }
  const own = Object.values(firstLoss)[0] as number;
  for (const [name, loss] of Object.entries(firstLoss)) {
    if (!(Math.abs(loss - own) < AGREE)) throw new Error(`${name} computes something else: its first loss is ${loss}, that of ${names[0]} ${own}.`);
  }

  const times: Record<string, Times> = Object.fromEntries(names.map((name) => [name, { wall: [], cpu: [] }]));
  for (let r = 0; r < rounds; r++) {
    for (const name of rotated(names, r)) {
      const took = await timed(() => step(contenders.get(name) as Contender));
      times[name]?.wall.push(took.wall);
      times[name]?.cpu.push(took.cpu);
    }
  }

  const steps = Object.fromEntries(names.map((name) => [name, {
    wall: summary(times[name]?.wall ?? []), cpu: summary(times[name]?.cpu ?? []), firstLoss: firstLoss[name], ...counts[name],
  }]));
  console.log(`${describe}; ${rounds} rounds; load ${loadavg().map((x) => round(x)).join(' ')}; Node ${process.version}`);
  console.log('Training step, ms: median (quartiles; best) of wall, median CPU, dispatches, submits, first loss');
  for (const [name, s] of Object.entries(steps)) {
    console.log(`${name.padEnd(7)} ${s.wall.median} (${s.wall.lower}-${s.wall.upper}; ${s.wall.best})  CPU ${s.cpu.median}  ${s.dispatches} dispatches  ${s.submits} submits  loss ${s.firstLoss?.toFixed(6)}`);
  }
  const peers: Name[] = names.filter((name) => name === 'tfjs' || name === 'jax');
  const ratios: Record<string, { wall: number; cpu: number }> = {};
  for (const name of names.filter((n) => !peers.includes(n) && peers.length > 0)) {
    const over = (kind: 'wall' | 'cpu'): number => round(Math.min(...peers.map((p) => steps[p]?.[kind].median as number)) / (steps[name]?.[kind].median as number), 2);
    ratios[name] = { wall: over('wall'), cpu: over('cpu') };
    console.log(`${name}: ${ratios[name].wall} times the better peer by wall, ${ratios[name].cpu} by CPU`);
  }

  const passes = names.some((name) => !peers.includes(name)) ? await (await createOurs(gpu, 'tuned')).profile() : null;
  if (passes) {
    console.log('Dispatches of a tuned step by the device clock, each in a pass of its own:');
    for (const p of passes) console.log(`  ${p.label.padEnd(34)} ${`${p.kernel}/${p.variant}`.padEnd(40)} ${p.ms.toFixed(2).padStart(8)} ms  ${(p.flops / 1e6).toFixed(1).padStart(7)} MFLOP`);
  }

  const first = Object.fromEntries(Object.entries(firstSteps(names, wholeNumber(options['first-rounds'], 'first-rounds'))).map(([name, t]) => [name, { wall: summary(t.wall), cpu: summary(t.cpu) }]));
  for (const [name, t] of Object.entries(first)) console.log(`first step  ${name.padEnd(7)} ${t.wall.median} (${t.wall.best}-${t.wall.worst})  CPU ${t.cpu.median}`);

  if (options.out) {
    writeFileSync(options.out, `${JSON.stringify({ adapter: describe, node: process.version, rounds, load: loadavg(), steps, ratios, passes, first }, null, 2)}\n`);
  }
}

try {
  if (options.first !== undefined) {
    if (!isContender(options.first)) throw new Error(`There is no ${options.first} to measure.`);
    await firstStep(options.first);
  } else {
    await main();
  }
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(2);
}
