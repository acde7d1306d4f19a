import { loadDataset } from '../../engine/data/index.ts';
import type { Dataset, FetchBytes } from '../../engine/data/dataset.ts';
import { experimentFrom } from '../../engine/experiment/defaults.ts';
import { networkSpec } from '../../engine/experiment/model.ts';
import type { PeerName } from '../../peers/peer.ts';
import { batchOf, peerCnnStart } from '../../peers/same.ts';
import { productFlops } from '../flops.ts';
import { openOwnNetwork } from '../ownNetwork.ts';
import { openPeerNetwork } from '../peerNetwork.ts';
import type { BenchHost, BenchRow, Contender } from '../row.ts';

const BATCH = 64;
/** Batches that take turns. */
const BATCHES = 8;
const CHANNELS = [16, 32, 64];

const EXPERIMENT = experimentFrom({
  preset: 'rigl-fashion-cnn', seed: 1, data: { set: 'fashion-mnist-10k', batch: BATCH }, model: { kind: 'cnn', channels: CHANNELS, norm: 'batch' },
  evaluateEvery: 1_000_000, beside: { random: false, dense: false },
  phases: [{ steps: 1_000_000, sampler: 'sequential', optimizer: { rate: 0.05, momentum: 0 }, sparsity: { method: 'dense' } }],
});

/** Whole training steps of a convolutional network on garments; what ours does besides is as in the rows of the MLP, and it keeps running statistics. */
export function cnn(): BenchRow {
  const own = (name: string, tuned: boolean): Contender => ({
    name, open: async ({ gpu, fetchBytes }) => openOwnNetwork({ gpu, experiment: EXPERIMENT, dataset: await garments(fetchBytes), tuned, compared: true }),
  });
  const peer = (name: PeerName): Contender => ({ name, peer: name, open: (host) => openPeer(host, name) });
  return {
    name: 'cnn',
    title: `Training step of a CNN on Fashion-MNIST, batch ${BATCH}, SGD: 3 x 3 convolutions of ${CHANNELS.join(', ')} channels with batch norm, ReLU and 2 x 2 max pooling, then a linear layer`,
    baseline: 'sparseland',
    contenders: [own('sparseland', true), own('untuned', false), peer('tfjs'), peer('jax')],
  };
}

/** The first pictures of the set, so that after the last batch all contenders begin again with the first. */
async function garments(fetchBytes: FetchBytes): Promise<Dataset> {
  const dataset = await loadDataset(EXPERIMENT.data, EXPERIMENT.seed, fetchBytes);
  const { values, labels } = dataset.train;
  const count = BATCH * BATCHES;
  return { ...dataset, train: { count, values: values.slice(0, count * dataset.features), labels: labels.slice(0, count) } };
}

async function openPeer(host: BenchHost, name: PeerName) {
  const dataset = await garments(host.fetchBytes);
  const network = await (await host.peer(name)).openCnn(peerCnnStart(EXPERIMENT, dataset));
  const batches = Array.from({ length: BATCHES }, (_, i) => batchOf(dataset, i * BATCH, BATCH));
  return openPeerNetwork(network, batches, productFlops(networkSpec(EXPERIMENT, dataset), BATCH));
}
