import { useId, type KeyboardEvent, type ReactElement } from 'react';
import { ControlFrame } from './ControlFrame.tsx';
import { fromPosition, hasSlider, readNumber, SLIDER_STEPS, toPosition, writeNumber, writingOf, type NumberKnob } from './scale.ts';
import type { ControlProps } from './types.ts';
import { useDraft } from './useDraft.ts';

/** A slider with a number box, for quantities; the box accepts values between the slider's positions. */
export function NumberControl({ path, knob, value, ...frame }: ControlProps<NumberKnob>): ReactElement {
  const id = useId();
  const now = typeof value === 'number' ? value : knob.default;
  const writing = writingOf(path, knob);
  const slides = hasSlider(knob);
  const percent = writing.unit === '%';
  const written = writeNumber(now, writing);
  const { text, setText, reason, setReason } = useDraft(written);

  const commit = (): void => {
    const reading = readNumber(text, knob, writing);
    setReason(reading.ok ? null : reading.reason);
    if (!reading.ok) return;
    if (reading.value !== now) frame.onChange(reading.value);
    else setText(written);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit();
    else if (event.key === 'Escape') setText(written);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      const position = toPosition(knob, now) + (event.key === 'ArrowUp' ? 1 : -1);
      const next = fromPosition(knob, Math.min(SLIDER_STEPS, Math.max(0, position)));
      const least = knob.kind === 'integer' && next === now ? now + (event.key === 'ArrowUp' ? 1 : -1) : next;
      frame.onChange(Math.min(knob.max, Math.max(knob.min, least)));
    }
  };

  return (
    <ControlFrame id={id} path={path} knob={knob} value={value} {...frame} error={reason}>
      <div className={slides ? 'control-row' : ''}>
        {slides && <input
          type="range" aria-label={`${knob.label}, slider`} min={0} max={SLIDER_STEPS} step={1} value={toPosition(knob, now)} disabled={frame.disabled}
          aria-valuetext={`${written} ${writing.unit}`.trim()} aria-describedby={`${id}-help`}
          onChange={(event) => frame.onChange(fromPosition(knob, Number(event.target.value)))}
        />}
        <span className={`number-with-unit ${slides ? '' : 'wide'}`}>
          <input
            id={id} className={`number-box ${slides ? '' : 'wide'}`} style={percent ? { paddingRight: '2.5ch' } : undefined} inputMode="decimal" autoComplete="off" value={text} disabled={frame.disabled}
            aria-invalid={reason !== null} aria-describedby={`${id}-help`}
            onChange={(event) => setText(event.target.value)} onBlur={commit} onKeyDown={onKeyDown}
          />
          {percent && <span className="control-unit">%</span>}
        </span>
      </div>
    </ControlFrame>
  );
}
