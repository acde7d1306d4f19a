import type { PeerBatch, PeerNetwork } from '../peers/peer.ts';
import type { OpenContender } from './row.ts';

/** A peer's network as a contender: steps on batches in turn, and the loss of the last one as its result. */
export function openPeerNetwork(network: PeerNetwork, batches: readonly PeerBatch[], flops: number): OpenContender {
  network.setBatches(batches);
  return {
    run: (n) => {
      for (let i = 0; i < n; i++) network.step();
    },
    wait: () => network.wait(),
    flops,
    result: async () => [await network.loss()],
    destroy: () => network.destroy(),
  };
}
