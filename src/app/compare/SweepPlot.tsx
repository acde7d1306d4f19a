import type { ReactElement } from 'react';
import { roundTicks } from '../charts/ticks.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { formatDensity, formatPercent } from '../text/numbers.ts';
import { RUN_LOOKS } from './looks.ts';
import { RunSign } from './RunSign.tsx';
import { sweepScales, type SweepLine, type SweepPoint } from './sweep.ts';

const HEIGHT = 280;
const ROOM = { left: 56, right: 20, top: 10, bottom: 40 };

/** Accuracy over density, a line for each method: all points, their mean and its 95 % interval. */
export function SweepPlot({ lines, levels }: { lines: readonly SweepLine[]; levels: readonly SweepPoint[] }): ReactElement {
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const { up, densities, inside, ...place } = sweepScales(lines, levels);
  const x = (density: number, line: number): number => place.x(density, line, ROOM.left, Math.max(ROOM.left + 1, width - ROOM.right));
  const y = (value: number): number => place.y(value, HEIGHT - ROOM.bottom - 8, HEIGHT - ROOM.top - ROOM.bottom - 16);
  return (
    <div className="sweep-plot">
      <div className="sweep-legend small">
        {lines.map(({ title }, i) => <span key={title} className="run-name"><RunSign look={i % RUN_LOOKS.length} />{title}</span>)}
        {levels.length > 0 && <span className="run-name"><svg viewBox="0 0 34 16" width="34" height="16" aria-hidden="true"><path d="M0 8H34" className="sweep-dense" /></svg>dense</span>}
      </div>
      <div ref={frame} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label="Test accuracy over density, by method; the table below has the values">
            {roundTicks(up.low, up.high, 5).map((tick) => (
              <g key={tick}>
                <line x1={ROOM.left} x2={width - ROOM.right} y1={y(tick)} y2={y(tick)} className="overlay-grid" />
                <text x={ROOM.left - 6} y={y(tick) + 4} textAnchor="end">{formatPercent(tick, up.high - up.low < 0.05 ? 1 : 0)}</text>
              </g>
            ))}
            {densities.map((density) => <text key={density} x={x(density, (lines.length - 1) / 2)} y={HEIGHT - 22} textAnchor="middle">{formatDensity(density)}</text>)}
            <text x={(ROOM.left + width - ROOM.right) / 2} y={HEIGHT - 4} textAnchor="middle">density, logarithmic</text>
            {levels.map(({ mean }, i) => <line key={i} x1={ROOM.left} x2={width - ROOM.right} y1={y(mean)} y2={y(mean)} className="sweep-dense" />)}
            {lines.map((line, i) => <Line key={line.title} line={line} look={RUN_LOOKS[i % RUN_LOOKS.length]!} x={(density) => x(density, i)} y={y} inside={inside} />)}
          </svg>
        )}
      </div>
    </div>
  );
}

interface LineProps {
  line: SweepLine;
  look: (typeof RUN_LOOKS)[number];
  x(density: number): number;
  y(value: number): number;
  /** The value has a place in the plot: an end that has none gets no cap. */
  inside(value: number): boolean;
}

function Line({ line: { title, points }, look, x, y, inside }: LineProps): ReactElement {
  const colour = `var(${look.colour})`;
  return (
    <g style={{ stroke: colour }}>
      <path d={points.map(({ density, mean }, i) => `${i === 0 ? 'M' : 'L'}${x(density)} ${y(mean)}`).join('')} fill="none" strokeWidth="2" strokeDasharray={look.dash.join(' ')} />
      {points.map(({ density, values, mean, low, high }) => (
        <g key={density} transform={`translate(${x(density)} 0)`}>
          <title>{`${title} at ${formatDensity(density)}: ${values.map((value) => formatPercent(value)).join(', ')}`}</title>
          {values.length > 1 && <path d={`M0 ${y(low)}V${y(high)}${[low, high].filter(inside).map((end) => `M-4 ${y(end)}h8`).join('')}`} fill="none" strokeWidth="1.5" />}
          {values.map((value, i) => <circle key={i} cx="0" cy={y(value)} r="2.5" fill="var(--surface)" strokeWidth="1.25" />)}
          <path d={look.marker} transform={`translate(0 ${y(mean)})`} className="overlay-marker" style={{ fill: colour }} />
        </g>
      ))}
    </g>
  );
}
