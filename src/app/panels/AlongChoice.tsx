import { useEffect, useMemo, useState, type ReactElement } from 'react';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { X_AXES, type XAxis } from '../charts/along.ts';
import type { ChartModel } from '../charts/model.ts';
import { look, useView } from '../stores/view.ts';
import type { alongAxis } from './along.ts';
import './along.css';

/** What loss and accuracy run along, for all of their charts at once. */
export function AlongChoice(): ReactElement {
  const along = useView((view) => view.along);
  return (
    <label className="aside">Along{' '}
      <select className="inline-select" value={along} onChange={(event) => look({ along: event.target.value as XAxis })}>
        {(Object.keys(X_AXES) as XAxis[]).map((axis) => <option key={axis} value={axis}>{X_AXES[axis].label}</option>)}
      </select>
    </label>
  );
}

/** What places along the chosen axis mean. @param networks that train together */
export function AlongNote({ networks }: { networks: number }): ReactElement | null {
  const along = useView((view) => view.along);
  if (along === 'flops') return <p className="small faint">Theoretical FLOPs of training: each pass counts what its mask keeps; scoring of mask updates is left out.</p>;
  if (along === 'time') return <p className="small faint">{`Time of training steps${networks > 1 ? `, of all ${networks} networks together: a control has no time of its own` : ''}; pauses and evaluations are left out.`}</p>;
  return null;
}

/** A chart over steps, along what the reader chose. What counts FLOPs is loaded when it is asked for; until then the chart stays as it is. */
export function useAlong(model: ChartModel, log: RunLog, end: number): ChartModel {
  const axis = useView((view) => view.along);
  const [code, setCode] = useState<{ alongAxis: typeof alongAxis } | null>(null);
  useEffect(() => {
    if (axis !== 'step' && !code) import('./along.ts').then(setCode, () => undefined);
  }, [axis, code]);
  return useMemo(() => (axis === 'step' || !code ? model : { ...model, ...code.alongAxis(log, axis, end) }), [model, log, end, axis, code]);
}
