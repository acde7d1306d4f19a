import { useMemo, type ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import { Sparkline, SPARK_PAD } from '../charts/Sparkline.tsx';
import { useThrottled } from '../charts/useThrottled.ts';
import { ControlFrame } from '../controls/ControlFrame.tsx';
import type { ControlProps } from '../controls/types.ts';
import { scheduleModel } from '../panels/scheduleModel.ts';
import { livePath } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { ScheduleEditor } from './ScheduleEditor.tsx';
import { usePlanned } from './usePlanned.ts';

/** Room around the small plot, so that no handle is cut off, and below it for its axis. */
const ROOM = 8;
const AXIS = 16;
const HEIGHT = 120;
/** Painting a canvas makes the browser lay out the page: not with each event of a fast run. */
const REDRAW_MS = 250;

/** The schedule as a small chart to drag, among the settings. */
export function ScheduleControl(props: ControlProps<Extract<Knob, { kind: 'points' }>>): ReactElement {
  const phase = props.path === livePath(props.path) ? 0 : Number(props.path.split('.')[1]);
  const totalSteps = useLog((store) => store.log.totalSteps);
  return (
    <ControlFrame {...props} id={`schedule-${phase}`} error={null}>
      <ScheduleEditor
        phase={phase}
        renderChart={(overlay) => (
          <div id={`schedule-${phase}`} className="schedule-mini" role="group" aria-label="Density over the run: planned dashed, achieved solid" style={{ padding: ROOM }}>
            <Curves />
            <p className="schedule-axis small faint" aria-hidden="true"><span>0</span><span>step {formatCount(totalSteps)}</span></p>
            <p className="schedule-top small faint" aria-hidden="true">100 %</p>
            {overlay({ left: ROOM, right: ROOM, top: ROOM + SPARK_PAD, bottom: ROOM + SPARK_PAD + AXIS })}
          </div>
        )}
      />
    </ControlFrame>
  );
}

/** What is planned and reached, apart: it changes with every event of a run, and the handles over it do not. */
function Curves(): ReactElement {
  const { log, version } = useLog();
  const end = useRun((run) => run.step);
  const theme = useView((view) => view.theme);
  const planned = usePlanned(log);
  const model = useMemo(() => scheduleModel(log, end, planned), [log, version, end, planned]);
  return <Sparkline model={useThrottled(model, REDRAW_MS)} height={HEIGHT} theme={theme} />;
}
