import { createTuningCache, type TextStore, type TuningCache } from '../engine/gpu/tuningCache.ts';

const DATABASE = 'sparseland';
const STORE = 'texts';

let cache: TuningCache | undefined;

/** What earlier visits with this version of the browser found out about kernel variants; one for all runs of a worker. */
export function pageTuningCache(): TuningCache {
  return (cache ??= createTuningCache(indexedDbStore('tuning'), navigator.userAgent));
}

/** A text in the browser's IndexedDB under a key. Rejects where there is none: in private windows of some browsers, or when the quota is used up. */
export function indexedDbStore(key: string): TextStore {
  return {
    async read() {
      const text: unknown = await transact('readonly', (texts) => texts.get(key));
      return typeof text === 'string' ? text : undefined;
    },
    async write(text) {
      await transact('readwrite', (texts) => texts.put(text, key));
    },
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('Another tab holds the database.'));
  });
}

/** One request in a transaction and a connection of its own, so that no open connection blocks another tab. */
async function transact(mode: IDBTransactionMode, ask: (texts: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      // Where the quota is used up, the request succeeds and the transaction is aborted.
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
