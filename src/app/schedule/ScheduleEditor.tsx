import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { totalSteps as plannedSteps } from '../../engine/experiment/phases.ts';
import { MAX_POINTS, NO_POINTS } from '../../engine/sparsity/points.ts';
import type { PlotFrame } from '../charts/Chart.tsx';
import { layerFacts, scheduleOf } from '../session/preview.ts';
import { needsReset, phasePath, useExperiment } from '../stores/experiment.ts';
import { useView } from '../stores/view.ts';
import { DragLayer, placeWords, targetAt } from './DragLayer.tsx';
import { applyChanges, undo, useCanUndo, useShownExperiment } from './edits.ts';
import { addPoint, handlesOf, makeFree, moveHandle, pointsKind, pointsOf, removePoint, withSettings, type Change, type Handle, type Target } from './handles.ts';
import { PointsTable } from './PointsTable.tsx';
import './schedule.css';

interface ScheduleEditorProps {
  /** The only phase whose schedule is dragged; all of them where absent. */
  phase?: number;
  /** The chart that the handles stand on; it is given what lies over its plot. */
  renderChart(overlay: (frame: PlotFrame) => ReactNode): ReactNode;
}

const FEWEST_POINTS = 2;
const COMING_POINTS = 200;

/** A chart of the density whose schedule is dragged, by pointer, keys or numbers. All of it ends in the settings. */
export function ScheduleEditor({ phase: only, renderChart }: ScheduleEditorProps): ReactElement {
  const edited = useShownExperiment();
  const waits = useExperiment(needsReset);
  const disabled = useView((view) => view.cursor !== null);
  const [draft, setDraft] = useState<readonly Change[] | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [stuck, setStuck] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const shown = useMemo(() => (draft ? withSettings(edited, draft) : edited), [edited, draft]);
  const handles = handlesOf(shown).filter((handle) => only === undefined || handle.phase === only);
  const current = handles.find(({ id }) => id === selected);
  const phase = only ?? current?.phase ?? Math.max(0, shown.phases.findIndex((_, i) => pointsKind(shown, i)));
  const coming = useMemo(() => (draft || waits ? courseOf(shown) : null), [shown, draft, waits]);

  /** Before anything else moves the settings, the draft is gone: the settings are what is drawn. */
  const apply = (changes: readonly Change[], merge: string | null = null): void => {
    setDraft(null);
    applyChanges(changes, merge);
  };
  const offer = (handle: Handle, is: boolean): void => setStuck(is && pointsKind(edited, handle.phase) ? handle.phase : null);
  const remove = (handle: Handle): void => {
    if (removable(handle)) apply([removePoint(edited, handle)]);
  };
  const removable = (handle: Handle): boolean => pointsOf(edited, handle.phase).length > FEWEST_POINTS;
  const add = (to?: Target): void => {
    if (disabled || !pointsKind(edited, phase) || pointsOf(edited, phase).length >= MAX_POINTS) return;
    const { change, index } = addPoint(edited, phase, to);
    apply([change]);
    setStuck(null);
    setSelected(`${phase}/point/${index}`);
  };
  const overlay = (frame: PlotFrame): ReactElement => (
    <DragLayer
      frame={frame} totalSteps={plannedSteps(shown)} handles={handles} coming={coming} disabled={disabled}
      onSelect={({ id }) => setSelected(id)}
      onDrag={(handle, to, is) => {
        setDraft(moveHandle(edited, original(edited, handle), to));
        offer(handle, is);
      }}
      onDrop={() => apply(draft ?? [])}
      onKeyMove={(handle, to, is) => {
        apply(moveHandle(edited, handle, to), handle.id);
        offer(handle, is);
      }}
      onCancel={() => setDraft(null)}
      onRemove={remove}
    />
  );
  return (
    <div className="schedule">
      <div onDoubleClick={(event) => {
        const layer = event.currentTarget.querySelector('.schedule-layer')?.getBoundingClientRect();
        if (layer && isInside(layer, event) && !(event.target as Element).closest('.schedule-handle')) add(targetAt(layer, event.clientX, event.clientY, plannedSteps(shown)));
      }}>{renderChart(overlay)}</div>
      <p className="schedule-words small muted">{current ? `${current.label}: ${placeWords(current)}` : handles.length > 0 ? 'Drag a handle, or move it by arrow keys.' : edited.masks.granularity === 'nm' ? 'The pattern of N to M says how many weights stay.' : 'All weights stay active: nothing to plan.'}</p>
      {stuck !== null && pointsOf(edited, stuck).length === 0 && <Offer onFree={() => { apply([makeFree(edited, stuck)]); setStuck(null); }} />}
      {waits && !draft && <p className="small muted">Dotted: the settings as they are now. They take effect at the next start.</p>}
      {handles.length > 0 && (
        <Tools
          experiment={edited} phase={phase} compact={only !== undefined} disabled={disabled} table={table} onTable={() => setTable(!table)} onAdd={() => add()} onApply={(change) => apply([change])}
          onRemove={current?.role === 'point' && removable(current) ? () => remove(current) : undefined}
        />
      )}
      {table && <PointsTable handles={handles} totalSteps={plannedSteps(shown)} removable={removable} disabled={disabled} onMove={(handle, to) => apply(moveHandle(edited, handle, to))} onRemove={remove} />}
    </div>
  );
}

/** The handle as it was before it was dragged: a drag starts from the settings, not from its last picture. */
function original(experiment: Experiment, { id, ...handle }: Handle): Handle {
  return handlesOf(experiment).find((one) => one.id === id) ?? { id, ...handle };
}

function isInside({ left, right, top, bottom }: DOMRect, { clientX, clientY }: { clientX: number; clientY: number }): boolean {
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}

/** Planned density over the run, as a line. */
function courseOf(experiment: Experiment): Target[] {
  const { totalSteps, density } = scheduleOf(experiment, layerFacts(experiment));
  const stride = Math.max(1, Math.ceil(totalSteps / COMING_POINTS));
  return Array.from({ length: Math.ceil(totalSteps / stride) + 1 }, (_, i) => Math.min(totalSteps, i * stride)).map((step) => ({ step, density: density(step) }));
}

function Offer({ onFree }: { onFree(): void }): ReactElement {
  return <p className="schedule-offer small" role="status">This schedule cannot go there; one of points can. <button type="button" className="button" onClick={onFree}>Make it free</button></p>;
}

interface ToolsProps {
  experiment: Experiment;
  phase: number;
  /** The reset dot of the control takes all points away. */
  compact: boolean;
  disabled: boolean;
  table: boolean;
  onTable(): void;
  onAdd(): void;
  onRemove: (() => void) | undefined;
  onApply(change: Change): void;
}

function Tools({ experiment, phase, compact, disabled, table, onTable, onAdd, onRemove, onApply }: ToolsProps): ReactElement {
  const canUndo = useCanUndo();
  const count = pointsOf(experiment, phase).length;
  return (
    <div className="schedule-tools small">
      {pointsKind(experiment, phase) && (count === 0 ? <button type="button" className="button" disabled={disabled} onClick={() => onApply(makeFree(experiment, phase))}>Make it free</button> : (
        <>
          <button type="button" className="button" disabled={disabled || count >= MAX_POINTS} onClick={onAdd}>Add point</button>
          <button type="button" className="button" disabled={disabled || !onRemove} onClick={onRemove} aria-label="Remove point">Remove</button>
          {!compact && <button type="button" className="button" disabled={disabled} onClick={() => onApply([phasePath(experiment, phase, 'sparsity.points'), NO_POINTS])}>Remove all</button>}
        </>
      ))}
      <button type="button" className="button" disabled={disabled || !canUndo} onClick={undo}>Undo</button>
      <button type="button" className="button" aria-expanded={table} onClick={onTable}>{table ? 'Hide table' : 'Show as table'}</button>
    </div>
  );
}
