import type { RunEvent } from '../../engine/experiment/events.ts';
import { phaseIndexAt, phasePath, useExperiment, withEdit } from '../stores/experiment.ts';
import { record } from '../stores/log.ts';
import { isBusy, useRun } from '../stores/run.ts';
import { divergedProblem, failedProblem, lostProblem } from './problems.ts';

/**
 * Takes an event of a run under way into the log and the stores.
 * @param meansToRun the reader's last word was Play: a pause told after it is an old one
 */
export function hear(event: RunEvent, meansToRun: boolean): void {
  record(event);
  switch (event.type) {
    case 'loading':
      return useRun.setState({ loading: { done: event.done, total: event.total } });
    case 'ready':
      return useRun.setState({ adapter: event.adapter });
    case 'compiling':
      // Making ready once more is part of recovering.
      if (useRun.getState().state === 'recovering') return;
      if (isBusy(useRun.getState().state)) useRun.setState({ state: 'compiling', compiling: { done: event.done, total: event.total } });
      return;
    case 'metrics':
      return useRun.setState(({ step, totalSteps }) => ({ step: Math.min(totalSteps, Math.max(step, ...event.rows.map((rows) => rows.step.at(-1) ?? 0))) }));
    case 'edit':
      return hearEdit(event);
    case 'paused':
      return useRun.setState(meansToRun ? { compiling: null } : { state: 'paused', step: event.step, compiling: null });
    case 'finished':
      return useRun.setState({ state: 'finished', step: event.step });
    case 'diverged':
      return useRun.setState({ state: 'diverged', step: event.step, problem: divergedProblem(event) });
    case 'replaying':
      return hearReplaying(event, meansToRun);
    case 'recovering':
      return useRun.setState({ state: 'recovering' });
    case 'recovered':
      return useRun.setState({ state: meansToRun ? 'training' : 'paused', recoveredFrom: event.step });
    case 'lost':
      return useRun.setState({ state: 'failed', problem: lostProblem(event.message) });
    case 'failed':
      return useRun.setState({ state: 'failed', problem: failedProblem(event.message) });
    default:
      return;
  }
}

function hearReplaying(event: Extract<RunEvent, { type: 'replaying' }>, meansToRun: boolean): void {
  if (event.step === event.to) return useRun.setState({ replaying: null, state: meansToRun ? 'training' : 'paused' });
  useRun.setState({ replaying: event, ...(meansToRun && { state: 'replaying' }) });
}

function hearEdit(event: Extract<RunEvent, { type: 'edit' }>): void {
  useExperiment.setState(({ experiment, started, changed, touched }) => {
    const path = phasePath(experiment, phaseIndexAt(experiment, event.step), event.path);
    // A slider being dragged is ahead of what the run has answered: it does not jump back.
    const ahead = touched && path in changed;
    return {
      experiment: withEdit(experiment, event), started: started && withEdit(started, event),
      changed: ahead ? changed : { ...changed, [path]: event.value },
    };
  });
}
