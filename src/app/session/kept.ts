import type { CheckpointFile } from '../../engine/experiment/events.ts';
import type { KeptRun, LastRun } from '../stores/run.ts';

/** Keeps at most one run, with the link that it belongs to. */
export interface Keeper {
  /** True once it is kept; false where the browser has no room or forbids it. */
  keep(link: string, checkpoint: CheckpointFile): Promise<boolean>;
  /** The run kept for a link, if there is one. */
  find(link: string): Promise<KeptRun | null>;
  /** Lets go of it. */
  forget(): Promise<void>;
}

/** The same, asked which run that is. */
export interface KeptRuns extends Keeper {
  /** The run that is kept, whatever its link. */
  newest(): Promise<LastRun | null>;
}

const STORE = 'sparseland-kept-run';

/** Keeps it in the browser's cache store, which takes bytes of any size; `base` is the address of the page. */
export function createKeeper(base: string): KeptRuns {
  const address = new URL('kept-run', base).href;
  const read = async (): Promise<{ link: string; step: number; response: Response } | null> => {
    try {
      // Most readers have none: then no store is made either.
      if (!(await caches.has(STORE))) return null;
      const response = await (await caches.open(STORE)).match(address);
      const step = Number(response?.headers.get('x-step'));
      return response && Number.isSafeInteger(step) ? { link: decodeURIComponent(response.headers.get('x-link') ?? ''), step, response } : null;
    } catch {
      return null;
    }
  };
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
      const found = await read();
      if (found?.link !== link) return null;
      try {
        return { step: found.step, bytes: new Uint8Array(await found.response.arrayBuffer()) };
      } catch {
        return null;
      }
    },
    async newest() {
      const found = await read();
      return found && { link: found.link, step: found.step };
    },
    async forget() {
      // Where the store is forbidden, nothing was kept.
      await caches.delete(STORE).catch(() => false);
    },
  };
}
