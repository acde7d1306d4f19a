import type { ParamLayout } from '../nn/layout.ts';
import { packBits, unpackBits } from '../sparsity/bits.ts';
import { roundCount } from '../sparsity/counts.ts';
import { activeCounts, applyUpdate, type ReferenceState } from '../sparsity/reference.ts';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Experiment } from './experiment.ts';

/**
 * A checkpoint whose networks have lost `share` of the active weights of each layer, the smallest first, rounded up; and
 * how many are left in the first network. What runs on from it sets weights and optimizer state outside the masks to 0.
 * @param share in [0, 1]
 * @throws CheckpointError for a network of another size than `layout` says
 */
export function prunedCheckpoint(bytes: Uint8Array, experiment: Experiment, layout: Pick<ParamLayout, 'n' | 'masked' | 'layers'>, share: number): { bytes: Uint8Array; left: number } {
  const { step, phase, arms } = decodeCheckpoint(bytes);
  const states = arms.map(({ id, kept, buffers }) => {
    const { params, masks } = buffers;
    if (params?.length !== 4 * layout.n || masks?.length !== layout.masked / 2) throw new CheckpointError(`The ${id} network of the checkpoint has another size.`);
    const state = prune(stateOf(layout, floats(params), words(masks)), share);
    kept.active = activeCounts(state);
    masks.set(new Uint8Array(masksOf(state, words(masks), layout.masked).buffer));
    return state;
  });
  const left = states[0] ? activeCounts(states[0]).reduce((a, b) => a + b, 0) : 0;
  return { bytes: encodeCheckpoint({ experiment, step, phase, arms }), left };
}

const words = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

/** The state that an update by magnitude looks at. */
function stateOf({ n, masked, layers }: Pick<ParamLayout, 'n' | 'masked' | 'layers'>, weights: Float32Array, masks: Uint32Array): ReferenceState {
  const mask = new Uint8Array(n);
  mask.set(unpackBits(masks, masked));
  return {
    layers: layers.map(({ offset, length }) => ({ offset, size: length })), weights: weights.slice(), gradients: new Float32Array(0), slots: [], mask, fired: mask.slice(),
  };
}

function prune(state: ReferenceState, share: number): ReferenceState {
  const active = activeCounts(state);
  const keep = active.map((count) => count - Math.min(count, roundCount('ceil', share * count)));
  const counts = { keep, grow: keep.map(() => 0) };
  applyUpdate(state, { seed: 0, step: 0, counts, scope: 'layer', regrowAllowed: false, keepValueOnRegrow: false }, (moves) => moves.drop('magnitude'));
  return state;
}

/** The four bitsets after the pruning: mask, mask before, regrown, active before it at any time. */
function masksOf(state: ReferenceState, before: Uint32Array, masked: number): Uint32Array<ArrayBuffer> {
  const count = masked / 32;
  const all = new Uint32Array(4 * count);
  all.set(packBits(state.mask.subarray(0, masked)));
  all.set(before.subarray(0, count), count);
  all.set(before.subarray(3 * count).map((word, i) => word | before[i]!), 3 * count);
  return all;
}
