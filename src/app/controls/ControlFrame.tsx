import type { ReactElement, ReactNode } from 'react';
import { useHelp } from './help.ts';
import { sameValue, type ControlProps } from './types.ts';

interface FrameProps extends Omit<ControlProps, 'value'> {
  id: string;
  value?: ControlProps['value'];
  error: string | null;
  children: ReactNode;
}

/** Label, live mark, reset dot and help line around a control. */
export function ControlFrame({ id, path, knob, value, preset, actsNow, onChange, disabled, error, children }: FrameProps): ReactElement {
  // "Steps steps" says nothing more than "Steps".
  const unit = 'unit' in knob && knob.unit !== knob.label.toLowerCase() ? knob.unit : undefined;
  const help = useHelp(path, knob);
  const changed = value !== undefined && !sameValue(value, preset);
  return (
    <div className="control">
      <div className="control-head">
        <label htmlFor={id}>{knob.label}{unit && <span className="label-unit"> {unit}</span>}</label>
        {actsNow && <span className="live-mark" title="Acts at once on the run under way"><span className="dot live" aria-hidden="true" />live</span>}
        {changed && (
          <button type="button" className="reset-dot" disabled={disabled} onClick={() => onChange(preset)} title={`Back to ${presetWords(preset)}`}>
            <span className="visually-hidden">{`Set ${knob.label} back to ${presetWords(preset)}`}</span>
          </button>
        )}
      </div>
      {children}
      <p id={`${id}-help`} className="control-help">
        {error ? <span className="control-error">{error}</span> : help}
      </p>
    </div>
  );
}

function presetWords(preset: ControlProps['preset']): string {
  if (typeof preset === 'object') return preset.length ? preset.join(', ') : 'none';
  return typeof preset === 'boolean' ? (preset ? 'on' : 'off') : String(preset);
}
