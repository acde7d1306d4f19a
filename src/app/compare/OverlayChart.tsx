import type { PointerEvent, ReactElement, ReactNode } from 'react';
import { useElementSize } from '../shell/useElementSize.ts';
import { RUN_LOOKS } from './looks.ts';
import { nearestStep, placeOn, pointAt, type OverlayModel, type OverlayPoint } from './overlay.ts';

interface OverlayChartProps {
  title: string;
  model: OverlayModel;
  /** Numbers of the runs' looks, in the order of the curves. */
  looks: readonly number[];
  stepped: boolean;
  /** The step looked at in all charts; null while none is. */
  step: number | null;
  onStep(step: number | null): void;
  formatX(value: number): string;
  formatY(value: number): string;
  /** Stands below: what the chart can be taken along as. */
  children: ReactNode;
}

const HEIGHT = 190;
const ROOM = { left: 52, right: 14, top: 8, bottom: 24 };

/** Curves of several runs on common axes. The pointer looks at a step, which all charts then show. */
export function OverlayChart({ title, model, looks, stepped, step, onStep, formatX, formatY, children }: OverlayChartProps): ReactElement {
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const inner = Math.max(1, width - ROOM.left - ROOM.right);
  const x = (value: number): number => ROOM.left + placeOn(model.x, value) * inner;
  const y = (value: number): number => HEIGHT - ROOM.bottom - placeOn(model.y, value) * (HEIGHT - ROOM.top - ROOM.bottom);
  const line = (points: readonly OverlayPoint[]): string => pathOf(points.map((point) => [x(point.x), y(point.value)]), stepped);
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    onStep(nearestStep(model, (event.clientX - left - ROOM.left) / inner) ?? null);
  };
  return (
    <figure className="overlay-chart">
      <figcaption>{title}</figcaption>
      <div ref={frame} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={`${title} of ${model.curves.length} runs; the table below gives the values`} onPointerMove={onPointerMove} onPointerLeave={() => onStep(null)}>
            <Axes model={model} x={x} y={y} width={width} formatX={formatX} formatY={formatY} />
            {model.curves.map(({ id, raw }, i) => raw.length > 0 && <path key={id} d={line(raw)} className="overlay-raw" style={{ stroke: `var(${RUN_LOOKS[looks[i]!]!.colour})` }} />)}
            {model.curves.map(({ id, points }, i) => {
              const { colour, dash } = RUN_LOOKS[looks[i]!]!;
              return <path key={id} d={line(points)} className="overlay-line" style={{ stroke: `var(${colour})` }} strokeDasharray={dash.join(' ')} />;
            })}
            {model.curves.map(({ id, points }, i) => {
              const point = step === null ? points.at(-1) : pointAt(points, step);
              const { colour, marker } = RUN_LOOKS[looks[i]!]!;
              return point && <path key={id} d={marker} transform={`translate(${x(point.x)} ${y(point.value)})`} className="overlay-marker" style={{ fill: `var(${colour})` }} />;
            })}
          </svg>
        )}
        {model.curves.every(({ points }) => points.length === 0) && <p className="small faint overlay-empty">Nothing measured.</p>}
      </div>
      {children}
    </figure>
  );
}

function pathOf(corners: readonly (readonly [number, number])[], stepped: boolean): string {
  return corners.map(([px, py], i) => {
    const before = corners[i - 1];
    if (!before) return `M${px.toFixed(1)} ${py.toFixed(1)}`;
    return stepped ? `H${px.toFixed(1)}V${py.toFixed(1)}` : `L${px.toFixed(1)} ${py.toFixed(1)}`;
  }).join('');
}

interface AxesProps {
  model: OverlayModel;
  x(value: number): number;
  y(value: number): number;
  width: number;
  formatX(value: number): string;
  formatY(value: number): string;
}

function Axes({ model, x, y, width, formatX, formatY }: AxesProps): ReactElement {
  return (
    <g>
      {model.y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={ROOM.left} x2={width - ROOM.right} y1={y(tick)} y2={y(tick)} className="overlay-grid" />
          <text x={ROOM.left - 6} y={y(tick) + 4} textAnchor="end">{formatY(tick)}</text>
        </g>
      ))}
      <line x1={ROOM.left} x2={width - ROOM.right} y1={HEIGHT - ROOM.bottom} y2={HEIGHT - ROOM.bottom} className="axis" />
      {model.x.ticks.map((tick) => (
        <g key={tick} transform={`translate(${x(tick)} ${HEIGHT - ROOM.bottom})`}>
          <line y1="0" y2="4" className="axis" />
          <text y="18" textAnchor={x(tick) > width - 40 ? 'end' : 'middle'} dx={x(tick) > width - 40 ? 8 : 0}>{formatX(tick)}</text>
        </g>
      ))}
    </g>
  );
}
