import { create } from 'zustand';
import { useRun } from '../stores/run.ts';
import { session } from './current.ts';

const KEY = 'sparseland.pauseHidden';

/** Whether a run pauses while nobody can see the page; otherwise it trains on. */
export const usePauseHidden = create<{ pauses: boolean }>()(() => ({ pauses: stored() }));

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) === 'true';
  } catch {
    // Storage may be forbidden: it trains on.
    return false;
  }
}

/** Chooses, and remembers the choice. */
export function setPauseHidden(pauses: boolean): void {
  usePauseHidden.setState({ pauses });
  try {
    localStorage.setItem(KEY, String(pauses));
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** Pauses a run when the page is hidden, where that was chosen, and goes on with it when it is seen again. */
export function followHidden(page: Pick<Document, 'hidden' | 'addEventListener'> = document, toggle: () => void = session.toggle): void {
  let pausedHere = false;
  page.addEventListener('visibilitychange', () => {
    const { state, source } = useRun.getState();
    if (page.hidden && state === 'training' && source === 'live' && usePauseHidden.getState().pauses) {
      pausedHere = true;
      toggle();
    } else if (!page.hidden && pausedHere) {
      pausedHere = false;
      // Meanwhile it may have been lost, or reset from elsewhere.
      if (state === 'paused' && source === 'live') toggle();
    }
  });
}
