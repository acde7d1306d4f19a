import { session } from './current.ts';
import { followHidden } from './hidden.ts';
import { pageKeeper } from './kept.ts';
import { keepLastRun, offerLastRun } from './lastRun.ts';
import { keepForOffline } from './offline.ts';

/** What goes on beside every run and is not needed before the first step. @param opened the link that the page was called with */
export function beginBackground(opened: string): void {
  followHidden();
  takeFiles();
  const keeper = pageKeeper();
  keepLastRun({ keeper, page: document, ask: () => session.inspect({ type: 'checkpoint' }), every: (act, ms) => void setInterval(act, ms) });
  void offerLastRun(opened, keeper);
  // Never while developing: what is kept would hide what was changed.
  if (import.meta.env.PROD) void keepForOffline();
}

/** Opens a recorded run that is dropped on the page; without this, the browser would leave the page for the file. */
function takeFiles(): void {
  for (const type of ['dragover', 'drop'] as const) {
    addEventListener(type, (event) => {
      const { files, types } = event.dataTransfer ?? {};
      if (!types?.includes('Files')) return;
      event.preventDefault();
      const file = type === 'drop' && files?.[0];
      if (file) void import('./runFiles.ts').then(({ openRunFile }) => openRunFile(file, session), () => undefined);
    });
  }
}
