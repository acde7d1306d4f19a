import { afterEach, expect, test, vi } from 'vitest';
import { indexedDbStore } from './tuningStore.ts';

afterEach(() => vi.unstubAllGlobals());

type Request = Partial<IDBRequest> & { onupgradeneeded?: () => void; onsuccess?: () => void; onerror?: () => void };

/** A database of one store; `full` aborts what writes, as browsers do once the quota is used up. */
function database({ full = false } = {}): { texts: Map<string, unknown>; open: number } {
  const state = { texts: new Map<string, unknown>(), open: 0, made: false };
  const transaction = (_: string, mode: string) => {
    const made = { error: null as Error | null, oncomplete: () => {}, onabort: () => {}, objectStore: () => ({
      get: (key: string) => ({ result: state.texts.get(key) }),
      put: (text: string, key: string) => (full || state.texts.set(key, text), { result: key }),
    }) };
    queueMicrotask(() => {
      if (!full || mode === 'readonly') return made.oncomplete();
      made.error = new DOMException('full', 'QuotaExceededError');
      made.onabort();
    });
    return made;
  };
  const result = { transaction, createObjectStore: () => (state.made = true), close: () => void state.open-- };
  vi.stubGlobal('indexedDB', { open: () => {
    const request = { result } as unknown as Request;
    queueMicrotask(() => {
      if (!state.made) request.onupgradeneeded?.();
      state.open++;
      request.onsuccess?.();
    });
    return request;
  } });
  return state;
}

test('a text that was put is there for the next to read; connections are closed', async () => {
  const state = database();
  expect(await indexedDbStore('tuning').read()).toBeUndefined();
  await indexedDbStore('tuning').write('one');
  expect(await indexedDbStore('tuning').read()).toBe('one');
  expect(await indexedDbStore('other').read()).toBeUndefined();
  state.texts.set('tuning', { no: 'text' });
  expect(await indexedDbStore('tuning').read()).toBeUndefined();
  expect(state.open).toBe(0);
});

test('a full disk, a private window and a browser without IndexedDB are rejections, and no more', async () => {
  const state = database({ full: true });
  await expect(indexedDbStore('tuning').write('one')).rejects.toThrow('full');
  expect(state.open).toBe(0);
  vi.stubGlobal('indexedDB', { open: () => {
    const request = { error: new DOMException('denied', 'SecurityError') } as unknown as Request;
    queueMicrotask(() => request.onerror?.());
    return request;
  } });
  await expect(indexedDbStore('tuning').read()).rejects.toThrow('denied');
  vi.stubGlobal('indexedDB', undefined);
  await expect(indexedDbStore('tuning').read()).rejects.toThrow();
});
