import { useMemo, type ReactElement } from 'react';
import { updateSteps } from '../panels/reading.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';

const MOST_TICKS = 120;

/** Looks back along the run; ticks mark mask updates. At the newest step it follows the run. */
export function Scrubber(): ReactElement {
  const { log, version } = useLog();
  const cursor = useView((view) => view.cursor);
  const step = useRun((run) => run.step);
  const total = useRun((run) => run.totalSteps);
  // The log grows in place: its version says when to look again.
  const ticks = useMemo(() => thin(updateSteps(log)), [log, version]);
  const shown = cursor ?? step;
  return (
    <div className="scrubber">
      <svg className="scrubber-ticks" aria-hidden="true" preserveAspectRatio="none" viewBox={`0 0 ${Math.max(1, total)} 6`}>
        {log.edits.map(({ step: at, path, value }) => <line key={`${at}/${path}/${value}`} className="edited" x1={at} x2={at} y1="0" y2="6" vectorEffect="non-scaling-stroke" />)}
        {log.branch && <line className="branched" x1={log.branch.step} x2={log.branch.step} y1="0" y2="6" vectorEffect="non-scaling-stroke" />}
        {ticks.map((at) => <line key={at} x1={at} x2={at} y1="0" y2="6" vectorEffect="non-scaling-stroke" />)}
      </svg>
      <input
        type="range" min={0} max={Math.max(1, total)} step={1} value={shown} disabled={step === 0} aria-label="Step looked at"
        aria-valuetext={cursor === null ? `Step ${formatCount(step)}, the newest` : `Step ${formatCount(cursor)} of ${formatCount(step)}`}
        onChange={(event) => {
          const wanted = Number(event.target.value);
          look({ cursor: wanted >= step ? null : wanted });
        }}
      />
    </div>
  );
}

function thin(steps: readonly number[]): readonly number[] {
  const every = Math.ceil(steps.length / MOST_TICKS);
  return every <= 1 ? steps : steps.filter((_, i) => i % every === 0);
}
