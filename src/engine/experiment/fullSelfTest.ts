import { loadDataset } from '../data/index.ts';
import type { AdapterFacts, Gpu } from '../gpu/device.ts';
import { candidates, type Variant, type VariantFacts } from '../gpu/kernel.ts';
import { median } from '../gpu/profiler.ts';
import { quickSelfTest } from '../gpu/selftest.ts';
import type { Dispatch } from '../gpu/trace.ts';
import { gradientFault, slopesOf } from '../ops/gradient.testing.ts';
import { OPS } from '../ops/index.ts';
import type { Case, Op } from '../ops/op.ts';
import { caseInputs, type Numbers, openCase } from '../ops/testing.ts';
import { randomUniform } from '../random.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type ExperimentParts } from './defaults.ts';
import type { MetricRows } from './events.ts';
import { run } from './run.ts';
import { stepTimes } from './stepTimes.ts';

/** One check: a case of an operation, or a run. */
export interface CheckResult {
  name: string;
  ms: number;
  /** What is wrong; empty where all is well. */
  faults: readonly string[];
}

/** How fast a training step is, as a run measures itself. */
export interface TimingResult {
  name: string;
  medianStepMs: number;
  steps: number;
}

/** What the whole self-test found: the file to attach to a bug report. */
export interface SelfTestReport {
  format: 1;
  ok: boolean;
  adapter: AdapterFacts;
  quick: string;
  checks: readonly CheckResult[];
  timings: readonly TimingResult[];
}

/** Small runs on generated data: a sparse one, and one whose time goes into large products. */
const RUNS: Readonly<Record<string, ExperimentParts>> = {
  'RigL, 2-32-32-2, batch 64': {
    preset: 'rigl-moons', data: { set: 'moons', batch: 64, samples: 1000 }, model: { hidden: [32, 32] },
    phases: [{ steps: 200, sparsity: { method: 'rigl', density: 0.2, updatePeriod: 20 } }], beside: { random: false, dense: false },
  },
  'dense, 16-512-512-4, batch 128': {
    preset: 'dense-mnist', data: { set: 'teacher', batch: 128, samples: 1000 }, model: { hidden: [512, 512] },
    phases: [{ steps: 12, optimizer: { rate: 0.01 }, sparsity: { method: 'dense' } }], beside: { random: false, dense: false },
  },
};

/**
 * Everything that can be checked on the reader's own device: each case of each operation against its float64 reference,
 * forward and backward; every kernel variant against its base, and every case against its own repetition, bit for bit;
 * whole runs against their repetition, and their time. Never throws: what goes wrong is a fault in the report.
 * @param tell hears what was checked, and how many checks there are.
 */
export async function fullSelfTest(gpu: Gpu, tell: (done: number, total: number, check: CheckResult) => void = () => undefined): Promise<SelfTestReport> {
  const quick = await quickSelfTest(gpu);
  const checks: CheckResult[] = [];
  const timings: TimingResult[] = [];
  const cases = Object.values(OPS).flatMap((op) => op.cases.map((test, seed) => ({ op, test, seed })));
  const total = cases.length + Object.keys(RUNS).length;
  const check = async (name: string, work: () => Promise<readonly string[]>): Promise<void> => {
    const began = performance.now();
    const faults = await underScope(gpu, work);
    const result = { name, ms: Math.round(performance.now() - began), faults };
    checks.push(result);
    tell(checks.length, total, result);
  };
  for (const { op, test, seed } of cases) await check(`${op.name} ${test.name}`, () => caseFaults(gpu, op, test, seed));
  for (const [name, parts] of Object.entries(RUNS)) {
    await check(name, async () => {
      const [a, b] = [await runOnce(gpu, parts), await runOnce(gpu, parts)];
      timings.push({ name, medianStepMs: Number(median(b.stepMs).toFixed(4)), steps: parts.phases[0]?.steps ?? 0 });
      return [...a.faults, ...b.faults, ...(a.hash === b.hash ? [] : [`two runs ended with different bits: ${a.hash} and ${b.hash}`])];
    });
  }
  return { format: 1, ok: quick.ok && checks.every(({ faults }) => faults.length === 0), adapter: gpu.facts, quick: quick.message, checks, timings };
}

/** Faults of `work`, what it throws and what the device reports meanwhile. */
async function underScope(gpu: Gpu, work: () => Promise<readonly string[]>): Promise<string[]> {
  const faults: string[] = [];
  gpu.device.pushErrorScope('validation');
  try {
    faults.push(...(await work()));
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  const said = await gpu.device.popErrorScope().catch((error: unknown) => ({ message: String(error) }));
  return said ? [...faults, said.message] : faults;
}

async function caseFaults(gpu: Gpu, op: Op, test: Case, seed: number): Promise<string[]> {
  const inputs = caseInputs(test, seed);
  const want = op.reference(inputs, test.shapes, test.attributes);
  const { slopes, kinks } = op.differentiable === true ? slopesOf(op, test, inputs, true) : { slopes: [], kinks: new Uint8Array() };
  // Where the reference bends there is no derivative to compare with: that output sends nothing back.
  const dy = Float32Array.from(want, (_, j) => (kinks[j] ? 0 : 2 * randomUniform(seed, 97, 0, j) - 1));
  const tolerance = Math.max(op.transcendental(test.attributes) ? 2e-5 : 0, 1e-6 * Math.max(1, Math.sqrt(op.terms(test.shapes)) / 4));
  const magnitude = op.magnitude?.(inputs, test.shapes, test.attributes);
  const graph = openCase(gpu, op, test, inputs, dy);
  try {
    const base = await graph.run();
    const faults: string[] = [];
    const { output } = base;
    const off = want.findIndex((w, j) => !(Math.abs((output?.[j] ?? Number.NaN) - w) <= tolerance * (Math.abs(w) + (magnitude?.[j] ?? 0))));
    if (off >= 0) faults.push(`output ${off} is ${output?.[off]}, should be ${want[off]}`);
    for (const slope of slopes) {
      const gradient = base[`d${slope.input}`];
      const fault = gradient ? gradientFault(slope, dy, gradient, tolerance) : `input ${slope.input} has none`;
      if (fault) faults.push(`gradient: ${fault}`);
    }
    for (const [name, pick] of waysToRun(graph.program.dispatches, gpu.facts)) {
      const other = await graph.run(pick);
      const wrong = Object.keys(base).filter((key) => !sameBits(base[key], other[key]));
      if (wrong.length > 0) faults.push(`${name}: ${wrong.join(', ')} differ in bits`);
    }
    return faults;
  } finally {
    graph.destroy();
  }
}

/** The same once more, then with the second variants, the third, ... */
function waysToRun(dispatches: readonly Dispatch[], facts: VariantFacts): [string, (d: Dispatch) => Variant | undefined][] {
  const most = Math.max(...dispatches.map((d) => candidates(d.kernel, d.params, facts).length));
  const others = Array.from({ length: most }, (_, v) => {
    const pick = (d: Dispatch): Variant | undefined => candidates(d.kernel, d.params, facts)[v];
    const names = dispatches.flatMap((d) => pick(d) ? [`${d.kernel.name}/${pick(d)?.name}`] : []);
    return [[...new Set(names)].join(', '), pick] as [string, typeof pick];
  });
  return [['a second time', () => undefined], ...others.filter(([name]) => name !== '')];
}

function sameBits(a: Numbers | undefined, b: Numbers | undefined): boolean {
  if (!a || !b || a.length !== b.length) return false;
  const [x, y] = [new Uint32Array(a.buffer, a.byteOffset, a.length), new Uint32Array(b.buffer, b.byteOffset, b.length)];
  return x.every((word, i) => word === y[i]);
}

async function runOnce(gpu: Gpu, parts: ExperimentParts): Promise<{ hash: string; stepMs: readonly number[]; faults: string[] }> {
  const experiment = experimentFrom(parts);
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('The self-test generates its data.')));
  const rows: MetricRows[] = [];
  let hash = '';
  const faults: string[] = [];
  for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort() })) {
    if (event.type === 'metrics') rows.push(...event.rows);
    if (event.type === 'finished') ({ hash } = event);
    if (event.type === 'diverged' || event.type === 'lost' || event.type === 'failed') faults.push(event.message);
  }
  return { hash, stepMs: stepTimes(rows, 0), faults };
}
