import { getPath, listPaths } from '../../engine/experiment/paths.ts';
import { keepInLink, session } from '../session/current.ts';
import { openExpected } from '../session/expected.ts';
import { checkBrowser, findAdapter } from '../session/problems.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useFigure } from '../stores/figure.ts';
import { isBusy, useRun } from '../stores/run.ts';
import { followTheme } from '../stores/view.ts';
import { listenToHost, type Host } from './host.ts';
import { readOptions, splitLink } from './options.ts';
import { createTurns } from './turns.ts';

const PATIENCE_MS = 3000;

/** Opens the link of a figure: its experiment, its options, its turn among other figures, and the page around it. */
export function openFigure(): Pick<Host, 'tellHeight'> {
  const hasWebGpu = checkBrowser();
  readLink();
  addEventListener('hashchange', readLink);
  const turns = createTurns({
    locks: isSecureContext ? navigator.locks : undefined,
    isBusy: () => isBusy(useRun.getState().state),
    toggle: () => session.toggle(),
    onTurn: (turn) => useFigure.setState({ turn }),
  });
  useRun.subscribe((run, before) => {
    if (isBusy(run.state) !== isBusy(before.state)) turns.busyChanged();
  });
  followVisibility((visible) => turns.setVisible(visible));
  followTheme();
  const host = listenToHost(turns);
  void Promise.race([ready(hasWebGpu), patience()]).then((runs) => {
    host.tellReady();
    const { options: { start, predict } } = useFigure.getState();
    if (runs && start === 'play' && !predict && !matchMedia('(prefers-reduced-motion: reduce)').matches) turns.whenFree();
  });
  return host;
}

/** A page that waits for a slow adapter or recording is better shown than not. */
function patience(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, false));
}

/** Reads the page's link; what it says wrongly is told to its author, in the console. */
function readLink(): void {
  const { experiment: link, embedding } = splitLink(location.hash);
  keepInLink('embedding', embedding);
  session.open(link);
  openExpected(link);
  const { experiment, notes } = useExperiment.getState();
  const { options, notes: wrong } = readOptions(embedding, listPaths(experiment));
  useFigure.setState({ options, prediction: null });
  for (const line of [...notes.lines, ...wrong]) console.warn(`Sparseland figure: ${line}`);
  for (const [path, { min, max }] of options.bounds) {
    const value = getPath(experiment, path);
    if (typeof value === 'number' && (value < min || value > max)) session.setKnob(path, Math.min(max, Math.max(min, value)), false);
  }
}

/** Shows the recording where this device cannot train, or only in software. True where Play by itself does no harm. */
async function ready(hasWebGpu: boolean): Promise<boolean> {
  const adapter = hasWebGpu ? await findAdapter() : 'none';
  // The experiment is its author's: another one to watch is not offered in its place.
  useRun.setState(({ problem }) => ({ problem: problem?.action === 'recording' ? { ...problem, action: null } : problem }));
  const { record } = useFigure.getState().options;
  if (adapter === 'gpu') return true;
  if (record === null || useRun.getState().source === 'live') return false;
  const shown = await session.watch(false, record);
  if (!shown) console.warn(`Sparseland figure: record "${record}" is missing, or of another experiment; it is left out`);
  return shown;
}

/** Tells whether any of this page can be seen, in its frame, tab and window. */
function followVisibility(tell: (visible: boolean) => void): void {
  let inView = false;
  const say = (): void => tell(inView && document.visibilityState === 'visible');
  new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? inView;
    say();
  }).observe(document.documentElement);
  document.addEventListener('visibilitychange', say);
}
