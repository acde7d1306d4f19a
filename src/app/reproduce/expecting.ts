import { readExpected, writeExpected, type Expected } from '../../engine/experiment/expected.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { decodeLink, encodeLink } from '../../engine/experiment/link.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { keepInLink, writeLink } from '../session/current.ts';
import { useExperiment } from '../stores/experiment.ts';

/** Takes the expected numbers of a link that was opened; what is wrong with them joins the notes of the link. */
export function expectOf(hash: string): void {
  // While this code was fetched the reader may have gone to another experiment.
  if (encodeLink(decodeLink(hash).experiment) !== encodeLink(useExperiment.getState().experiment)) return;
  const { expected, notes } = readExpected(hash);
  if (expected) expectNumbers(expected);
  else forgetExpected();
  if (notes.length > 0) useExperiment.setState((state) => ({ notes: { from: 'link', lines: [...state.notes.lines, ...notes] } }));
}

let stopFollowing = (): void => undefined;

/** Expects these numbers of the experiment as it stands, also in the page's link. They are forgotten as soon as it is another experiment. */
export function expectNumbers(expected: Expected): void {
  forgetExpected();
  const link = encodeLink(useExperiment.getState().experiment);
  keepInLink('expected', writeExpected(expected));
  writeLink(link);
  useExperiment.setState({ expected });
  stopFollowing = useExperiment.subscribe(({ experiment }, before) => {
    if (experiment !== before.experiment && encodeLink(experiment) !== link) forgetExpected();
  });
}

/** Expects nothing, and leaves the page's link to the experiment. */
export function forgetExpected(): void {
  stopFollowing();
  stopFollowing = () => undefined;
  keepInLink('expected', '');
  if (useExperiment.getState().expected === null) return;
  writeLink(encodeLink(useExperiment.getState().experiment));
  useExperiment.setState({ expected: null });
}

/** True where a log is of this very experiment, with the same changes while it ran. */
export function isRunOf(log: RunLog, experiment: Experiment): boolean {
  return log.experiment !== undefined && encodeLink({ ...log.experiment, edits: [...log.edits] }) === encodeLink(experiment);
}
