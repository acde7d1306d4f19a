import { textDataset } from '../../engine/data/text.ts';
import { experimentFrom } from '../../engine/experiment/defaults.ts';
import { networkSpec } from '../../engine/experiment/model.ts';
import { PURPOSE, randomUniformArray } from '../../engine/random.ts';
import { peerTransformerStart, textBatchOf } from '../../peers/same.ts';
import { productFlops } from '../flops.ts';
import { openOwnNetwork } from '../ownNetwork.ts';
import { openPeerNetwork } from '../peerNetwork.ts';
import type { BenchHost, BenchRow } from '../row.ts';

/** A text of random characters, windows of it, and windows of a step; batches take turns. */
const CHARACTERS = 64;
const BATCHES = 8;
/** What peers know how to build. */
const KIND = { kind: 'transformer', norm: 'layer', activation: 'gelu', positions: 'learned', head: 'tied', dropout: 0 } as const;
/** Those of the presets on Moby Dick. */
const SIZES = { depth: 2, width: 64, heads: 4, feedForward: 256, context: 64, batch: 32 };

type Sizes = typeof SIZES;

/**
 * Whole training steps of the transformer of the presets on Moby Dick, beside the same model in TensorFlow.js, from the
 * same parameters and on the same windows: the losses of the first steps are compared. Ours draws and gathers its windows
 * and takes statistics of the gradient besides.
 */
export function transformer(sizes: Sizes = SIZES): BenchRow {
  const { depth, width, heads, feedForward, context, batch } = sizes;
  const own = (tuned: boolean) => ({ gpu }: BenchHost) => openOwnNetwork({ gpu, experiment: experimentOf(sizes), dataset: textOf(sizes), tuned, compared: true });
  return {
    name: 'transformer',
    title: `Training step of a transformer of ${depth} blocks, width ${width}, ${heads} heads, ${feedForward} hidden, on ${batch} windows of ${context} characters, Adam; the same model in TensorFlow.js, whose first losses must be ours`,
    baseline: 'sparseland',
    contenders: [
      { name: 'sparseland', open: own(true) },
      { name: 'untuned', open: own(false) },
      { name: 'tfjs', peer: 'tfjs', open: (host) => openPeer(host, sizes) },
    ],
  };
}

const experimentOf = ({ context, batch, ...model }: Sizes) => experimentFrom({
  preset: 'dense-moby', seed: 1, data: { set: 'moby-dick', batch, context }, model: { ...KIND, ...model }, masks: { granularity: 'weight' },
  evaluateEvery: 1_000_000, beside: { random: false, dense: false },
  phases: [{ steps: 1_000_000, sampler: 'sequential', optimizer: { name: 'adam', rate: 0.003, decay: 0 }, sparsity: { method: 'dense' } }],
});

function textOf({ context, batch }: Sizes) {
  const codes = (stream: number, length: number): Uint8Array => Uint8Array.from(randomUniformArray(1, PURPOSE.data, stream, length, 0, CHARACTERS), Math.floor);
  const characters = Array.from({ length: CHARACTERS }, (_, i) => String.fromCharCode(48 + i)).join('');
  return textDataset({ id: 'random', title: 'Random characters', characters, context, train: codes(0, BATCHES * batch + context), test: codes(1, 4 * context), licence: 'none', source: 'generated' });
}

async function openPeer(host: BenchHost, sizes: Sizes) {
  const [same, dataset] = [experimentOf(sizes), textOf(sizes)];
  const library = await host.peer('tfjs');
  if (!library.openTransformer) throw new Error('TensorFlow.js has no transformer here.');
  const batches = Array.from({ length: BATCHES }, (_, i) => textBatchOf(dataset, i * sizes.batch, sizes.batch));
  return openPeerNetwork(await library.openTransformer(peerTransformerStart(same, dataset)), batches, productFlops(networkSpec(same, dataset), sizes.batch));
}
