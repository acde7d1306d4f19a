import { useMemo, type ReactElement } from 'react';
import { formatCount, formatDuration, formatPercent, formatQuantity } from '../text/numbers.ts';
import { useRun } from '../stores/run.ts';
import { medianOf, type PanelProps } from './reading.ts';

/** What a training step costs: in theory (hollow bar) and as measured on this device (solid bar), on one axis. */
export function CostPanel({ log, version, end }: PanelProps): ReactElement {
  const main = log.cost.find((cost) => cost.arm === 'main');
  const recorded = useRun((run) => run.source === 'recording');
  const time = useMemo(() => medianOf(log, 'main', 'time', 'stepMs', end), [log, version, end]);
  const denseTime = useMemo(() => medianOf(log, 'dense', 'time', 'stepMs', end), [log, version, end]);
  const theory = main ? main.flops / main.denseFlops : undefined;
  const measured = time && denseTime ? time.value / denseTime.value : undefined;
  const most = Math.max(1, measured ?? 0, theory ?? 0);
  return (
    <section className="panel" aria-label="Cost">
      <h2>Cost of a step <span className="aside">100 % = the same step, dense</span></h2>
      <dl className="costs">
        <dt>In theory</dt>
        <dd>
          <CostBar share={theory === undefined ? undefined : theory / most} full={1 / most} hollow />
          <span>{theory === undefined ? '–' : formatPercent(theory, 0)}</span>
          <span className="small faint cost-detail">{main ? `${formatQuantity(main.flops, 'FLOP')} of ${formatQuantity(main.denseFlops, 'FLOP')}` : 'known once the program is laid out'}</span>
        </dd>
        <dt>Measured</dt>
        <dd>
          <CostBar share={measured === undefined ? undefined : measured / most} full={1 / most} />
          <span>{measured === undefined ? '–' : formatPercent(measured, 0)}</span>
          <span className="small faint cost-detail">{time ? `${formatDuration(time.value)} a step, median of ${formatCount(time.n)}${recorded ? ', on the device that recorded it' : ''}` : 'nothing measured yet'}</span>
        </dd>
      </dl>
      <p className="small faint">
        {main ? `${formatCount(main.dispatches)} dispatches and ${formatQuantity(main.bytes, 'B')} moved a step; ${formatQuantity(main.peakBytes, 'B')} of GPU memory at peak.` : ''}
      </p>
      <span className="chip cost-chip">Simulated sparsity: dense arithmetic, no speed-up</span>
    </section>
  );
}

function CostBar({ share, full, hollow = false }: { share: number | undefined; full: number; hollow?: boolean }): ReactElement {
  return (
    <svg className="cost-bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2="100" y1="13.5" y2="13.5" className="axis" vectorEffect="non-scaling-stroke" />
      <line x1={full * 100} x2={full * 100} y1="0" y2="14" className="cost-full" vectorEffect="non-scaling-stroke" />
      {share !== undefined && <rect x="0.4" y="2" width={Math.max(0, share * 100 - 0.8)} height="9" className={hollow ? 'cost-hollow' : 'cost-solid'} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}
