import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { createCommandPort } from './commands.ts';
import type { Experiment } from './experiment.ts';
import { createNetworks } from './network.ts';
import { setPath } from './paths.ts';
import { PRESETS } from './presets/index.ts';
import { run } from './run.ts';

let gpu: Gpu;

/** Bytes on the JavaScript heap that something still holds. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

beforeAll(async () => {
  gpu = await testDevice();
});

function preset(id: string, ...changes: readonly (readonly [string, number | string | boolean])[]): Experiment {
  const found = PRESETS[id];
  if (!found) throw new Error(`no preset ${id}`);
  return changes.reduce<Experiment>((experiment, [path, value]) => setPath(experiment, path, value), found.experiment);
}
const alone = [['beside.random', false], ['beside.dense', false]] as const;

/** Dispatches of the programs of an experiment's first phase. */
async function dispatches(experiment: Experiment): Promise<{ step: number; update: number }> {
  const networks = createNetworks(gpu, experiment, await loadDataset(experiment.data, 1, nodeData()));
  await networks.enterPhase(0);
  const programs = networks.arms[0]?.programs();
  const counts = { step: programs?.step.dispatches.length ?? 0, update: programs?.update?.dispatches.length ?? 0 };
  networks.destroy();
  return counts;
}

describe('the training loop', () => {
  it('takes at most 16 dispatches for a step of the MLP 784-512-512-10', async () => {
    const { step } = await dispatches(preset('dense-mnist', ['model.hidden', '512-512'], ...alone));
    expect(step).toBeGreaterThan(8);
    expect(step).toBeLessThanOrEqual(16);
  });

  it('takes at most 20 dispatches for every step of rigl-moons, mask updates included', async () => {
    const { step, update } = await dispatches(preset('rigl-moons', ...alone));
    expect(step).toBeLessThanOrEqual(16);
    expect(update).toBeGreaterThan(step);
    expect(update).toBeLessThanOrEqual(20);
  });

  it('creates nothing on the device after warm-up, and leaves the heap flat over 2,000 steps', async () => {
    const experiment = preset('rigl-moons', ['steps', 3300], ['evaluateEvery', 500], ...alone);
    const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
    const made: string[] = [];
    const originals = new Map<string, unknown>();
    const device = gpu.device as unknown as Record<string, (...args: unknown[]) => unknown>;
    // Encoders are the work itself; all else is made before the loop, by the first evaluation behind a step, or by the tuner while it still measures.
    for (const name of ['createBuffer', 'createBindGroup', 'createBindGroupLayout', 'createPipelineLayout', 'createShaderModule', 'createComputePipeline', 'createComputePipelineAsync', 'createQuerySet']) {
      const original = device[name] as (...args: unknown[]) => unknown;
      originals.set(name, original);
      device[name] = (...args) => {
        made.push(name);
        return original.apply(gpu.device, args);
      };
    }
    const heap = { warm: 0, end: 0 };
    let madeAtWarm = -1;
    let madeAtEnd = -1;
    try {
      for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), tune: false })) {
        if (event.type !== 'metrics') continue;
        for (const row of event.rows) {
          const step = row.step.at(-1) ?? 0;
          if (row.table !== 'train') continue;
          if (step >= 600 && madeAtWarm < 0) {
            madeAtWarm = made.length;
            heap.warm = heapAfterCollection();
          }
          // Evaluations wait for the steps before them, so that there is a row at 1,000 and at 3,000 on any device.
          if (step >= 3000 && step < 3300 && heap.end === 0) {
            madeAtEnd = made.length;
            heap.end = heapAfterCollection();
          }
        }
      }
    } finally {
      originals.forEach((original, name) => (device[name] = original as (...args: unknown[]) => unknown));
    }
    expect(madeAtWarm).toBeGreaterThan(0);
    expect(made.slice(madeAtWarm, madeAtEnd)).toEqual([]);
    expect(heap.end).toBeGreaterThan(0);
    expect(heap.end - heap.warm).toBeLessThan(1_000_000);
  });
});
