import { useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { PlotFrame } from '../charts/Chart.tsx';
import '../schedule/schedule.css';

interface BetaHandleProps {
  frame: PlotFrame;
  /** Where it stands, as a share of the run. */
  at: number;
  value: number;
  disabled: boolean;
  onChange(value: number): void;
}

const KEYS: Readonly<Record<string, (value: number) => number>> = {
  ArrowUp: (value) => value + 0.01, ArrowRight: (value) => value + 0.01, ArrowDown: (value) => value - 0.01, ArrowLeft: (value) => value - 0.01,
  PageUp: (value) => value + 0.1, PageDown: (value) => value - 0.1, Home: () => 0, End: () => 1,
};

/** Beta in words: its ends have names. */
export const betaWords = (value: number): string => (value === 1 ? '1, a dense network' : value === 0 ? '0, STE' : String(value));

/** Beta on its chart, turned by hand: up and down, by pointer or keys. Each move acts at once. */
export function BetaHandle({ frame, at, value, disabled, onChange }: BetaHandleProps): ReactElement {
  const layer = useRef<HTMLDivElement>(null);
  const grip = useRef<number | null>(null);
  const change = (next: number): void => {
    const tidy = Math.min(1, Math.max(0, Number(next.toFixed(2))));
    if (tidy !== value) onChange(tidy);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (disabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = event.currentTarget.getBoundingClientRect();
    grip.current = event.clientY - (box.top + box.height / 2);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const box = layer.current?.getBoundingClientRect();
    if (grip.current !== null && box) change(1 - (event.clientY - grip.current - box.top) / (box.height || 1));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = KEYS[event.key];
    if (!move || disabled) return;
    event.preventDefault();
    change(move(value));
  };
  return (
    <div ref={layer} className="schedule-layer" style={{ left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom }}>
      <div
        className="schedule-handle decay-handle" role="slider" tabIndex={0} aria-label="Beta" aria-orientation="vertical" aria-disabled={disabled}
        aria-valuemin={0} aria-valuemax={1} aria-valuenow={value} aria-valuetext={betaWords(value)} title={`Beta: ${betaWords(value)}`}
        style={{ left: `${at * 100}%`, top: `${(1 - value) * 100}%` }}
        onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={() => { grip.current = null; }} onPointerCancel={() => { grip.current = null; }} onKeyDown={onKeyDown}
      />
    </div>
  );
}
