import { useEffect } from 'react';

/** Single keys act once the page stands: the first picture does not wait for them. `has` leaves some of them out by the first of their keys. */
export function useShortcuts(has?: (key: string) => boolean): void {
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void import('./shortcuts.ts').then(({ listenForShortcuts }) => {
      if (!gone) stop = listenForShortcuts(has);
    }, () => undefined);
    return () => {
      gone = true;
      stop?.();
    };
  }, [has]);
}
