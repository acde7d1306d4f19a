import { memo, useMemo, type ReactElement } from 'react';
import { graphOf, isDrawable, type Graph } from '../mask/graph.ts';
import { CODE } from '../mask/states.ts';
import { formatCount } from '../text/numbers.ts';
import { masks, type PanelProps } from './reading.ts';
import './graph.css';

/** Of the drawing, in its own units. */
const SIZE = { width: 600, height: 320, edge: 16, radius: 4 };
const CLASSES: Readonly<Record<number, string>> = { [CODE.kept]: 'kept', [CODE.grown]: 'grown', [CODE.regrown]: 'grown', [CODE.dropped]: 'dropped' };
/** What happened lies above what stayed. */
const ORDER = [CODE.kept, CODE.dropped, CODE.grown, CODE.regrown];

/** A small network as a graph: its links as they were at the step looked at, and nodes that no path goes through. */
export function GraphPanel({ log, cursor }: PanelProps): ReactElement | null {
  const drawable = isDrawable(log.layers);
  const snapshot = drawable ? masks(log, 'main', cursor) : undefined;
  const graph = useMemo(() => snapshot && graphOf(snapshot, log.layers), [snapshot, log]);
  if (!graph) return null;
  const dead = graph.alive.slice(1, -1).flat().filter((alive) => !alive).length;
  const active = graph.edges.filter(({ code }) => code !== CODE.dropped).length;
  const words = `${formatCount(active)} links between ${graph.widths.join(', ')} nodes; ${dead === 0 ? 'every hidden unit is' : `${formatCount(dead)} hidden ${dead === 1 ? 'unit is not' : 'units are not'}`} on a path from an input to an output.`;
  return (
    <section className="panel" aria-label="Network graph">
      <h2>Network <span className="aside">inputs left, outputs right</span></h2>
      <Drawing graph={graph} words={words} />
      <p className="small faint">{words} Orange and dashed: dropped in the last update; blue: grown.</p>
    </section>
  );
}

/** Masks change with updates, and the log much more often: then nothing is drawn anew. */
const Drawing = memo(function Drawing({ graph: { widths, edges, alive }, words }: { graph: Graph; words: string }): ReactElement {
  const x = (column: number): number => SIZE.edge + (column * (SIZE.width - 2 * SIZE.edge)) / (widths.length - 1);
  const y = (column: number, node: number): number => SIZE.edge + ((node + 0.5) * (SIZE.height - 2 * SIZE.edge)) / (widths[column] ?? 1);
  const drawn = edges.toSorted((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
  return (
    <svg className="graph" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={words}>
      {drawn.map(({ layer, from, to, code }) => <line key={`${layer} ${from} ${to}`} className={CLASSES[code]} x1={x(layer)} y1={y(layer, from)} x2={x(layer + 1)} y2={y(layer + 1, to)} />)}
      {alive.flatMap((nodes, column) => nodes.map((isAlive, i) => <circle key={`${column} ${i}`} className={isAlive ? 'alive' : 'dead'} cx={x(column)} cy={y(column, i)} r={SIZE.radius} />))}
    </svg>
  );
});
