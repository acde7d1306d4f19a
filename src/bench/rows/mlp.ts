import { createNetworks } from '../../engine/experiment/network.ts';
import { RING_ROWS } from '../../engine/experiment/trainer.ts';
import type { Gpu } from '../../engine/gpu/device.ts';
import { readNow } from '../../engine/gpu/readback.ts';
import { RING_WORDS } from '../../engine/kernels/step.ts';
import type { PeerName } from '../../peers/peer.ts';
import { batchOf, denseExperiment, peerStart, syntheticData } from '../../peers/same.ts';
import { describeProgram, runPrograms, tunePrograms, type Bench } from '../programs.ts';
import type { BenchHost, BenchRow, Contender, OpenContender } from '../row.ts';

const BATCH = 128;
const WIDTHS = [784, 512, 512, 10] as const;
/** Batches that take turns. */
const BATCHES = 8;
const SEED = 1;
const RATES = { sgd: 0.05, adam: 0.001 } as const;

/**
 * Whole training steps of an MLP. Peers have their batches on the device; ours draws and gathers its batch and takes
 * statistics of the gradient besides, so that the comparison is to our disadvantage.
 */
export function mlp(optimizer: keyof typeof RATES): BenchRow {
  const peer = (name: PeerName): Contender => ({ name, peer: name, open: (host) => openPeer(host, name, optimizer) });
  return {
    name: `mlp-${optimizer}`,
    title: `Training step of the MLP ${WIDTHS.join('-')}, batch ${BATCH}, ${optimizer === 'sgd' ? 'SGD' : 'Adam'}`,
    baseline: 'sparseland',
    contenders: [
      { name: 'sparseland', open: ({ gpu }) => openOwn(gpu, optimizer, true) },
      { name: 'untuned', open: ({ gpu }) => openOwn(gpu, optimizer, false) },
      peer('tfjs'), peer('jax'),
    ],
  };
}

/** FLOPs of the eight products: the first layer has no input gradient. */
function usefulFlops(): number {
  return WIDTHS.slice(1).reduce((sum, out, l) => sum + 2 * BATCH * out * (WIDTHS[l] as number) * (l === 0 ? 2 : 3), 0);
}

function same(optimizer: keyof typeof RATES) {
  const experiment = denseExperiment({ hidden: [512, 512], batch: BATCH, steps: 1_000_000, optimizer, rate: RATES[optimizer], seed: SEED });
  return { experiment, dataset: syntheticData({ features: 784, classes: 10, count: BATCHES * BATCH, seed: SEED }) };
}

/** Sparseland as a run uses it: programs of a whole phase are compiled, a step samples, trains and takes statistics. */
async function openOwn(gpu: Gpu, optimizer: keyof typeof RATES, tuned: boolean): Promise<OpenContender> {
  const { experiment, dataset } = same(optimizer);
  const networks = createNetworks(gpu, experiment, dataset);
  const { arena } = networks;
  const [arm] = networks.arms;
  if (!arm) throw new Error('The benchmark has no network.');
  await networks.enterPhase(0);
  await arm.begin(networks.workspace());
  let steps = 0;
  const bench: Bench = { gpu, arena, workspace: networks.workspace(), next: () => arm.next(steps++) };
  if (tuned) await tunePrograms(bench, [arm.programs().step]);
  return {
    ...runPrograms(bench),
    ...describeProgram(bench, arm.programs().step),
    flops: usefulFlops(),
    async result() {
      const row = (steps - 1) % RING_ROWS;
      const [bytes] = await readNow(gpu.device, arena, [{ buffer: arm.state.buffer('ring'), offset: 4 * RING_WORDS * row, bytes: 4 * RING_WORDS }]);
      return [new Float32Array(bytes as ArrayBuffer)[1] as number];
    },
    destroy: () => networks.destroy(),
  };
}

async function openPeer(host: BenchHost, name: PeerName, optimizer: keyof typeof RATES): Promise<OpenContender> {
  const { experiment, dataset } = same(optimizer);
  const network = await (await host.peer(name)).openMlp(peerStart(experiment, dataset));
  network.setBatches(Array.from({ length: BATCHES }, (_, i) => batchOf(dataset, i * BATCH, BATCH)));
  return {
    run: (n) => {
      for (let i = 0; i < n; i++) network.step();
    },
    wait: () => network.wait(),
    flops: usefulFlops(),
    result: async () => [await network.loss()],
    destroy: () => network.destroy(),
  };
}
