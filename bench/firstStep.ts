/*
 * `node --import tsx bench/firstStep.ts [rounds]`: the time from asking for a device to the loss of the first step in
 * hand, for the MLP of `npm run bench -- --only mlp-sgd`. Each contender starts in a process of its own, in turns, without
 * the driver's own cache on disk. SPARSELAND_ADAPTER chooses the adapter.
 */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { BenchHost, Contender } from '../src/bench/row.ts';
import { mlp } from '../src/bench/rows/mlp.ts';
import { rotated, spreadOf } from '../src/bench/statistics.ts';
import { openGpu } from '../src/engine/gpu/device.ts';
import { openNodeGpu } from '../src/node/adapter.ts';
import { nodePeers } from '../src/node/peers.ts';
import { readShaders } from '../src/node/shaders.ts';

/** A run begins with untuned variants, so that those are what its first step takes. */
const CONTENDERS = mlp('sgd').contenders.filter(({ name }) => name !== 'sparseland');
const [command = '3', name] = process.argv.slice(2);

/** Seconds of one contender, in this process; loading its code is not counted. */
async function firstStep(contender: Contender): Promise<number> {
  const { gpu: api } = await openNodeGpu();
  const peer = nodePeers(api);
  if (contender.peer) await peer(contender.peer);
  const began = performance.now();
  // A peer opens a device of its own in `open`.
  const host = { peer, ...(contender.peer ? {} : { gpu: await openGpu(api, readShaders()) }) } as BenchHost;
  const open = await contender.open(host);
  open.run(1);
  await open.result?.();
  return (performance.now() - began) / 1000;
}

function inNewProcess(contender: string): number {
  const text = execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), 'only', contender], {
    encoding: 'utf8', env: { ...process.env, MESA_SHADER_CACHE_DISABLE: 'true' }, stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(text.trim().split('\n').at(-1));
}

if (command === 'only') {
  const contender = CONTENDERS.find((c) => c.name === name);
  if (!contender) throw new Error(`There is no ${name} to measure; known are ${CONTENDERS.map((c) => c.name).join(', ')}.`);
  console.log(await firstStep(contender));
  process.exit(0);
}
const rounds = Number(command);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`The number of rounds must be a whole number from 1 on, not ${command}.`);
  process.exit(2);
}
const seconds = new Map<string, number[]>(CONTENDERS.map((c) => [c.name, []]));
for (let round = 0; round < rounds; round++) for (const { name } of rotated(CONTENDERS, round)) seconds.get(name)?.push(inNewProcess(name));
for (const [contender, values] of seconds) {
  const { median, best, worst } = spreadOf(values);
  console.log(`first step  ${contender.padEnd(8)} ${median.toFixed(2)} s (${best.toFixed(2)}-${worst.toFixed(2)}; ${values.length} processes)`);
}
