import { memo, useMemo, useRef, type ReactElement } from 'react';
import { graphOf, isDrawable, largestWeight, linkWidth, type Edge, type Graph } from '../mask/graph.ts';
import { CODE } from '../mask/states.ts';
import { useOnScreen } from '../shell/useOnScreen.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount, formatValue } from '../text/numbers.ts';
import { masks, type PanelProps } from './reading.ts';
import { useInspected } from './useInspected.ts';
import './graph.css';

/** Of the drawing, in its own units. */
const SIZE = { width: 600, height: 320, edge: 16, radius: 4 };
const CLASSES: Readonly<Record<number, string>> = { [CODE.kept]: 'kept', [CODE.grown]: 'grown', [CODE.regrown]: 'grown', [CODE.dropped]: 'dropped' };
/** What happened lies above what stayed. */
const ORDER = [CODE.kept, CODE.dropped, CODE.grown, CODE.regrown];

/** A small network as a graph: its links as they were at the step looked at, signed and sized where their weights are known, and nodes that no path goes through. */
export function GraphPanel(props: PanelProps): ReactElement | null {
  return isDrawable(props.log.layers) && masks(props.log, 'main', props.cursor) ? <Network {...props} /> : null;
}

function Network({ log, version, cursor }: PanelProps): ReactElement | null {
  const frame = useRef<HTMLElement>(null);
  const seen = useOnScreen(frame);
  const isLive = useRun((run) => run.source === 'live');
  const looksBack = useView((view) => view.cursor !== null);
  const found = useInspected(log, 'weights', log.layers.map(({ name }) => name), isLive && !looksBack && seen, version);
  const values = isLive && !looksBack && found.every((one) => one !== undefined) ? found.map(({ values: own }) => own) : undefined;
  const step = values && Math.min(...found.map((one) => one?.step ?? 0));
  const snapshot = masks(log, 'main', cursor);
  const graph = useMemo(() => snapshot && graphOf(snapshot, log.layers, values), [snapshot, log, step]);
  if (!graph) return null;
  const dead = graph.alive.slice(1, -1).flat().filter((alive) => !alive).length;
  const active = graph.edges.filter(({ code }) => code !== CODE.dropped);
  const negative = active.filter(({ weight = 0 }) => weight < 0).length;
  const signs = values ? ` ${formatCount(negative)} weights are negative.` : '';
  const words = `${formatCount(active.length)} links between ${graph.widths.join(', ')} nodes; ${dead === 0 ? 'every hidden unit is' : `${formatCount(dead)} hidden ${dead === 1 ? 'unit is not' : 'units are not'}`} on a path from an input to an output.${signs}`;
  return (
    <section className="panel" aria-label="Network graph" ref={frame}>
      <h2>Network <span className="aside">inputs left, outputs right</span></h2>
      <Drawing graph={graph} words={words} />
      <LinkLegend largest={values && largestWeight(graph)} />
      <p className="small faint">{words} {step === undefined ? absence(isLive, looksBack) : `Weights as of step ${formatCount(step)}.`}</p>
    </section>
  );
}

function absence(isLive: boolean, looksBack: boolean): string {
  if (isLive && looksBack) return 'Weights are not kept for earlier steps.';
  return isLive ? 'Weights are being read.' : 'Signs and sizes are shown of a live run; a recording holds no weights.';
}

const signOf = ({ code, weight }: Edge): string => (code === CODE.dropped || weight === undefined || weight === 0 ? '' : weight < 0 ? ' negative' : ' positive');

/** Masks change with updates, and weights when they are read, but the log much more often: then nothing is drawn anew. */
const Drawing = memo(function Drawing({ graph, words }: { graph: Graph; words: string }): ReactElement {
  const { widths, edges, alive } = graph;
  const largest = largestWeight(graph);
  const x = (column: number): number => SIZE.edge + (column * (SIZE.width - 2 * SIZE.edge)) / (widths.length - 1);
  const y = (column: number, node: number): number => SIZE.edge + ((node + 0.5) * (SIZE.height - 2 * SIZE.edge)) / (widths[column] ?? 1);
  const drawn = edges.toSorted((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
  const place = ({ layer, from, to }: Edge): { x1: number; y1: number; x2: number; y2: number } => ({ x1: x(layer), y1: y(layer, from), x2: x(layer + 1), y2: y(layer + 1, to) });
  return (
    <svg className="graph" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={words}>
      {drawn.flatMap((edge) => {
        const key = `${edge.layer} ${edge.from} ${edge.to}`;
        const width = edge.code === CODE.dropped ? 1.5 : linkWidth(edge, largest);
        const sign = signOf(edge);
        const line = <line key={key} className={`${CLASSES[edge.code]}${sign}`} strokeWidth={width} {...place(edge)} />;
        // A grown link shows both: blue around its sign.
        return CLASSES[edge.code] === 'grown' && sign ? [<line key={`${key} rim`} className="rim" strokeWidth={width + 2.5} {...place(edge)} />, line] : [line];
      })}
      {alive.flatMap((nodes, column) => nodes.map((isAlive, i) => <circle key={`${column} ${i}`} className={isAlive ? 'alive' : 'dead'} cx={x(column)} cy={y(column, i)} r={SIZE.radius} />))}
    </svg>
  );
});

/** What lines and nodes mean. @param largest magnitude of a weight; undefined where weights are not known */
function LinkLegend({ largest }: { largest: number | undefined }): ReactElement {
  const known = largest !== undefined;
  const items: readonly { words: string; lines: readonly string[]; width?: number; node?: boolean }[] = [
    ...(known ? [{ words: 'positive', lines: ['kept positive'], width: 2.5 }, { words: 'negative', lines: ['kept negative'], width: 2.5 }] : [{ words: 'kept', lines: ['kept'] }]),
    { words: 'grown', lines: known ? ['rim', 'kept positive'] : ['grown'], width: 2.5 },
    { words: 'dropped', lines: ['dropped'] },
    { words: 'on no path', lines: [], node: true },
  ];
  return (
    <ul className="graph-legend small" aria-label="Lines of the network graph">
      {items.map(({ words, lines, width = 1.5, node }) => (
        <li key={words}>
          <svg className="graph-sign" viewBox="0 0 24 12" aria-hidden="true">
            {lines.map((line) => <line key={line} className={line} x1={1} x2={23} y1={6} y2={6} strokeWidth={line === 'rim' ? width + 3 : width} />)}
            {node && <circle className="dead" cx={12} cy={6} r={4} />}
          </svg>
          {words}
        </li>
      ))}
      {known && <li>width by √|w|, largest {formatValue(largest)}</li>}
    </ul>
  );
}
