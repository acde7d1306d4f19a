import { followTheme } from '../stores/view.ts';
import { session } from './current.ts';
import { checkBrowser } from './problems.ts';

/** Opens the link that the page was called with, and follows it from now on; returns true when training is possible here. */
export function begin(): boolean {
  const canTrain = checkBrowser();
  session.open(location.hash);
  void session.watch();
  addEventListener('hashchange', () => session.open(location.hash));
  followTheme();
  return canTrain;
}
