import { useMemo, useState, type ReactElement } from 'react';
import { datasetCard } from '../../engine/data/cards.ts';
import type { StorageFacts } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { type Ledger, ledgerAt, ledgerUpTo, totalOf, type PassFlops } from '../../engine/experiment/ledger.ts';
import { phaseIndexAt, storageAt } from '../../engine/experiment/runLog.ts';
import { measuredPass } from '../../engine/experiment/storageCost.ts';
import { patternOf } from '../../engine/sparsity/pattern.ts';
import { PASSES, type Pass, type Skipping, skippingOf } from '../../engine/sparsity/passes.ts';
import { formatCount, formatDensity, formatDuration, formatPercent, formatQuantity } from '../text/numbers.ts';
import type { PanelProps } from './reading.ts';
import '../styles/ledger.css';

/** How passes are called. */
const PASS_WORDS: Readonly<Record<Pass, string>> = { forward: 'Forward', 'input gradient': 'Input gradient', 'weight gradient': 'Weight gradient' };

/** What the column of executable figures means. */
const SKIPPING: Readonly<Record<Skipping, (name: string) => string>> = {
  nm: (name) => `${name}: what N:M hardware can skip. Its pattern has to lie along what a product sums over: inputs on the way forward, outputs on the way back. Weight gradients sum over the batch, where none lies.`,
  block: () => 'blocks: what an index of blocks skips.',
  csr: () => 'csr: what an index of single weights skips.',
};

type Span = 'step' | 'run';

/** A line of the ledger. */
interface Row {
  name: string;
  flops: Omit<PassFlops, 'pass'>;
  measured?: { ms: number; denseMs: number } | undefined;
}

/**
 * FLOPs of a step, or of all steps so far, pass by pass: in theory, and what can in fact be skipped; beside them what a step was measured to take.
 * @param whose whose times they are, such as `on this device`
 */
export function LedgerTable({ log, version, cursor, end, whose }: PanelProps & { whose: string }): ReactElement | null {
  const [span, setSpan] = useState<Span>('step');
  const data = datasetCard(log.experiment?.data.set ?? '');
  const ledger = useMemo(() => data && (span === 'step' ? ledgerAt(log, data, cursor) : ledgerUpTo(log, data, cursor)), [log, version, cursor, span, data]);
  const layers = useMemo(() => storageAt(log, 'main', end), [log, version, end]);
  const { experiment } = log;
  if (!ledger || !experiment) return null;
  const batches = experiment.phases[phaseIndexAt(log, cursor)]?.accumulate ?? 1;
  const timed = span === 'step' ? layers : [];
  const title = columnOf(experiment);
  return (
    <div className="ledger">
      <h3>
        FLOPs by pass{' '}
        <label className="aside"><span className="visually-hidden">Counted over </span>
          <select className="inline-select" value={span} onChange={(event) => setSpan(event.target.value as Span)}>
            <option value="step">{`step ${formatCount(Math.min(cursor + 1, log.totalSteps))}`}</option>
            <option value="run">{`all ${formatCount(cursor)} steps so far`}</option>
          </select>
        </label>
      </h3>
      <Table caption="FLOPs by pass" title={title} rows={rowsOf(ledger, timed, batches)} timed={span === 'step'} />
      <details>
        <summary className="small">By layer</summary>
        <LayersTable ledger={ledger} timed={timed} batches={batches} title={title} />
      </details>
      <p className="small faint">
        {`Hollow: in theory, a pass counts what its mask keeps. ${SKIPPING[skippingOf(experiment.masks)](title)}`}
        {timed.length > 0 && ` Solid: measured ${whose}, for ${layerNames(timed)} as stored; 100\u202f% is dense arithmetic.`}
      </p>
    </div>
  );
}

/** What can skip weights of the masks: `2:8`, `csr`, `blocks`. */
function columnOf({ masks }: Experiment): string {
  const pattern = patternOf(masks);
  return pattern ? `${pattern.n}:${pattern.m}` : skippingOf(masks) === 'block' ? 'blocks' : 'csr';
}

const layerNames = (layers: readonly StorageFacts[]): string => (layers.length > 3 ? `${layers.length} layers` : layers.map(({ layer }) => layer).join(', '));

function rowsOf(ledger: Ledger, timed: readonly StorageFacts[], batches: number): Row[] {
  const passes: Row[] = PASSES.map((pass) => ({ name: PASS_WORDS[pass], flops: totalOf(ledger, pass), measured: measuredPass(timed, pass, batches) }));
  const rest = { dense: ledger.rest, theory: ledger.rest, executable: ledger.rest };
  return [...passes, { name: 'All else', flops: rest }].filter(({ flops }) => flops.dense > 0).concat({ name: 'Total', flops: totalOf(ledger), measured: summed(passes) });
}

function summed(rows: readonly Row[]): Row['measured'] {
  const known = rows.flatMap(({ measured }) => measured ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, { ms, denseMs }) => ({ ms: sum.ms + ms, denseMs: sum.denseMs + denseMs }), { ms: 0, denseMs: 0 });
}

const shareLeft = (flops: number, { dense }: Pick<PassFlops, 'dense'>): number => (dense > 0 ? flops / dense : 1);
const shareOf = ({ ms, denseMs }: NonNullable<Row['measured']>): number => (denseMs > 0 ? ms / denseMs : 1);

/** The end of the axis that all bars share: dense arithmetic, or what takes longer. */
const axisOf = (rows: readonly Row[]): number => Math.max(1, ...rows.flatMap(({ measured }) => (measured ? shareOf(measured) : [])));

function Table({ caption, title, rows, timed }: { caption: string; title: string; rows: readonly Row[]; timed: boolean }): ReactElement {
  const most = axisOf(rows);
  return (
    <div className="table-scroll">
      <table className="diagnostics ledger-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead><tr><th scope="col">Pass</th><th scope="col">Theory</th><th scope="col">{title}</th>{timed && <th scope="col">Measured</th>}</tr></thead>
        <tbody>{rows.map((row) => <Line key={row.name} row={row} most={most} timed={timed} />)}</tbody>
      </table>
    </div>
  );
}

function Line({ row: { name, flops, measured }, most, timed }: { row: Row; most: number; timed: boolean }): ReactElement {
  const [theory, executable] = [shareLeft(flops.theory, flops), shareLeft(flops.executable, flops)];
  return (
    <tr>
      <th scope="row">{name}<PassBar theory={theory} executable={executable} measured={measured && shareOf(measured)} most={most} /></th>
      <td>{formatDensity(theory)}<span className="small faint ledger-below">{formatQuantity(flops.theory, 'FLOP')}</span></td>
      <td>{formatDensity(executable)}</td>
      {timed && <td>{measured ? <>{formatDuration(measured.ms)}<span className="small faint ledger-below">{formatPercent(shareOf(measured), 0)}</span></> : '–'}</td>}
    </tr>
  );
}

/** Hollow: theory, with a line on to what is left where it is carried out. Solid: measured. Both against dense arithmetic, the dashed line. */
function PassBar({ theory, executable, measured, most }: { theory: number; executable: number; measured: number | undefined; most: number }): ReactElement {
  const x = (share: number): number => (share / most) * 99;
  return (
    <svg className="ledger-bar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      <line x1={x(1)} x2={x(1)} y1="0" y2="16" className="cost-full" vectorEffect="non-scaling-stroke" />
      <rect x="0.5" y="1.5" width={Math.max(0, x(theory) - 0.5)} height="5.5" className="cost-hollow" vectorEffect="non-scaling-stroke" />
      {executable > theory && <line x1={x(theory)} x2={x(executable)} y1="4.25" y2="4.25" className="ledger-left" vectorEffect="non-scaling-stroke" />}
      {measured !== undefined && <rect x="0" y="9.5" width={x(measured)} height="5.5" className="cost-solid" />}
    </svg>
  );
}

/** The same for each layer: a column a pass. */
function LayersTable({ ledger, timed, batches, title }: { ledger: Ledger; timed: readonly StorageFacts[]; batches: number; title: string }): ReactElement {
  return (
    <div className="table-scroll">
      <table className="diagnostics ledger-table">
        <caption className="visually-hidden">{`FLOPs by layer and pass: in theory, ${title}, and measured`}</caption>
        <thead><tr><th scope="col">Layer</th>{PASSES.map((pass) => <th key={pass} scope="col">{PASS_WORDS[pass]}</th>)}</tr></thead>
        <tbody>
          {ledger.layers.map(({ name, passes }) => {
            const own = timed.filter(({ layer }) => layer === name);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {PASSES.map((pass) => <LayerCell key={pass} flops={passes.find((one) => one.pass === pass)} measured={measuredPass(own, pass, batches)} title={title} />)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function LayerCell({ flops, measured, title }: { flops: PassFlops | undefined; measured: Row['measured']; title: string }): ReactElement {
  if (!flops) return <td>–</td>;
  return (
    <td>
      {formatDensity(shareLeft(flops.theory, flops))}
      <span className="small faint ledger-below">{`${title} ${formatDensity(shareLeft(flops.executable, flops))}`}</span>
      {measured && <span className="small faint ledger-below">{formatDuration(measured.ms)}</span>}
    </td>
  );
}
