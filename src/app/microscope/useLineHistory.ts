import { useMemo, useRef } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { lineHistoryAt, stretches, type LineHistory, type Stretch } from './lineHistory.ts';
import type { Specimen } from './useSpecimen.ts';

/** Most rows of a history: one of less than two pixels is none. */
const MOST_ROWS = 48;

/** What a line was up to the step of a specimen, the newest first; undefined for a mask that the log does not have. */
export function useLineHistory(log: RunLog, layer: LayerFacts, { view: { lens }, flips, step }: Specimen, line: number): readonly Stretch[] | undefined {
  const before = useRef<LineHistory>(undefined);
  return useMemo(() => {
    const history = log.masks.get('main');
    if (!history || !flips) return undefined;
    before.current = lineHistoryAt(history, layer, { lens, line, step }, before.current);
    return stretches(before.current, MOST_ROWS);
    // Read anew only where there are other snapshots: steps without an update change nothing.
  }, [log, layer, lens, line, flips, flips?.read]);
}
