import { roundTicks } from '../charts/ticks.ts';
import type { ComparisonResult } from '../compare/comparing.ts';
import { limitsOf, offLine, pointRows, type PointRow } from '../compare/points.ts';
import { formatPercent } from '../text/numbers.ts';
import { lightColour } from './lightColours.ts';
import { figureOf, svgLine, svgText } from './svg.ts';
import { verdictPrint } from './verdictPrint.ts';

const PLOT = { left: 200, right: 696, top: 48 };
const ROW = 34;

/** All points of each arm, their means and intervals, and the verdicts below, as an SVG file that stands alone. @param small where they come from */
export function pointsFigure(result: ComparisonResult, small: readonly string[]): string {
  const rows = pointRows(result);
  const [low, high] = limitsOf(rows);
  const x = (value: number): number => PLOT.left + ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (PLOT.right - PLOT.left);
  const end = PLOT.top + ROW * rows.length;
  const ticks = roundTicks(low, high, 6).flatMap((tick) => [
    svgLine([x(tick), PLOT.top], [x(tick), end], { colour: '--hairline' }),
    svgText(x(tick), end + 18, formatPercent(tick, high - low < 0.05 ? 1 : 0), { colour: '--text-3', anchor: 'middle' }),
  ]);
  const print = verdictPrint(result, end + 52);
  return figureOf({ title: 'Test accuracy by arm', small, bottom: print.bottom, body: [...ticks, ...rows.flatMap((row, i) => drawn(row, x, PLOT.top + ROW * (i + 0.5))), ...print.body] });
}

function drawn({ title, points, mean }: PointRow, x: (value: number) => number, y: number): string[] {
  const interval = points.length > 1 ? [
    svgLine([x(mean.low), y], [x(mean.high), y], { colour: '--control-border', width: 6, opacity: 0.55 }),
    svgLine([x(mean.mean), y - 10], [x(mean.mean), y + 10], { colour: '--text-1', width: 2 }),
  ] : [];
  const dots = points.map(({ value }, p) => `<circle cx="${x(value).toFixed(2)}" cy="${(y + offLine(p, points.length)).toFixed(2)}" r="4" fill="${lightColour('--text-2')}" stroke="${lightColour('--surface')}"/>`);
  return [svgText(PLOT.left - 12, y + 4, title, { colour: '--text-1', anchor: 'end' }), ...interval, ...dots];
}
