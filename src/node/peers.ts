import { loadTfjs, offerGpu } from '../peers/nodeTfjs.ts';
import type { PeerLibrary, PeerName } from '../peers/peer.ts';

/** How each library is loaded in Node. */
const LOADERS: Readonly<Record<PeerName, (gpu: GPU) => Promise<PeerLibrary>>> = {
  tfjs: async (gpu) => (await loadTfjs()).tfjsLibrary(gpu),
  jax: async () => (await import('../peers/jax.ts')).jaxLibrary,
};

/** Loads other libraries in Node, each once; they find the GPU where browsers have it. */
export function nodePeers(gpu: GPU): (name: PeerName) => Promise<PeerLibrary> {
  const loaded = new Map<PeerName, Promise<PeerLibrary>>();
  return (name) => {
    const found = loaded.get(name);
    if (found) return found;
    if (loaded.size === 0) offerGpu(gpu);
    const library = LOADERS[name](gpu);
    loaded.set(name, library);
    return library;
  };
}
