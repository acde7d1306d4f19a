/*
 * `npm run bench:sparse`: a whole training step of the MLP 784-1024-1024-1024-10 (batch 128, momentum) whose hidden layers
 * are trained by RigL and stored as csr, beside our own dense step, in one process, in an order that rotates. The step
 * with a mask update, one in a hundred, is measured apart and reckoned in.
 *
 * Options: --rounds N (default 9), --density D[,D] (default 0.1,0.05,0.01), --width N (default 1024), --passes (each
 * dispatch by the device's clock), --out FILE (JSON). SPARSELAND_ADAPTER chooses the adapter.
 */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Arm } from '../src/engine/experiment/arm.ts';
import { experimentFrom } from '../src/engine/experiment/defaults.ts';
import type { Experiment, Phase } from '../src/engine/experiment/experiment.ts';
import { createNetworks, type Networks } from '../src/engine/experiment/network.ts';
import { openSlice } from '../src/engine/experiment/slices.ts';
import { type Gpu, openGpu } from '../src/engine/gpu/device.ts';
import { median, profileProgram } from '../src/engine/gpu/profiler.ts';
import type { Program } from '../src/engine/gpu/program.ts';
import { createTuner } from '../src/engine/gpu/tuner.ts';
import { openNodeGpu } from '../src/node/adapter.ts';
import { readShaders } from '../src/node/shaders.ts';
import { syntheticData } from '../src/peers/same.ts';

const BATCH = 128;
/** Steps from one mask update to the next. */
const PERIOD = 100;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' }, density: { type: 'string', default: '0.1,0.05,0.01' }, width: { type: 'string', default: '1024' },
    passes: { type: 'boolean', default: false }, out: { type: 'string' },
  },
});

/** Milliseconds of wall clock and process CPU. */
interface Times {
  wall: number[];
  cpu: number[];
}

interface Contender {
  name: string;
  networks: Networks;
  arm: Arm;
  step: Times;
  update: Times;
}

const dataset = syntheticData({ features: 784, classes: 10, count: 8 * BATCH, seed: 1 });

function experimentWith(format: Phase['format'], sparsity: Phase['sparsity'] | { method: 'dense' }): Experiment {
  const width = Number(options.width);
  return experimentFrom({
    preset: 'rigl-mnist', seed: 1, data: { set: 'moons', batch: BATCH, noise: 0, samples: 8 * BATCH }, model: { hidden: [width, width, width] },
    evaluateEvery: 1_000_000, beside: { random: false, dense: false },
    phases: [{ steps: 1_000_000, format, optimizer: { rate: 0.05, momentum: 0.9 }, sparsity: sparsity as never }],
  });
}

async function contender(gpu: Gpu, name: string, experiment: Experiment): Promise<Contender> {
  const networks = createNetworks(gpu, experiment, dataset);
  await networks.enterPhase(0);
  const arm = networks.arms[0] as Arm;
  arm.begin(networks.workspace());
  const { step, update } = arm.programs();
  const tuner = createTuner(gpu, networks.arena, update ? [step, update] : [step]);
  while (await tuner.next());
  return { name, networks, arm, step: { wall: [], cpu: [] }, update: { wall: [], cpu: [] } };
}

/** Runs global step `at` and waits; into `times` goes what it took. */
async function runStep(gpu: Gpu, { networks, arm }: Contender, at: number, times?: Times): Promise<void> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const { program, knobs } = arm.next(at);
  const slice = openSlice(gpu, networks.workspace());
  slice.run(program, knobs);
  await slice.submit().done;
  const used = process.cpuUsage(cpu);
  times?.wall.push(performance.now() - began);
  times?.cpu.push((used.user + used.system) / 1000);
}

/** Median milliseconds a step, mask updates reckoned in. */
const cost = (of: 'wall' | 'cpu', { step, update }: Contender): number =>
  (update[of].length === 0 ? median(step[of]) : ((PERIOD - 1) * median(step[of]) + median(update[of])) / PERIOD);

async function passes(gpu: Gpu, { networks, name }: Contender, program: Program | undefined, what: string): Promise<void> {
  const ns = program && await profileProgram(gpu, networks.arena, networks.workspace(), program, 0, 3);
  if (!program || !ns) return;
  console.log(`${name}, ${what}:`);
  program.dispatches.forEach((d, at) => console.log(`  ${d.label.padEnd(36)} ${(program.chosen[at]?.name ?? '').padEnd(10)} ${((ns[at] ?? 0) / 1e6).toFixed(2)} ms`));
}

const { gpu: api, describe } = await openNodeGpu();
const gpu = await openGpu(api, readShaders());
const rounds = Number(options.rounds);
console.log(`${describe}; ${rounds} rounds; Node ${process.version}`);
const dense = await contender(gpu, 'dense', experimentWith('masked', { method: 'dense' }));
const contenders = [dense];
for (const density of options.density.split(',').map(Number)) {
  contenders.push(await contender(gpu, `csr ${density * 100} %`, experimentWith('csr', { method: 'rigl', density, distribution: 'uniform', updatePeriod: PERIOD })));
}
for (const one of contenders) for (let at = 1; at < 4; at++) await runStep(gpu, one, at);
for (let round = 0; round < rounds; round++) {
  for (let i = 0; i < contenders.length; i++) {
    const one = contenders[(i + round) % contenders.length] as Contender;
    await runStep(gpu, one, 10 + round, one.step);
    if (one.arm.programs().update) await runStep(gpu, one, PERIOD * (round + 1), one.update);
  }
}
const rows = contenders.map((one) => ({
  name: one.name, stepMs: median(one.step.wall), stepCpuMs: median(one.step.cpu), updateMs: one.update.wall.length > 0 ? median(one.update.wall) : null,
  ratioWall: cost('wall', dense) / cost('wall', one), ratioCpu: cost('cpu', dense) / cost('cpu', one),
}));
for (const row of rows) {
  console.log(`${row.name.padEnd(9)} step ${row.stepMs.toFixed(1)} ms (CPU ${row.stepCpuMs.toFixed(1)})${row.updateMs === null ? '' : `, with update ${row.updateMs.toFixed(1)} ms`}; updates included ${row.ratioWall.toFixed(2)} times dense by wall, ${row.ratioCpu.toFixed(2)} by CPU`);
}
if (options.passes) {
  for (const one of contenders) {
    await passes(gpu, one, one.arm.programs().step, 'step');
    await passes(gpu, one, one.arm.programs().update, 'step with update');
  }
}
if (options.out) writeFileSync(options.out, JSON.stringify({ adapter: describe, rounds, rows }, null, 2));
process.exit(0);
