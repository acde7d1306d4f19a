import type { CSSProperties, ReactElement } from 'react';
import { useElementSize } from '../shell/useElementSize.ts';
import { formatCount, formatValue } from '../text/numbers.ts';
import type { Bar, ScoreHistogram } from './histogram.ts';
import './slow.css';

/** What of the threshold is drawn: its line, or also whom it turns away or takes. */
export type Cut = 'line' | 'drop' | 'grow';

interface HistogramProps {
  histogram: ScoreHistogram;
  cut: Cut;
  /** Whose scores they are. */
  of: 'active' | 'inactive';
  /** What is on the axis. */
  title: string;
  /** All of it in words, for screen readers. */
  description: string;
  height: number;
}

const EDGE = 8;
const AXIS = 34;
const TOP = 20;
/** Room at the left for candidates that are too small for the axis. */
const TINY = 34;

/** Scores as bars, high by the square root of their counts since few are at the ends, and the threshold that slides in. */
export function Histogram({ histogram, cut, of, title, description, height }: HistogramProps): ReactElement {
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const left = EDGE + (histogram.tiny > 0 ? TINY : 0);
  const x = (place: number): number => left + ((place - histogram.from) / (histogram.to - histogram.from)) * (width - left - EDGE);
  const floor = height - AXIS;
  const y = (count: number): number => floor - Math.sqrt(count / histogram.most) * (floor - TOP);
  const at = x(histogram.threshold.place);
  return (
    <div ref={frame} className="slow-histogram" style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={description}>
          {histogram.tiny > 0 && <TinyBar tiny={histogram.tiny} top={TOP} floor={floor} taken={sideClass(cut, of, false)} />}
          {histogram.bars.flatMap((bar) => sidesOf(bar, histogram, cut, of)).map(({ from, to, count, className }, i) => count > 0 && (
            <rect key={i} className={className} x={x(from) + 0.5} width={Math.max(0.5, x(to) - x(from) - 1)} y={Math.min(floor - 1, y(count))} height={Math.max(1, floor - y(count))} />
          ))}
          <line className="slow-axis" x1={EDGE} x2={width - EDGE} y1={floor} y2={floor} />
          {spaced(histogram.ticks.map((tick) => ({ ...tick, x: x(tick.place) }))).map((tick) => (
            <g key={tick.label}><line className="slow-axis" x1={tick.x} x2={tick.x} y1={floor} y2={floor + 4} /><text x={tick.x} y={floor + 16} textAnchor="middle">{tick.label}</text></g>
          ))}
          <text x={width - EDGE} y={height - 3} textAnchor="end">{title}</text>
          <g key={`${of} ${cut === 'line'}`} className={cut === 'line' ? 'slow-threshold slides' : 'slow-threshold'} style={{ '--slow-from': `${-at}px` } as CSSProperties}>
            <line x1={at} x2={at} y1={4} y2={floor + 4} />
            {Number.isFinite(histogram.threshold.score) && <text x={at + (at > width / 2 ? -6 : 6)} y={14} textAnchor={at > width / 2 ? 'end' : 'start'}>{formatValue(histogram.threshold.score)}</text>}
          </g>
        </svg>
      )}
    </div>
  );
}

function TinyBar({ tiny, top, floor, taken }: { tiny: number; top: number; floor: number; taken: string }): ReactElement {
  return (
    <g>
      <rect className={taken} x={EDGE} width={TINY - 14} y={top} height={floor - top} />
      <text x={EDGE} y={top - 6}>{formatCount(tiny)}</text>
      <text x={EDGE + (TINY - 14) / 2} y={floor + 16} textAnchor="middle">≈ 0</text>
    </g>
  );
}

/** A bar; where the threshold goes through it, those taken before all of them, or its two parts at full height where it is not known how many lie in each. */
function sidesOf(bar: Bar, { threshold: { place: threshold }, takenAtThreshold }: ScoreHistogram, cut: Cut, of: HistogramProps['of']): (Bar & { className: string })[] {
  if (cut === 'line') return [{ ...bar, className: sideClass(cut, of, false) }];
  if (threshold <= bar.from) return [{ ...bar, className: sideClass(cut, of, true) }];
  if (threshold >= bar.to) return [{ ...bar, className: sideClass(cut, of, false) }];
  if (takenAtThreshold !== undefined) return [{ ...bar, className: sideClass(cut, of, false) }, { ...bar, count: takenAtThreshold, className: sideClass(cut, of, true) }];
  return [{ ...bar, to: threshold, className: sideClass(cut, of, false) }, { ...bar, from: threshold, className: sideClass(cut, of, true) }];
}

function sideClass(cut: Cut, of: HistogramProps['of'], above: boolean): string {
  if (cut === 'drop' && !above) return 'slow-bar dropped';
  if (cut === 'grow' && above) return 'slow-bar grown';
  return of === 'inactive' ? 'slow-bar inactive' : 'slow-bar';
}

/** Ticks with room for their labels. */
function spaced<Tick extends { x: number }>(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) if (kept.length === 0 || tick.x - (kept.at(-1) as Tick).x >= 44) kept.push(tick);
  return kept;
}
