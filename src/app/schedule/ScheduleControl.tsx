import { useMemo, type ReactElement } from 'react';
import type { Knob } from '../../engine/experiment/card.ts';
import { Sparkline } from '../charts/Sparkline.tsx';
import { ControlFrame } from '../controls/ControlFrame.tsx';
import type { ControlProps } from '../controls/types.ts';
import { scheduleModel } from '../panels/curves.ts';
import { livePath } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { ScheduleEditor } from './ScheduleEditor.tsx';
import { usePlanned } from './usePlanned.ts';

/** Room around the small plot: half of a handle, so that none is cut off. */
const ROOM = 20;
const HEIGHT = 128;

/** The schedule as a small chart to drag, among the settings. */
export function ScheduleControl(props: ControlProps<Extract<Knob, { kind: 'points' }>>): ReactElement {
  const phase = props.path === livePath(props.path) ? 0 : Number(props.path.split('.')[1]);
  const { log, version } = useLog();
  const end = useRun((run) => run.step);
  const theme = useView((view) => view.theme);
  const planned = usePlanned(log);
  const model = useMemo(() => scheduleModel(log, end, planned), [log, version, end, planned]);
  return (
    <ControlFrame {...props} id={`schedule-${phase}`} error={null}>
      <ScheduleEditor
        phase={phase}
        renderChart={(overlay) => (
          <div className="schedule-mini" role="group" aria-label="Density over the run: planned dashed, achieved solid" style={{ padding: `${ROOM / 2}px ${ROOM / 2}px` }}>
            <Sparkline model={model} height={HEIGHT} theme={theme} />
            {overlay({ left: ROOM / 2, right: ROOM / 2, top: ROOM / 2 + 3, bottom: ROOM / 2 + 3 })}
          </div>
        )}
      />
    </ControlFrame>
  );
}
