import { openGpu } from '../engine/gpu/device.ts';
import { compare, type Comparison, ownLosses, peerLosses } from '../peers/compare.ts';
import { laterShaders, SHADERS } from './shaders.ts';

/** What the comparison with TensorFlow.js tells its page: where it is, then one of the other two. */
export type PeerMessage =
  | { type: 'at'; what: 'own' | 'loading' | 'peer' }
  | { type: 'compared'; comparison: Comparison }
  | { type: 'failed'; message: string };

const tell = (message: PeerMessage): void => (self as unknown as { postMessage(message: PeerMessage): void }).postMessage(message);

async function compareHere(): Promise<void> {
  const { gpu } = navigator;
  if (!gpu) throw new Error('This browser has no WebGPU: open the page in a current Chrome, Edge, Safari or Firefox.');
  tell({ type: 'at', what: 'own' });
  const own = await ownLosses(await openGpu(gpu, SHADERS, { laterShaders }));
  tell({ type: 'at', what: 'loading' });
  const { createTfjsMlp } = await import('../peers/tfjsMlp.ts');
  tell({ type: 'at', what: 'peer' });
  tell({ type: 'compared', comparison: compare(own, await peerLosses((start) => createTfjsMlp(gpu, start))) });
}

compareHere().catch((error: unknown) => tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }));
