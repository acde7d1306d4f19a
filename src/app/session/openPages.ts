/** Beginning of the names of locks that pages hold while they are open. */
const LOCK = 'sparseland-page/';

/** The pages of Sparseland that are open in this browser, as they tell each other. */
export interface OpenPages {
  /** Name of this page. */
  own: string;
  /** From here on the others see this page as open, until it is gone, however it goes. */
  announce(): Promise<void>;
  /** Names of the pages that announced themselves and are open. */
  open(): Promise<ReadonlySet<string>>;
}

/** Pages announce themselves by a lock, which browsers release with the page. @param locks undefined where the browser has none: then no page sees another */
export function createOpenPages(locks: Pick<LockManager, 'request' | 'query'> | undefined, own: string): OpenPages {
  let announced: Promise<void> | undefined;
  const hold = (held: LockManager['request']): Promise<void> => new Promise((resolve, reject) => {
    // The lock is never given back: it ends with the page.
    held(LOCK + own, () => (resolve(), new Promise<never>(() => undefined))).catch(reject);
  });
  return {
    own,
    announce: () => (announced ??= locks ? hold(locks.request.bind(locks)) : Promise.resolve()),
    async open() {
      const { held = [] } = (await locks?.query()) ?? {};
      return new Set(held.flatMap(({ name }) => (name?.startsWith(LOCK) ? name.slice(LOCK.length) : [])));
    },
  };
}
