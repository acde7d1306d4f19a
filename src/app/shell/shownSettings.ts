import { settingsAt, useBranch } from '../stores/branch.ts';
import { useExperiment, type ExperimentStore } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useView } from '../stores/view.ts';

/** The settings that are shown: those that stand, or of the run as it was at the step looked at. */
export function useShownSettings(): Pick<ExperimentStore, 'experiment' | 'changed'> {
  const state = useExperiment();
  const cursor = useView((view) => view.cursor);
  const log = useLog((store) => store.log);
  const changes = useBranch((branch) => branch.changes);
  return cursor === null || !log.experiment ? state : settingsAt(log.experiment, log.edits, cursor, changes);
}
