import { createJaxAttention } from './jaxAttention.ts';
import { createJaxCnn } from './jaxCnn.ts';
import { createJaxMatmul } from './jaxMatmul.ts';
import { createJaxMlp } from './jaxMlp.ts';
import type { PeerLibrary } from './peer.ts';

/** jax-js, which takes its device from `navigator.gpu`; import this file only when it is wanted. */
export const jaxLibrary: PeerLibrary = { openMlp: createJaxMlp, openCnn: createJaxCnn, openMatmul: createJaxMatmul, openAttention: createJaxAttention };
