import { finalNumbers, type Expected } from '../../engine/experiment/expected.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { adapterName, useRun } from '../stores/run.ts';
import { isRunOf } from './expecting.ts';

/** The final numbers of the run shown; null while it is not over, or is one of other settings. @param liveOnly recordings count as none */
export function useFinalNumbers(liveOnly = false): Expected | null {
  const log = useLog(({ log: shown }) => shown);
  useLog(({ version }) => version);
  const experiment = useExperiment((state) => state.experiment);
  const live = useRun((run) => run.source === 'live');
  const adapter = useRun((run) => run.adapter);
  if ((liveOnly && !live) || !isRunOf(log, experiment)) return null;
  const own = live ? adapter ?? log.adapter : log.adapter;
  return finalNumbers(log, own ? adapterName(own) : 'GPU');
}
