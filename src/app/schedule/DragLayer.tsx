import { useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { PlotFrame } from '../charts/Chart.tsx';
import { fromPosition, SLIDER_STEPS, toPosition, type NumberKnob } from '../controls/scale.ts';
import { formatCount, formatDensity } from '../text/numbers.ts';
import { LEAST_DENSITY, tidyDensity, type Handle, type Target } from './handles.ts';

interface DragLayerProps {
  frame: PlotFrame;
  totalSteps: number;
  handles: readonly Handle[];
  /** What the schedule will be, as values at steps: drawn while it is not what the chart shows. */
  coming: readonly Target[] | null;
  disabled: boolean;
  onSelect(handle: Handle): void;
  /** While it is dragged; `stuck` where its schedule cannot follow sideways. */
  onDrag(handle: Handle, to: Target, stuck: boolean): void;
  /** The pointer let go, or a key moved it. */
  onDrop(handle: Handle): void;
  onKeyMove(handle: Handle, to: Target, stuck: boolean): void;
  onCancel(): void;
  onRemove(handle: Handle): void;
}

/** Keys move a density as they move its slider: in even steps of its logarithm. */
const DENSITY: NumberKnob = { kind: 'number', min: LEAST_DENSITY, max: 1, default: 1, log: true, label: '', help: '' };
/** Shares of the run that an arrow key, and the pointer, move sideways by. */
const KEY_STRIDE = 0.01;
const POINTER_STRIDE = 0.005;
/** Pixels sideways from which on a drag asks for more than a schedule without steps can do. */
const STUCK_PX = 24;

/** A handle's place in words: `density 12 % at step 800`. */
export function placeWords({ density, step, sideways }: Handle): string {
  return sideways ? `density ${formatDensity(density)} at step ${formatCount(step)}` : `density ${formatDensity(density)}`;
}

/** The place on a layer under the pointer, in even steps sideways. */
export function targetAt(layer: DOMRect, x: number, y: number, totalSteps: number): Target {
  const share = Math.min(1, Math.max(0, (x - layer.left) / (layer.width || 1)));
  const density = Math.min(1, Math.max(LEAST_DENSITY, 1 - (y - layer.top) / (layer.height || 1)));
  return { step: Math.round(Math.round(share / POINTER_STRIDE) * POINTER_STRIDE * totalSteps), density: tidyDensity(density) };
}

/** The handles of a schedule over its chart, for pointers and keys. */
export function DragLayer({ frame, totalSteps, handles, coming, disabled, ...told }: DragLayerProps): ReactElement {
  const layer = useRef<HTMLDivElement>(null);
  const held = useRef<{ id: string; dx: number; dy: number; x: number } | null>(null);
  const inLayer = (x: number, y: number): Target => targetAt((layer.current as HTMLDivElement).getBoundingClientRect(), x, y, totalSteps);

  const onPointerDown = (event: PointerEvent<HTMLElement>, handle: Handle): void => {
    if (disabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = event.currentTarget.getBoundingClientRect();
    held.current = { id: handle.id, dx: event.clientX - (box.left + box.width / 2), dy: event.clientY - (box.top + box.height / 2), x: event.clientX };
    told.onSelect(handle);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>, handle: Handle): void => {
    const { current } = held;
    if (current?.id === handle.id) told.onDrag(handle, inLayer(event.clientX - current.dx, event.clientY - current.dy), !handle.sideways && Math.abs(event.clientX - current.x) > STUCK_PX);
  };
  const onPointerUp = (handle: Handle): void => {
    if (held.current?.id !== handle.id) return;
    held.current = null;
    told.onDrop(handle);
  };
  const onKeyDown = (event: KeyboardEvent, handle: Handle): void => {
    if (event.key === 'Escape') {
      held.current = null;
      return told.onCancel();
    }
    if (disabled) return;
    if ((event.key === 'Delete' || event.key === 'Backspace') && handle.role === 'point') {
      event.preventDefault();
      return told.onRemove(handle);
    }
    const to = keyTarget(event, handle, totalSteps);
    if (!to) return;
    event.preventDefault();
    told.onKeyMove(handle, to, !handle.sideways && to.step !== handle.step);
  };

  return (
    <div ref={layer} className="schedule-layer" style={{ left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom }}>
      {coming && (
        <svg className="schedule-coming" viewBox={`0 0 ${Math.max(1, totalSteps)} 1`} preserveAspectRatio="none" aria-hidden="true">
          <polyline points={coming.map(({ step, density }) => `${step},${1 - density}`).join(' ')} vectorEffect="non-scaling-stroke" />
        </svg>
      )}
      {handles.map((handle) => (
        <div
          key={handle.id} className="schedule-handle" role="slider" tabIndex={0} aria-label={handle.label} aria-disabled={disabled} data-role={handle.role}
          aria-valuemin={0} aria-valuemax={100} aria-valuenow={Number((handle.density * 100).toFixed(2))} aria-valuetext={placeWords(handle)}
          title={`${handle.label}: ${placeWords(handle)}`}
          style={{ left: `${(handle.step / Math.max(1, totalSteps)) * 100}%`, top: `${(1 - handle.density) * 100}%` }}
          onFocus={() => told.onSelect(handle)}
          onPointerDown={(event) => onPointerDown(event, handle)} onPointerMove={(event) => onPointerMove(event, handle)}
          onPointerUp={() => onPointerUp(handle)} onPointerCancel={() => { held.current = null; told.onCancel(); }}
          onKeyDown={(event) => onKeyDown(event, handle)}
        />
      ))}
    </div>
  );
}

/** Where a key takes a handle: arrows and pages; Shift makes steps single. */
function keyTarget({ key, shiftKey }: KeyboardEvent, { step, density }: Handle, totalSteps: number): Target | null {
  const stride = shiftKey ? 1 : Math.max(1, Math.round(KEY_STRIDE * totalSteps));
  const by = (positions: number): Target => ({ step, density: fromPosition(DENSITY, Math.min(SLIDER_STEPS, Math.max(0, toPosition(DENSITY, density) + positions))) });
  switch (key) {
    case 'ArrowUp': return by(1);
    case 'ArrowDown': return by(-1);
    case 'PageUp': return by(20);
    case 'PageDown': return by(-20);
    case 'Home': return { step, density: LEAST_DENSITY };
    case 'End': return { step, density: 1 };
    case 'ArrowLeft': return { step: step - stride, density };
    case 'ArrowRight': return { step: step + stride, density };
    default: return null;
  }
}
