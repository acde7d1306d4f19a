import { useId, type ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import { useHelp } from './help.ts';
import { sameValue, type ControlProps } from './types.ts';

/** A checkbox with its label behind it. */
export function FlagControl({ path, knob, value, preset, actsNow, disabled, onChange }: ControlProps<Extract<Knob, { kind: 'flag' }>>): ReactElement {
  const id = useId();
  const help = useHelp(path, knob);
  return (
    <div className="control">
      <div className="control-head">
        <label className="check-row">
          <input
            type="checkbox" checked={value === true} disabled={disabled} aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.checked)}
          />
          {knob.label}
        </label>
        {actsNow && <span className="live-mark"><span className="dot live" aria-hidden="true" />live</span>}
        {!sameValue(value, preset) && (
          <button type="button" className="reset-dot" disabled={disabled} onClick={() => onChange(preset)} title={`Back to ${preset === true ? 'on' : 'off'}`}>
            <span className="visually-hidden">{`Set ${knob.label} back to ${preset === true ? 'on' : 'off'}`}</span>
          </button>
        )}
      </div>
      <p id={`${id}-help`} className="control-help">{help}</p>
    </div>
  );
}
