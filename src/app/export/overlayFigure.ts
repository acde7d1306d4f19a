import { RUN_LOOKS } from '../compare/looks.ts';
import { placeOn, type OverlayModel, type OverlayPoint } from '../compare/overlay.ts';
import { marker, runLegend } from './runMarks.ts';
import { figureOf, svgLine, svgPath, svgText } from './svg.ts';

/** Curves of several runs as they are drawn over each other. */
export interface OverlayDrawing {
  title: string;
  model: OverlayModel;
  /** Names and looks of the runs, in the order of the curves. */
  runs: readonly { name: string; look: number }[];
  stepped: boolean;
  /** What runs along: `Step`. */
  along: string;
  formatX(value: number): string;
  formatY(value: number): string;
}

const PLOT = { left: 64, right: 700, height: 248 };

/** The chart as an SVG file that stands alone. @param small where it comes from */
export function overlayFigure({ title, model, runs, stepped, along, formatX, formatY }: OverlayDrawing, small: readonly string[]): string {
  const legend = runLegend(runs.map(({ name, look }) => ({ label: name, look })), 40);
  const top = legend.bottom + 14;
  const end = top + PLOT.height;
  const x = (value: number): number => PLOT.left + placeOn(model.x, value) * (PLOT.right - PLOT.left - 12);
  const y = (value: number): number => end - placeOn(model.y, value) * PLOT.height;
  const line = (points: readonly OverlayPoint[], look: number, raw: boolean): string => {
    const { colour, dash } = RUN_LOOKS[look]!;
    return svgPath(points.map((point) => [x(point.x), y(point.value)]), raw ? { colour, opacity: 0.28 } : { colour, width: 2, dash }, stepped);
  };
  const lookOf = (i: number): number => runs[i]!.look;
  const across = model.y.ticks.flatMap((tick) => [svgLine([PLOT.left, y(tick)], [PLOT.right, y(tick)], { colour: '--hairline' }), svgText(PLOT.left - 8, y(tick) + 4, formatY(tick), { colour: '--text-3', anchor: 'end' })]);
  const down = model.x.ticks.map((tick) => svgText(x(tick), end + 18, formatX(tick), { colour: '--text-3', anchor: 'middle' }));
  const drawn = model.curves.map((curve, i) => ({ ...curve, look: lookOf(i) })).filter(({ points }) => points.length > 0);
  return figureOf({
    title, small, bottom: end + 52,
    body: [
      ...legend.body, ...across, svgLine([PLOT.left, end], [PLOT.right, end], { colour: '--control-border' }), ...down,
      svgText((PLOT.left + PLOT.right) / 2, end + 36, `${along}${model.x.log ? ', logarithmic' : ''}`, { colour: '--text-2', anchor: 'middle' }),
      ...drawn.flatMap(({ raw, look }) => (raw.length > 0 ? [line(raw, look, true)] : [])),
      ...drawn.map(({ points, look }) => line(points, look, false)),
      ...drawn.map(({ points, look }) => marker(look, x(points.at(-1)!.x), y(points.at(-1)!.value))),
    ],
  });
}
