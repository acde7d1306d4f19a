import type { ReactElement } from 'react';
import type { ContenderReport, RowReport } from '../../bench/measure.ts';
import { formatDuration } from '../text/numbers.ts';

/** A row as bars on one axis that begins at 0: median, quartiles as a line, and the figures in words. */
export function RowBars({ row, adapter, software }: { row: RowReport; adapter: string; software: boolean }): ReactElement {
  const most = Math.max(...row.contenders.map(({ wall }) => wall.upper));
  return (
    <section className="panel" aria-label={row.name}>
      <h2>{row.name} <span className="aside">{adapter}{software ? ', software adapter' : ''}</span></h2>
      <p className="small muted">{row.title}. Wall time of one execution: median and quartiles; shorter is faster.</p>
      <table className="bench-table">
        <thead className="visually-hidden"><tr><th scope="col">Contender</th><th scope="col">Bar</th><th scope="col">Median</th><th scope="col">Spread</th></tr></thead>
        <tbody>{row.contenders.map((contender) => <Bar key={contender.name} contender={contender} most={most} baseline={row.baseline} />)}</tbody>
      </table>
      {row.executions > 1 && <p className="small faint">{row.executions} executions a sample.</p>}
    </section>
  );
}

function Bar({ contender, most, baseline }: { contender: ContenderReport; most: number; baseline: string }): ReactElement {
  const { name, peer, wall, n, relative } = contender;
  const at = (ms: number): number => (100 * ms) / most;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="bench-cell">
        <svg className="bench-bar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
          <rect x="0" y="2" width={at(wall.median)} height="12" className={peer === null ? 'bench-own' : 'bench-peer'} />
          <line x1={at(wall.lower)} x2={at(wall.upper)} y1="8" y2="8" className="bench-spread" vectorEffect="non-scaling-stroke" />
        </svg>
      </td>
      <td className="bench-figure">{formatDuration(wall.median)}</td>
      <td className="small faint bench-detail">
        {formatDuration(wall.lower)} to {formatDuration(wall.upper)}, n = {n}{name === baseline ? '' : `; ${relative.toFixed(2)} × ${baseline}`}
      </td>
    </tr>
  );
}
