import { useEffect, useRef } from 'react';
import type { Inspection } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { session } from '../session/current.ts';
import { useRun } from '../stores/run.ts';

const EVERY_MS = 400;
/** Milliseconds after which an answer is not waited for any more. */
const LOST_MS = 5000;

/** Values of a layer, as they were copied off the device at a step. */
export type Inspected<What extends 'weights' | 'gradients'> = Extract<Inspection, { what: What }> & { step: number };

/** Asks a live run for values of layers while they are looked at: now and then while it trains, and of the step at which it rests. @returns what is known of each layer */
export function useInspected<What extends 'weights' | 'gradients'>(log: RunLog, what: What, layers: readonly string[], wanted: boolean, version: number): (Inspected<What> | undefined)[] {
  const asked = useRef({ at: -LOST_MS, newest: -1 });
  const step = useRun((run) => run.step);
  const rests = useRun((run) => run.state === 'paused' || run.state === 'finished');
  const found = layers.map((layer) => log.inspections.get(`${what}/main/${layer}`));
  const newest = Math.min(...found.map((one) => one?.step ?? -1));
  useEffect(() => {
    const now = performance.now();
    const since = now - asked.current.at;
    // A slow device is not asked again before it has answered: reading takes of the time it trains.
    if (!wanted || (rests ? newest >= step : since < (newest === asked.current.newest ? LOST_MS : EVERY_MS))) return;
    asked.current = { at: now, newest };
    for (const layer of layers) session.inspect({ type: 'inspect', what, arm: 'main', layer });
    // A new version means that training went on, so the values may be others.
  }, [what, layers.join(), wanted, rests ? step : version]);
  return found.map((one) => one && ({ ...one.inspection, step: one.step } as Inspected<What>));
}
