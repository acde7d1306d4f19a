import { useMemo, type ReactElement } from 'react';
import type { StorageFacts } from '../../engine/experiment/events.ts';
import { storageAt } from '../../engine/experiment/runLog.ts';
import { addLines, crossoverOf, msAt, sparseLine, type TimeLine } from '../../engine/experiment/storageCost.ts';
import { slowPatternSentence, storageWords } from '../../engine/experiment/storageWords.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { formatDensity, formatDuration } from '../text/numbers.ts';
import type { PanelProps } from './reading.ts';
import '../styles/storage.css';

/**
 * What each layer takes in each format, as measured: time against density, and where csr, or block where masks have blocks, begins to pay.
 * @param whose whose times they are, such as `on this device`
 * @param named the same, and of a recording the name of its adapter
 */
export function StorageTimes({ log, version, end, whose, named }: PanelProps & { whose: string; named: string }): ReactElement | null {
  const layers = useMemo(() => storageAt(log, 'main', end), [log, version, end]);
  // Filters of convolutions have one format.
  const maskable = log.layers.filter((layer) => layer.maskable && !layer.kernel);
  if (maskable.length === 0) return null;
  const slow = log.experiment && slowPatternSentence(layers, log.experiment.masks, named);
  const waiting = maskable.filter(({ name }) => !layers.some(({ layer }) => layer === name)).map(({ name }) => name);
  return (
    <div className="storage">
      <h3>Products by storage {layers.length > 0 && <span className="aside">{layers.length > 3 ? `${layers.length} layers` : layers.map(({ layer }) => layer).join(' + ')} in a step</span>}</h3>
      {layers.length > 0 && <CrossoverChart layers={layers} whose={whose} />}
      {slow && <p className="small">{slow} Rows can share a pattern: what that takes is measured once it is set.</p>}
      <ul className="storage-layers">
        {layers.map((facts) => <LayerTimes key={facts.layer} facts={facts} whose={whose} />)}
      </ul>
      {waiting.length > 0 && (
        <p className="small faint">
          {`${layers.length === 0 ? 'What other formats would take here is' : `${waiting.join(', ')}:`} not measured yet. Measuring takes at most 5\u202f% of the time, and changes no number of the run.`}
        </p>
      )}
    </div>
  );
}

function LayerTimes({ facts, whose }: { facts: StorageFacts; whose: string }): ReactElement {
  const { ms, pays } = storageWords(facts);
  const own = ms[facts.format];
  const others = Object.entries(ms).filter(([format]) => format !== facts.format);
  return (
    <li>
      <span><b>{facts.layer}</b> {facts.format}</span>
      <span>{own === undefined ? '–' : formatDuration(own)}</span>
      <span className="small faint storage-detail">
        {`${others.map(([format, time]) => `against ${formatDuration(time)} ${format}, `).join('')}at ${formatDensity(facts.density)} density; ${pays} ${whose}`}
      </span>
    </li>
  );
}

const HEIGHT = 112;
const EDGE = { left: 52, right: 12, top: 18, bottom: 18 } as const;
/** About the width of a letter. */
const LETTER = 6.4;
/** Ends of the density axis to choose from. */
const ENDS = [0.1, 0.25, 0.5, 1] as const;

/** Time of all measured layers against their density, if that were the same in all; and the network as it is now. */
function CrossoverChart({ layers, whose }: { layers: readonly StorageFacts[]; whose: string }): ReactElement | null {
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const { lines, now, density } = useMemo(() => totalOf(layers), [layers]);
  const crossover = crossoverOf(lines);
  const [masked, sparse] = [lines.find(({ format }) => format === 'masked'), sparseLine(lines)];
  if (!masked || !sparse || crossover === undefined) return null;
  const most = ENDS.find((share) => share >= Math.max(2.2 * crossover, 1.05 * density)) ?? 1;
  const tallest = Math.max(1.5 * msAt(masked, 0), 1.1 * now, 1e-6);
  const x = (share: number): number => EDGE.left + (share / most) * Math.max(0, width - EDGE.left - EDGE.right);
  const y = (ms: number): number => HEIGHT - EDGE.bottom - (ms / tallest) * (HEIGHT - EDGE.top - EDGE.bottom);
  // Where its line leaves the picture.
  const leaves = sparse.densityMs > 0 ? Math.min(most, (tallest - sparse.fixedMs) / sparse.densityMs) : most;
  const { pays } = storageWords({ lines, density });
  // Labels keep inside the picture, and out of each other's way.
  const paysAt = Math.max(4, Math.min(x(crossover) + 6, width - EDGE.right - LETTER * pays.length));
  const left = crossover > most / 3;
  return (
    <div ref={frame} className="storage-chart" style={{ height: HEIGHT }}>
      <svg width={width} height={HEIGHT} role="img" aria-label={`Time of ${layers.map(({ layer }) => layer).join(', ')} in a step against density. Masked: ${formatDuration(msAt(masked, 0))} at any density. ${pays} ${whose}. Now: ${formatDuration(now)} at ${formatDensity(density)}.`}>
        <line x1={x(0)} x2={x(most)} y1={y(0)} y2={y(0)} className="axis" />
        {crossover > 0 && crossover < most && <line x1={x(crossover)} x2={x(crossover)} y1={EDGE.top - 4} y2={y(0)} className="storage-crossover" />}
        <line x1={x(0)} x2={x(most)} y1={y(msAt(masked, 0))} y2={y(msAt(masked, most))} className="storage-masked" />
        <line x1={x(0)} x2={x(leaves)} y1={y(sparse.fixedMs)} y2={y(msAt(sparse, leaves))} className="storage-sparse" />
        <circle cx={x(density)} cy={y(now)} r="4.5" className="storage-now" />
        <text x={paysAt} y={EDGE.top - 6} className="storage-strong">{pays}</text>
        <text x={EDGE.left - 6} y={y(msAt(masked, 0)) + 4} textAnchor="end">{formatDuration(msAt(masked, 0))}</text>
        <text x={EDGE.left - 6} y={y(0) + 4} textAnchor="end">0</text>
        <text x={left ? x(0) + 4 : x(most)} y={y(msAt(masked, left ? 0 : most)) - 6} textAnchor={left ? 'start' : 'end'}>masked</text>
        <text x={x(leaves) + (leaves < most ? 8 : -4)} y={y(msAt(sparse, leaves)) + (leaves < most ? 14 : -6)} textAnchor={leaves < most ? 'start' : 'end'}>{sparse.format}</text>
        <text x={x(0)} y={HEIGHT - 4}>{formatDensity(0)}</text>
        <text x={x(most)} y={HEIGHT - 4} textAnchor="end">{`${formatDensity(most)} density`}</text>
      </svg>
    </div>
  );
}

/** Lines of all layers together, the time they take in the formats they have, and the mean density at which the sparse format would take as long. */
function totalOf(layers: readonly StorageFacts[]): { lines: TimeLine[]; now: number; density: number } {
  const lines = addLines(layers.map((facts) => facts.lines));
  const now = layers.reduce((sum, facts) => sum + (storageWords(facts).ms[facts.format] ?? 0), 0);
  const sparse = layers.map((facts) => ({ slope: sparseLine(facts.lines)?.densityMs ?? 0, density: facts.density }));
  const slope = sparse.reduce((sum, one) => sum + one.slope, 0);
  const density = slope > 0 ? sparse.reduce((sum, one) => sum + one.slope * one.density, 0) / slope : layers[0]?.density ?? 0;
  return { lines, now, density };
}
