import type { CheckpointFile } from '../../engine/experiment/events.ts';
import type { KeptRun } from '../stores/run.ts';

/** Keeps at most one run, with the link that it belongs to. */
export interface Keeper {
  /** True once it is kept; false where the browser has no room or forbids it. */
  keep(link: string, checkpoint: CheckpointFile): Promise<boolean>;
  /** The run kept for a link, if there is one. */
  find(link: string): Promise<KeptRun | null>;
  /** Lets go of it. */
  forget(): Promise<void>;
}

const STORE = 'sparseland-kept-run';

/** Keeps it in the browser's cache store, which takes bytes of any size; `base` is the address of the page. */
export function createKeeper(base: string): Keeper {
  const address = new URL('kept-run', base).href;
  return {
    async keep(link, { step, bytes }) {
      try {
        const store = await caches.open(STORE);
        await store.put(address, new Response(bytes.slice(), { headers: { 'x-link': encodeURIComponent(link), 'x-step': String(step) } }));
        return true;
      } catch {
        return false;
      }
    },
    async find(link) {
      try {
        // Most readers have none: then no store is made either.
        if (!(await caches.has(STORE))) return null;
        const found = await (await caches.open(STORE)).match(address);
        if (!found || decodeURIComponent(found.headers.get('x-link') ?? '') !== link) return null;
        return { step: Number(found.headers.get('x-step')), bytes: new Uint8Array(await found.arrayBuffer()) };
      } catch {
        return null;
      }
    },
    async forget() {
      // Where the store is forbidden, nothing was kept.
      await caches.delete(STORE).catch(() => false);
    },
  };
}
