import { useMemo } from 'react';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { scheduleOf } from '../session/preview.ts';
import { useExperiment, withChanges } from '../stores/experiment.ts';
import { layerPlan } from './layerPlan.ts';

/** What the run that is shown plans after so many steps, live changes included: of all weights, or of one layer. */
export function usePlanned(log: RunLog, layer?: string): (step: number) => number {
  const started = useExperiment((state) => state.started);
  const experiment = useExperiment((state) => state.experiment);
  const changed = useExperiment((state) => state.changed);
  return useMemo(() => {
    const acting = withChanges(started ?? experiment, changed);
    const plan = layer === undefined ? scheduleOf(acting, log.layers).density : layerPlan(acting, log.layers, layer);
    return remembering(plan);
  }, [started, experiment, changed, log, layer]);
}

/** Charts ask for the same steps at every refresh of the log. */
function remembering(plan: (step: number) => number): (step: number) => number {
  const known = new Map<number, number>();
  return (step) => {
    const density = known.get(step) ?? plan(step);
    known.set(step, density);
    return density;
  };
}
