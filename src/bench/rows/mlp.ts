import { networkSpec } from '../../engine/experiment/model.ts';
import type { PeerName } from '../../peers/peer.ts';
import { batchOf, denseExperiment, peerStart, syntheticData } from '../../peers/same.ts';
import { productFlops } from '../flops.ts';
import { openOwnNetwork } from '../ownNetwork.ts';
import { openPeerNetwork } from '../peerNetwork.ts';
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
      { name: 'sparseland', open: ({ gpu }) => openOwnNetwork({ gpu, ...same(optimizer), tuned: true, compared: true }) },
      { name: 'untuned', open: ({ gpu }) => openOwnNetwork({ gpu, ...same(optimizer), tuned: false, compared: true }) },
      peer('tfjs'), peer('jax'),
    ],
  };
}

function same(optimizer: keyof typeof RATES) {
  const experiment = denseExperiment({ hidden: [512, 512], batch: BATCH, steps: 1_000_000, optimizer, rate: RATES[optimizer], seed: SEED });
  return { experiment, dataset: syntheticData({ features: 784, classes: 10, count: BATCHES * BATCH, seed: SEED }) };
}

async function openPeer(host: BenchHost, name: PeerName, optimizer: keyof typeof RATES): Promise<OpenContender> {
  const { experiment, dataset } = same(optimizer);
  const network = await (await host.peer(name)).openMlp(peerStart(experiment, dataset));
  const batches = Array.from({ length: BATCHES }, (_, i) => batchOf(dataset, i * BATCH, BATCH));
  return openPeerNetwork(network, batches, productFlops(networkSpec(experiment, dataset), BATCH));
}
