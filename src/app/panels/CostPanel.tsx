import { useMemo, type ReactElement } from 'react';
import { formatCount, formatDuration, formatPercent, formatQuantity, plural } from '../text/numbers.ts';
import type { CostFacts } from '../../engine/experiment/events.ts';
import { adapterName, useRun } from '../stores/run.ts';
import '../styles/cost.css';
import { later } from './later.tsx';
import { stepTimeUpTo, type PanelProps } from './reading.ts';

/** What the storage of the layers means for the time of a step. */
const STORAGE = {
  masked: 'Simulated sparsity: dense arithmetic, no speed-up',
  csr: 'Stored as csr: only active weights are multiplied',
  block: 'Stored as blocks: only active blocks are multiplied',
  nm: 'Stored as N of every M weights: only these are multiplied',
  auto: 'Stored as what measures faster, layer by layer',
} as const satisfies Record<CostFacts['format'], string>;

const LedgerTable = later(async () => (await import('./LedgerTable.tsx')).LedgerTable);
const StorageTimes = later(async () => (await import('./StorageTimes.tsx')).StorageTimes);

/** What a training step costs: in theory (hollow bar) and as measured on this device (solid bar), on one axis. */
export function CostPanel(props: PanelProps): ReactElement {
  const { log, version, end } = props;
  const main = log.cost.find((cost) => cost.arm === 'main');
  const recorded = useRun((run) => run.source === 'recording');
  const live = useRun((run) => run.adapter);
  const time = useMemo(() => stepTimeUpTo(log, end), [log, version, end]);
  const theory = main ? main.flops / main.denseFlops : undefined;
  const whose = `on ${recorded ? 'the device that recorded it' : 'this device'}${(recorded ? log.adapter : live)?.software ? ', software adapter' : ''}`;
  const named = recorded && log.adapter ? `on the device that recorded it, ${adapterName(log.adapter)}` : whose;
  const networks = log.arms.length > 1 ? `of all ${log.arms.length} networks` : 'of the network';
  return (
    <section className="panel" aria-label="Cost">
      <h2>Cost of a step <span className="aside">100 % = dense arithmetic</span></h2>
      <dl className="costs">
        <dt>Measured</dt>
        <dd>
          <CostBar share={time && 1} />
          <span>{time ? formatDuration(time.stepMs) : '–'}</span>
          <span className="small faint cost-detail">{time ? `one step ${networks}, median of ${plural(time.n, 'step')}, ${named}` : 'nothing measured yet'}</span>
        </dd>
        <dt>In theory</dt>
        <dd>
          <CostBar share={theory} hollow />
          <span>{theory === undefined ? '–' : formatPercent(theory, 0)}</span>
          <span className="small faint cost-detail">{main ? `${formatQuantity(main.flops, 'FLOP')} of ${formatQuantity(main.denseFlops, 'FLOP')}, if each pass counted what its mask keeps, at the final density` : 'known once the programs are traced'}</span>
        </dd>
      </dl>
      <p className="small faint">
        {main ? `${formatCount(main.dispatches)} dispatches and ${formatQuantity(main.bytes, 'B')} bound a step; ${formatQuantity(main.peakBytes, 'B')} of GPU memory at peak.` : ''}
      </p>
      <span className="chip cost-chip">{STORAGE[main?.format ?? 'masked']}</span>
      <LedgerTable {...props} whose={named} />
      <StorageTimes {...props} whose={whose} named={named} />
    </section>
  );
}

function CostBar({ share, hollow = false }: { share: number | undefined; hollow?: boolean }): ReactElement {
  return (
    <svg className="cost-bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2="100" y1="13.5" y2="13.5" className="axis" vectorEffect="non-scaling-stroke" />
      <line x1="99.7" x2="99.7" y1="0" y2="14" className="cost-full" vectorEffect="non-scaling-stroke" />
      {share !== undefined && <rect x="0.4" y="2" width={Math.max(0, share * 100 - 0.8)} height="9" className={hollow ? 'cost-hollow' : 'cost-solid'} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}
