import type { RunLog } from '../../engine/experiment/runLog.ts';
import { extent, type ChartModel } from '../charts/model.ts';
import { lossShown } from '../panels/bitsModel.ts';
import { accuracyModel } from '../panels/curves.ts';
import { classesOf } from '../panels/reading.ts';
import { scheduleModel } from '../panels/scheduleModel.ts';
import { scheduleOf } from '../session/preview.ts';
import { withChanges } from '../stores/experiment.ts';

/** The charts of a run, as its panels show them at its newest step; those without a value are left out. */
export function seriesModels(log: RunLog): ChartModel[] {
  const { experiment, layers, edits, step } = log;
  if (!experiment) return [];
  const now = withChanges(experiment, experiment.phases.length > 1 ? {} : Object.fromEntries(edits.map(({ path, value }) => [path, value])));
  return [
    accuracyModel(log, step, classesOf(log)), lossShown(log, step, 0), scheduleModel(log, step, scheduleOf(now, layers).density),
  ].filter(({ curves }) => extent(curves));
}
