import type { PeerWork } from '../peers/peer.ts';
import type { OpenContender } from './row.ts';

/** A peer's piece of work as a contender. */
export function openPeerWork(work: PeerWork, flops: number): OpenContender {
  return {
    run: (n) => {
      for (let i = 0; i < n; i++) work.step();
    },
    wait: () => work.wait(),
    flops,
    result: () => work.result(),
    destroy: () => work.destroy(),
  };
}
