import type { ReactElement } from 'react';
import { roundTicks } from '../charts/ticks.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { formatPercent } from '../text/numbers.ts';
import type { ComparisonResult } from './comparing.ts';
import { limitsOf, offLine, pointRows } from './points.ts';

const ROW = 34;
const ROOM = { right: 24, bottom: 28, top: 4 };

/** All points of each arm on one accuracy axis, with their mean and its 95 % interval: points first, never the interval alone. */
export function PointsPlot({ result }: { result: ComparisonResult }): ReactElement {
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const narrow = width < 480;
  const left = narrow ? 124 : 190;
  const rows = pointRows(result);
  const [low, high] = limitsOf(rows);
  const height = ROOM.top + ROW * rows.length + ROOM.bottom;
  const x = (value: number): number => left + ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * Math.max(1, width - left - ROOM.right);
  return (
    <div ref={frame} className="points-plot" style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label="Test accuracy of each run, with mean and interval of each arm; the table below has the values">
          {roundTicks(low, high, narrow ? 3 : 6).map((tick) => (
            <g key={tick} transform={`translate(${x(tick)} 0)`}>
              <line y1={ROOM.top} y2={height - ROOM.bottom} className="overlay-grid" />
              <text y={height - 10} textAnchor="middle">{formatPercent(tick, high - low < 0.05 ? 1 : 0)}</text>
            </g>
          ))}
          {rows.map(({ id, title, points, mean }, i) => (
            <g key={id} transform={`translate(0 ${ROOM.top + ROW * (i + 0.5)})`}>
              <text x={left - 12} y="4" textAnchor="end" className={narrow ? 'points-title small' : 'points-title'}>{title}</text>
              {points.length > 1 && <line x1={x(mean.low)} x2={x(mean.high)} className="points-interval" />}
              {points.length > 1 && <line x1={x(mean.mean)} x2={x(mean.mean)} y1="-10" y2="10" className="points-mean" />}
              {points.map(({ seed, value }, p) => <circle key={seed} cx={x(value)} cy={offLine(p, points.length)} r="4" className="points-dot"><title>{`${title}, seed ${seed}: ${formatPercent(value, 2)}`}</title></circle>)}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}
