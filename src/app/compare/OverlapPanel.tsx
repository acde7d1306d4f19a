import { useMemo, useState, type ReactElement } from 'react';
import { ChartTools } from '../charts/ChartTools.tsx';
import { formatPercent, plural } from '../text/numbers.ts';
import { maskedRuns, networkOf, overlapCsv, overlapTable, type OverlapCell, type OverlapTable } from './overlap.ts';
import type { PastRun } from './pastRun.ts';
import { usePastRuns } from './pastRuns.ts';
import '../styles/strips.css';

/** How far the last masks of the session's runs agree, between seeds and between methods, beside what chance gives. */
export function OverlapPanel(): ReactElement {
  const all = usePastRuns((store) => store.runs);
  const [chosen, setChosen] = useState<string | null>(null);
  const { networks, network, table, runs } = useMemo(() => chosenTable(all, chosen), [all, chosen]);
  if (network === undefined || table.cells.every((row) => row.every((cell) => cell === null))) {
    return <p className="muted">Nothing to lay over each other yet: finish two sparse runs of one network, with one method at two seeds or two methods at one seed. A comparison under Methods does both.</p>;
  }
  return (
    <div className="compare-pane">
      {networks.length > 1 && (
        <label className="overlap-network"><span className="control-name">Network</span>
          <select className="select" value={network} onChange={(event) => setChosen(event.target.value)}>{networks.map((one) => <option key={one}>{one}</option>)}</select>
        </label>
      )}
      <p>Of the weights that are active in either of two masks at the end, the share that is active in both. On the diagonal, one method between seeds; elsewhere, two methods at the same seed, so from the same initial weights, and from the same random mask where both begin with one.</p>
      <figure aria-label={`Overlap of masks on ${network}`}>
        <Overlaps network={network} table={table} />
        <ChartTools name="sparseland-overlap" empty={false} csv={() => overlapCsv(table)} svg={async () => (await import('../export/compareFigures.ts')).overlapSvg(table, network, runs)} />
      </figure>
      <p className="small faint">Chance: what masks drawn at random share at these densities, layer by layer; d / (2 - d) where both have density d. Bars run from 0 to 100 %, the tick is chance.</p>
    </div>
  );
}

function Overlaps({ network, table: { methods, cells } }: { network: string; table: OverlapTable }): ReactElement {
  return (
    <div className="table-scroll">
      <table className="diagnostics overlap-table">
        <caption className="visually-hidden">Overlap of masks on {network}</caption>
        <thead><tr><th scope="col">Method, density</th>{methods.map((method) => <th key={method} scope="col">{method}</th>)}</tr></thead>
        <tbody>
          {methods.map((method, i) => (
            <tr key={method}><th scope="row">{method}</th>{methods.map((other, j) => <td key={other}><Cell cell={j > i ? null : cells[i]![j]!} empty={j > i ? '' : '–'} /></td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Overlaps on the chosen network, or else on that of the newest run. */
function chosenTable(all: readonly PastRun[], chosen: string | null): { networks: string[]; network: string | undefined; table: OverlapTable; runs: PastRun[] } {
  const masked = maskedRuns(all);
  const networks = [...new Set(masked.map(networkOf))].toReversed();
  const network = networks.find((one) => one === chosen) ?? networks[0];
  const runs = masked.filter((run) => networkOf(run) === network);
  return { networks, network, table: overlapTable(runs), runs };
}

function Cell({ cell, empty }: { cell: OverlapCell | null; empty: string }): ReactElement {
  if (!cell) return <span className="faint">{empty}</span>;
  return (
    <span className="overlap-cell">
      <b>{formatPercent(cell.share)}</b>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="1" width="100" height="8" className="strip-room" />
        <rect x="0" y="1" width={100 * cell.share} height="8" className="strip-fill" />
        <line x1={100 * cell.chance} x2={100 * cell.chance} y1="0" y2="10" className="strip-tick" vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="small faint">chance {formatPercent(cell.chance)}, {plural(cell.pairs, 'pair')}</span>
    </span>
  );
}
