import { presetOf, sameSettings, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { followTheme } from '../stores/view.ts';
import { session } from './current.ts';
import { openExpected } from './expected.ts';
import { checkBrowser, findAdapter } from './problems.ts';

/** The preset whose page plays by itself; every other link waits for Play. */
const PLAYS_BY_ITSELF = 'hello-mnist';

/** Opens the link that the page was called with, and follows it from now on. */
export function begin(): void {
  const hasWebGpu = checkBrowser();
  const opened = location.hash;
  openLink();
  const { experiment } = useExperiment.getState();
  const plays = experiment.preset === PLAYS_BY_ITSELF && experiment.edits.length === 0 && sameSettings(experiment, presetOf(experiment).experiment);
  if (plays) void session.watch(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  if (hasWebGpu) {
    void findAdapter().then((adapter) => {
      // A software adapter would train for minutes: there the reader decides.
      if (plays && adapter === 'gpu' && !wantsLittle() && sameSettings(experiment, useExperiment.getState().experiment)) session.prepare();
    });
  }
  addEventListener('hashchange', openLink);
  followTheme();
  keepRuns();
  void import('./background.ts').then(({ beginBackground }) => beginBackground(opened), () => undefined);
}

/** Opens the page's link, with the final numbers that it expects. */
function openLink(): void {
  const { hash } = location;
  session.open(hash);
  openExpected(hash);
}

/** From the first step on that this device trains, runs are kept to be compared; the code for it comes then. */
function keepRuns(): void {
  const stop = useRun.subscribe(({ source, step }) => {
    if (source !== 'live' || step === 0) return;
    stop();
    // Where it does not come (offline, for instance), training goes on without.
    void import('../compare/collect.ts').then(({ collectRuns }) => collectRuns(), () => undefined);
  });
}

/** True where the reader asked for little traffic or little motion: then nothing begins on its own. */
function wantsLittle(): boolean {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined;
  const saveData = typeof connection === 'object' && connection !== null && 'saveData' in connection && connection.saveData === true;
  return saveData || matchMedia('(prefers-reduced-data: reduce), (prefers-reduced-motion: reduce)').matches;
}
