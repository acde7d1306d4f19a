import { phaseIndexAt, phasePath, shownValue, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import type { Session } from './session.ts';

/** Does what the current problem offers. @param rewind ends the run and shows its beginning */
export function remedy(session: Pick<Session, 'open' | 'watch' | 'setKnob'>, rewind: () => void): void {
  const { problem, step } = useRun.getState();
  if (problem?.action === 'recording') {
    session.open('');
    void session.watch(true);
    return;
  }
  const state = useExperiment.getState();
  const path = phasePath(state.experiment, phaseIndexAt(state.experiment, step), 'optimizer.rate');
  const rate = shownValue(state, path);
  rewind();
  if (problem?.action === 'halve-rate' && typeof rate === 'number') session.setKnob(path, Number((rate / 2).toPrecision(3)), false);
}
