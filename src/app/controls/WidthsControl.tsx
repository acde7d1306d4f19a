import { useId, type ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import { ControlFrame } from './ControlFrame.tsx';
import { readWidths } from './scale.ts';
import type { ControlProps } from './types.ts';
import { useDraft } from './useDraft.ts';

/** A box for a list of hidden widths, such as `300, 100`. */
export function WidthsControl({ path, knob, value, ...frame }: ControlProps<Extract<Knob, { kind: 'widths' }>>): ReactElement {
  const id = useId();
  const written = typeof value === 'object' ? value.join(', ') : String(value);
  const { text, setText, reason, setReason } = useDraft(written);

  const commit = (): void => {
    const reading = readWidths(text, knob.max);
    setReason(reading.ok ? null : reading.reason);
    if (reading.ok && reading.value.join(', ') !== written) frame.onChange(reading.value);
    else if (reading.ok) setText(written);
  };

  return (
    <ControlFrame id={id} path={path} knob={knob} value={value} {...frame} error={reason}>
      <input
        id={id} className="number-box wide" autoComplete="off" value={text} disabled={frame.disabled}
        placeholder="none" aria-invalid={reason !== null} aria-describedby={`${id}-help`}
        onChange={(event) => setText(event.target.value)} onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setText(written);
        }}
      />
    </ControlFrame>
  );
}
