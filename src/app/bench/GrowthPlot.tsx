import { lazy, Suspense, type ReactElement } from 'react';
import { growthCells, growthPanels } from '../../bench/growth.ts';
import type { RowReport } from '../../bench/measure.ts';

/** The chart library is large: it comes with the first grid that was measured. */
const GrowthChart = lazy(() => import('./GrowthChart.tsx').then(({ GrowthChart: chart }) => ({ default: chart })));

/** What the grids among the rows say: step time against density in a panel a width, and the same as a table. */
export function GrowthPlot({ rows, adapter, software }: { rows: readonly RowReport[]; adapter: string; software: boolean }): ReactElement | null {
  const panels = growthPanels(rows);
  const [head = [], ...cells] = growthCells(panels);
  if (panels.length === 0) return null;
  return (
    <section className="panel" aria-label="growth">
      <h2>growth <span className="aside">{adapter}{software ? ', software adapter' : ''}</span></h2>
      <p className="small muted">
        Time of a training step of an MLP with two hidden layers, against the density of their masks, on logarithmic axes. Dotted: the dense network. Circles: below this density the format is faster than it.
      </p>
      <Suspense fallback={<p className="small faint">Loading the charts.</p>}>
        <div className="growth-panels">{panels.map((panel) => <GrowthChart key={panel.width} panel={panel} />)}</div>
      </Suspense>
      <p className="small faint">Milliseconds of a step, by the dense step of the same rounds{software ? '; software adapter' : ''}.</p>
      <div className="growth-table" tabIndex={0} role="region" aria-label="growth, as a table">
        <table className="small">
          <thead><tr>{head.map((words) => <th key={words} scope="col">{words}</th>)}</tr></thead>
          <tbody>
            {cells.map((row) => <tr key={`${row[0]} ${row[1]}`}>{row.map((words, i) => (i < 2 ? <th key={head[i]} scope="row">{words}</th> : <td key={head[i]}>{words}</td>))}</tr>)}
          </tbody>
        </table>
      </div>
    </section>
  );
}
