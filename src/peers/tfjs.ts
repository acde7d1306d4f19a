import type { PeerLibrary } from './peer.ts';
import { createTfjsMatmul } from './tfjsMatmul.ts';
import { createTfjsMlp } from './tfjsMlp.ts';

/** TensorFlow.js; import this file only when it is wanted, and `navigator.gpu` is there. */
export function tfjsLibrary(gpu: GPU): PeerLibrary {
  return { openMlp: (start) => createTfjsMlp(gpu, start), openMatmul: (factors) => createTfjsMatmul(gpu, factors) };
}
