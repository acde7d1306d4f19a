import type { PeerLibrary } from './peer.ts';
import { createTfjsAttention } from './tfjsAttention.ts';
import { createTfjsCnn } from './tfjsCnn.ts';
import { createTfjsMatmul } from './tfjsMatmul.ts';
import { createTfjsMlp } from './tfjsMlp.ts';
import { createTfjsTransformer } from './tfjsTransformer.ts';

/** TensorFlow.js; import this file only when it is wanted, and `navigator.gpu` is there. */
export function tfjsLibrary(gpu: GPU): PeerLibrary {
  return {
    openMlp: (start) => createTfjsMlp(gpu, start), openCnn: (start) => createTfjsCnn(gpu, start), openTransformer: (start) => createTfjsTransformer(gpu, start),
    openMatmul: (factors) => createTfjsMatmul(gpu, factors), openAttention: (inputs) => createTfjsAttention(gpu, inputs),
  };
}
