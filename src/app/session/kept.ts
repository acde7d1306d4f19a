import type { CheckpointFile } from '../../engine/experiment/events.ts';
import type { KeptRun, LastRun } from '../stores/run.ts';
import { createOpenPages, type OpenPages } from './openPages.ts';

/** Keeps at most one run of this page, with the link that it belongs to; offers those of pages that are gone. */
export interface Keeper {
  /** True once it is kept, in place of those of pages that are gone; false where the browser has no room or forbids it. */
  keep(link: string, checkpoint: CheckpointFile): Promise<boolean>;
  /** The run kept for a link, if a page that is gone left one. */
  find(link: string): Promise<KeptRun | null>;
  /** Lets go of it, and of those that other pages left. */
  forget(): Promise<void>;
}

/** The same, asked which run that is. */
export interface KeptRuns extends Keeper {
  /** The run that was left last, whatever its link. */
  newest(): Promise<LastRun | null>;
}

const STORE = 'sparseland-kept-run';

/** A run that is kept, and where. */
interface Entry {
  request: Request;
  response: Response;
  link: string;
  step: number;
  /** When it was kept, in milliseconds of the clock. */
  at: number;
}

/** Keeps them in the browser's cache store, which takes bytes of any size; `base` is the address of the page. */
export function createKeeper(base: string, pages: OpenPages): KeptRuns {
  const folder = new URL('kept-run/', base).href;
  const addressOf = (page: string): string => folder + page;
  const pageOf = ({ url }: Request): string => url.slice(folder.length);

  /** Runs of pages that are gone, the newest first. */
  const left = async (): Promise<Entry[]> => {
    // Most readers have none: then no store is made either.
    if (!(await caches.has(STORE))) return [];
    const store = await caches.open(STORE);
    const open = await pages.open();
    const requests = (await store.keys()).filter((request) => pageOf(request) !== pages.own && !open.has(pageOf(request)));
    const entries = await Promise.all(requests.map(async (request) => entryOf(request, await store.match(request))));
    return entries.filter((entry) => entry !== null).sort((a, b) => b.at - a.at);
  };
  const removeLeft = async (store: Cache): Promise<void> => {
    for (const { request } of await left()) await store.delete(request);
  };

  return {
    async keep(link, { step, bytes }) {
      try {
        await pages.announce();
        const store = await caches.open(STORE);
        await store.put(addressOf(pages.own), new Response(bytes.slice(), { headers: { 'x-link': encodeURIComponent(link), 'x-step': String(step), 'x-at': String(Date.now()) } }));
        await removeLeft(store);
        return true;
      } catch {
        return false;
      }
    },
    async find(link) {
      try {
        const found = (await left()).find((entry) => entry.link === link);
        return found ? { step: found.step, bytes: new Uint8Array(await found.response.arrayBuffer()) } : null;
      } catch {
        return null;
      }
    },
    async newest() {
      const [found] = await left().catch(() => []);
      return found ? { link: found.link, step: found.step } : null;
    },
    async forget() {
      try {
        if (!(await caches.has(STORE))) return;
        const store = await caches.open(STORE);
        await store.delete(addressOf(pages.own));
        await removeLeft(store);
        if ((await store.keys()).length === 0) await caches.delete(STORE);
      } catch {
        // Where the store is forbidden, nothing was kept.
      }
    },
  };
}

function entryOf(request: Request, response: Response | undefined): Entry | null {
  const step = Number(response?.headers.get('x-step'));
  if (!response || !Number.isSafeInteger(step)) return null;
  return { request, response, link: decodeURIComponent(response.headers.get('x-link') ?? ''), step, at: Number(response.headers.get('x-at')) };
}

let keeper: KeptRuns | undefined;

/** The keeper of this page. */
export function pageKeeper(): KeptRuns {
  return (keeper ??= createKeeper(document.baseURI, createOpenPages(isSecureContext ? navigator.locks : undefined, String(Math.random()).slice(2))));
}
