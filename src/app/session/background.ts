import { followHidden } from './hidden.ts';
import { keepForOffline } from './offline.ts';

/** What goes on beside every run and is not needed before the first step. */
export function beginBackground(): void {
  followHidden();
  // Never while developing: what is kept would hide what was changed.
  if (import.meta.env.PROD) void keepForOffline();
}
