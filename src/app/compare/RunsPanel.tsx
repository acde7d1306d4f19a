import { useMemo, type ReactElement } from 'react';
import { plural } from '../text/numbers.ts';
import { Overlays } from './Overlays.tsx';
import { undoDelete, usePastRuns } from './pastRuns.ts';
import { RunsTable } from './RunsTable.tsx';

/** The runs of the session as a table, and the drawn ones over each other. */
export function RunsPanel(): ReactElement {
  const runs = usePastRuns((store) => store.runs);
  const drawn = useMemo(() => runs.filter(({ look }) => look !== null), [runs]);
  return (
    <div className="compare-pane">
      <RunsState />
      {drawn.length > 0 && <Overlays runs={drawn} />}
      {runs.length > 0 && <RunsTable />}
      {runs.length === 0 && <p className="muted">No run is over yet. A run that finishes, or is reset, comes here with its curves and what was changed for it. Runs last as long as this page is open.</p>}
    </div>
  );
}

function RunsState(): ReactElement {
  const deleted = usePastRuns((store) => store.deleted);
  const forgotten = usePastRuns((store) => store.forgotten);
  return (
    <div role="status" className="runs-state small">
      {deleted && <p>Deleted {deleted.run.name}. <button type="button" className="link-button" onClick={undoDelete}>Undo</button></p>}
      {forgotten > 0 && <p className="faint">The oldest {plural(forgotten, 'run')} went to make room.</p>}
    </div>
  );
}
