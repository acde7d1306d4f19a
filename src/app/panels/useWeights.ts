import { useEffect, useState } from 'react';
import { inspectionKey, type RunLog } from '../../engine/experiment/runLog.ts';
import { session } from '../session/current.ts';

const WEIGHTS_EVERY_MS = 400;

/** Asks a live run for the weights of a layer while they are looked at. */
export function useWeights(log: RunLog, layer: string | undefined, wanted: boolean, version: number): { values: Float32Array; step: number } | null {
  const found = log.inspections.get(inspectionKey({ arm: 'main', layer: layer ?? '' }));
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!wanted || layer === undefined) return;
    const now = performance.now();
    if (found && now - asked < WEIGHTS_EVERY_MS) return;
    setAsked(now);
    session.inspect({ type: 'inspect', arm: 'main', layer });
    // A new version means that training went on, so the weights may be others.
  }, [wanted, layer, version]);
  return found ? { values: found.inspection.values, step: found.step } : null;
}
