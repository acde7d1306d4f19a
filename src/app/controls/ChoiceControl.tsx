import { useId, type ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import { ControlFrame } from './ControlFrame.tsx';
import type { ControlProps } from './types.ts';

/** A menu, for one of several names. */
export function ChoiceControl({ path, knob, value, ...frame }: ControlProps<Extract<Knob, { kind: 'choice' }>>): ReactElement {
  const id = useId();
  return (
    <ControlFrame id={id} path={path} knob={knob} value={value} {...frame} error={null}>
      <select
        id={id} className="select" value={String(value)} disabled={frame.disabled} aria-describedby={`${id}-help`}
        onChange={(event) => frame.onChange(event.target.value)}
      >
        {knob.options.map((option) => <option key={option} value={option}>{option}</option>)}
      </select>
    </ControlFrame>
  );
}
