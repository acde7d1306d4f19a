import type { ReactElement } from 'react';
import { formatCount, formatDensity } from '../text/numbers.ts';
import { valueAt, type PanelProps } from './reading.ts';
import '../styles/tables.css';

/** Measures of a layer's mask: column of the log, heading, meaning, and how it is written. */
const MEASURES = [
  { column: 'effective', title: 'Effective', help: 'Share of the weights that lie on a path of active weights from an input to an output', write: formatDensity },
  { column: 'itop', title: 'Explored', help: 'Share of the weights that were active at any time so far (the in-time over-parameterization rate)', write: formatDensity },
  { column: 'flips', title: 'Flips', help: 'Weights that changed between active and inactive in the last update', write: formatCount },
  { column: 'dead', title: 'Dead units', help: 'Units without a single active link on one of their sides', write: formatCount },
] as const;

/** How healthy the masks are, layer by layer; empty until the first update has been measured. */
export function DiagnosticsPanel({ log, cursor }: PanelProps): ReactElement | null {
  const layers = log.layers.filter((layer) => layer.maskable);
  const newest = valueAt(log, 'main', 'mask', 'density', cursor);
  if (!newest || layers.length === 0) return null;
  const cell = (prefix: string, column: string, write: (value: number) => string): string => {
    const measured = valueAt(log, 'main', 'mask', prefix + column, cursor);
    return measured ? write(measured.value) : '–';
  };
  return (
    <section className="panel" aria-label="Diagnostics">
      <h2>Diagnostics <span className="aside">as of step {formatCount(newest.step)}</span></h2>
      <div className="table-scroll">
        <table className="diagnostics">
          <thead><tr><th scope="col">Layer</th>{MEASURES.map(({ column, title, help }) => <th key={column} scope="col"><abbr title={help}>{title}</abbr></th>)}</tr></thead>
          <tbody>
            {layers.map((layer) => <tr key={layer.name}><th scope="row">{layer.name}</th>{MEASURES.map(({ column, write }) => <td key={column}>{cell(`${layer.name}.`, column, write)}</td>)}</tr>)}
            <tr><th scope="row">all</th>{MEASURES.map(({ column, write }) => <td key={column}>{cell('', column, write)}</td>)}</tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}
