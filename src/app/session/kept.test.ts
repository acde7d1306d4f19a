import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CheckpointFile } from '../../engine/experiment/events.ts';
import { createKeeper, type KeptRuns } from './kept.ts';
import { createOpenPages } from './openPages.ts';

/** A browser's cache store and its locks, as several pages see them. */
function browser() {
  const stores = new Map<string, Map<string, Response>>();
  const addressOf = (request: Request | string): string => (typeof request === 'string' ? request : request.url);
  const storeOf = (entries: Map<string, Response>) => ({
    keys: async () => [...entries.keys()].map((address) => new Request(address)),
    match: async (request: Request | string) => entries.get(addressOf(request))?.clone(),
    put: async (request: Request | string, response: Response) => void entries.set(addressOf(request), response),
    delete: async (request: Request | string) => entries.delete(addressOf(request)),
  });
  vi.stubGlobal('caches', {
    has: async (name: string) => stores.has(name),
    delete: async (name: string) => stores.delete(name),
    open: async (name: string) => storeOf(stores.get(name) ?? stores.set(name, new Map()).get(name)!),
  });
  const held = new Set<string>();
  const locks = {
    request: (name: string, act: () => Promise<unknown>) => (held.add(name), act()),
    query: async () => ({ held: [...held].map((name) => ({ name })), pending: [] }),
  } as unknown as LockManager;
  return {
    page: (name: string): KeptRuns => createKeeper('https://example.org/app/', createOpenPages(locks, name)),
    close: (name: string) => void held.delete(`sparseland-page/${name}`),
    stores,
  };
}

const state = (step: number): CheckpointFile => ({ step, phase: 0, bytes: Uint8Array.of(step) });
let clock = 0;
beforeEach(() => void vi.spyOn(Date, 'now').mockImplementation(() => ++clock));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a run is offered once its page is gone, and not while it is open', async () => {
  const { page, close } = browser();
  expect(await page('a').keep('#a', state(7))).toBe(true);
  const other = page('b');
  expect([await other.newest(), await other.find('#a')]).toEqual([null, null]);
  close('a');
  expect([await other.newest(), await other.find('#a')]).toEqual([{ link: '#a', step: 7 }, { step: 7, bytes: Uint8Array.of(7) }]);
  expect(await other.find('#b')).toBeNull();
});

test('pages that train at the same time do not take the place of each other, nor let go of what is not theirs', async () => {
  const { page, close } = browser();
  await page('a').keep('#a', state(1));
  const b = page('b');
  await b.keep('#b', state(2));
  await b.forget();
  close('a');
  expect(await page('c').newest()).toEqual({ link: '#a', step: 1 });
});

test('of runs that were left the last is offered; one that is kept takes their place', async () => {
  const { page, close } = browser();
  for (const [name, step] of [['a', 1], ['b', 2]] as const) await page(name).keep(`#${name}`, state(step));
  close('a');
  close('b');
  const c = page('c');
  expect(await c.newest()).toEqual({ link: '#b', step: 2 });
  await c.keep('#c', state(3));
  close('c');
  expect([await page('d').newest(), await page('d').find('#a')]).toEqual([{ link: '#c', step: 3 }, null]);
});

test('a page does not offer its own run, and lets go of it without a trace', async () => {
  const { page, stores } = browser();
  const a = page('a');
  await a.keep('#a', state(1));
  await a.keep('#a', state(2));
  expect(await a.newest()).toBeNull();
  await a.forget();
  expect(stores.size).toBe(0);
});

test('a browser that forbids its store keeps nothing and says so', async () => {
  vi.stubGlobal('caches', { has: () => Promise.reject(new Error('forbidden')), open: () => Promise.reject(new Error('forbidden')) });
  const keeper = createKeeper('https://example.org/', createOpenPages(undefined, 'a'));
  expect([await keeper.keep('#a', state(1)), await keeper.find('#a'), await keeper.newest(), await keeper.forget()]).toEqual([false, null, null, undefined]);
});
