import { type ReactElement } from 'react';
import { readNumber, writeNumber, type NumberKnob, type Writing } from '../controls/scale.ts';
import { LEAST_DENSITY, type Handle, type Target } from './handles.ts';
import { useDraft } from '../controls/useDraft.ts';

interface PointsTableProps {
  handles: readonly Handle[];
  totalSteps: number;
  /** False where so few points are left that none can go. */
  removable(handle: Handle): boolean;
  disabled: boolean;
  onMove(handle: Handle, to: Target): void;
  onRemove(handle: Handle): void;
}

const PERCENT: Writing = { factor: 100, unit: '%' };
const PLAIN: Writing = { factor: 1, unit: '' };
const DENSITY: NumberKnob = { kind: 'number', min: LEAST_DENSITY, max: 1, default: 1, label: '', help: '' };

/** The handles of a schedule as numbers: the same moves, typed. */
export function PointsTable({ handles, totalSteps, removable, disabled, onMove, onRemove }: PointsTableProps): ReactElement {
  const step: NumberKnob = { kind: 'integer', min: 0, max: totalSteps, default: 0, label: '', help: '' };
  return (
    <table className="schedule-table small" aria-label="Density schedule, point by point">
      <thead><tr><th scope="col">Point</th><th scope="col">Step</th><th scope="col">Density, %</th><th><span className="visually-hidden">Remove</span></th></tr></thead>
      <tbody>
        {handles.map((handle) => (
          <tr key={handle.id}>
            <th scope="row">{handle.role === 'point' ? handle.label.replace(/^Point (\d+) of \d+/, '$1') : handle.label}</th>
            <td>{handle.sideways ? <NumberCell label={`${handle.label}, step`} knob={step} writing={PLAIN} value={handle.step} disabled={disabled} onCommit={(value) => onMove(handle, { step: value, density: handle.density })} /> : <span className="faint">–</span>}</td>
            <td><NumberCell label={`${handle.label}, density in per cent`} knob={DENSITY} writing={PERCENT} value={handle.density} disabled={disabled} onCommit={(value) => onMove(handle, { step: handle.step, density: value })} /></td>
            <td>{handle.role === 'point' && <button type="button" className="button icon quiet" aria-label={`Remove ${handle.label}`} disabled={disabled || !removable(handle)} onClick={() => onRemove(handle)}>×</button>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface NumberCellProps {
  label: string;
  knob: NumberKnob;
  writing: Writing;
  value: number;
  disabled: boolean;
  onCommit(value: number): void;
}

function NumberCell({ label, knob, writing, value, disabled, onCommit }: NumberCellProps): ReactElement {
  const written = writeNumber(value, writing);
  const { text, setText, reason, setReason } = useDraft(written);
  const commit = (): void => {
    const reading = readNumber(text, knob, writing);
    setReason(reading.ok ? null : reading.reason);
    // What the schedule cannot follow is written back as it stands.
    if (reading.ok) setText(written);
    if (reading.ok && reading.value !== value && text !== written) onCommit(reading.value);
  };
  return (
    <>
      <input
        className="number-box" inputMode="decimal" autoComplete="off" aria-label={label} aria-invalid={reason !== null} value={text} disabled={disabled}
        onChange={(event) => setText(event.target.value)} onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setText(written);
        }}
      />
      {reason && <span className="control-error" role="alert">{reason}</span>}
    </>
  );
}
