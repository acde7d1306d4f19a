import { answersAt } from '../../engine/experiment/answers.ts';
import type { Answers, ArmId } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { valueAt } from './reading.ts';

/** What an arm answered to the probe at a step; stale where an evaluation nearer to that step left no answers, or where the first ones came later. */
export function answersShown(log: RunLog, arm: ArmId, step: number): (Answers & { stale: boolean }) | undefined {
  const answers = answersAt(log, arm, step);
  return answers && { ...answers, stale: answers.step > step || (valueAt(log, arm, 'test', 'accuracy', step)?.step ?? 0) > answers.step };
}
