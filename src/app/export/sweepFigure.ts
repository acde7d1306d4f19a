import { roundTicks } from '../charts/ticks.ts';
import type { ComparisonResult } from '../compare/comparing.ts';
import { RUN_LOOKS } from '../compare/looks.ts';
import { sweepLines, sweepScales, type SweepLine } from '../compare/sweep.ts';
import { formatDensity, formatPercent } from '../text/numbers.ts';
import { lightColour } from './lightColours.ts';
import { marker, runLegend } from './runMarks.ts';
import { figureOf, svgLine, svgPath, svgText } from './svg.ts';
import { verdictPrint } from './verdictPrint.ts';

const PLOT = { left: 64, right: 700, height: 280 };

/** Accuracy over density with all points and intervals, and the verdicts below, as an SVG file that stands alone. @param small where they come from */
export function sweepFigure(result: ComparisonResult, small: readonly string[]): string {
  const { lines, levels } = sweepLines(result.compared, result.runs, result.judgement.seeds);
  const { up, densities, inside, x: across, y: above } = sweepScales(lines, levels);
  const legend = runLegend(lines.map(({ title }, look) => ({ label: title, look })), 40);
  const end = legend.bottom + 14 + PLOT.height;
  const x = (density: number, line: number): number => across(density, line, PLOT.left, PLOT.right);
  const y = (value: number): number => above(value, end, PLOT.height);
  const ticks = roundTicks(up.low, up.high, 5).flatMap((tick) => [
    svgLine([PLOT.left, y(tick)], [PLOT.right, y(tick)], { colour: '--hairline' }),
    svgText(PLOT.left - 8, y(tick) + 4, formatPercent(tick, up.high - up.low < 0.05 ? 1 : 0), { colour: '--text-3', anchor: 'end' }),
  ]);
  const below = densities.map((density) => svgText(x(density, (lines.length - 1) / 2), end + 18, formatDensity(density), { colour: '--text-3', anchor: 'middle' }));
  const dense = levels.flatMap(({ mean }) => [
    svgLine([PLOT.left, y(mean)], [PLOT.right, y(mean)], { colour: '--text-2', width: 1.5, dash: [6, 4] }),
    svgText(PLOT.right, y(mean) - 5, 'dense', { colour: '--text-2', anchor: 'end' }),
  ]);
  const print = verdictPrint(result, end + 64);
  return figureOf({
    title: 'Test accuracy by density', small, bottom: print.bottom,
    body: [
      ...legend.body, ...ticks, ...below, svgText((PLOT.left + PLOT.right) / 2, end + 36, 'Density, logarithmic', { colour: '--text-2', anchor: 'middle' }),
      ...dense, ...lines.flatMap((line, look) => drawn(line, look, (density) => x(density, look), y, inside)), ...print.body,
    ],
  });
}

/** A method: its line, and at each density the interval, the points and the mean. */
function drawn({ points }: SweepLine, look: number, x: (density: number) => number, y: (value: number) => number, inside: (value: number) => boolean): string[] {
  const { colour, dash } = RUN_LOOKS[look % RUN_LOOKS.length]!;
  return [
    svgPath(points.map(({ density, mean }) => [x(density), y(mean)]), { colour, width: 2, dash }),
    ...points.flatMap(({ density, values, mean, low, high }) => [
      ...(values.length > 1 ? [svgLine([x(density), y(low)], [x(density), y(high)], { colour, width: 1.5 })] : []),
      ...(values.length > 1 ? [low, high].filter(inside).map((end) => svgLine([x(density) - 4, y(end)], [x(density) + 4, y(end)], { colour, width: 1.5 })) : []),
      ...values.map((value) => `<circle cx="${x(density).toFixed(2)}" cy="${y(value).toFixed(2)}" r="2.5" fill="${lightColour('--surface')}" stroke="${lightColour(colour)}" stroke-width="1.25"/>`),
      marker(look, x(density), y(mean)),
    ]),
  ];
}
