import { X_AXES, type XAxis } from '../charts/along.ts';
import { placed, type ChartModel, type Curve } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { DASHES } from '../charts/Sparkline.tsx';
import type { Origin } from './caption.ts';
import { figureOf, svgLine, svgPath, svgText } from './svg.ts';

const PLOT = { left: 64, right: 696, top: 72, bottom: 320 };

/** A chart as an SVG file that stands alone: title, legend, axes, curves in light colours, and its origin in small print. */
export function figureSvg(model: ChartModel, { words, link }: Origin): string {
  return figureOf({
    title: model.title, bottom: PLOT.bottom + 52, small: [words, link],
    body: [
      `<clipPath id="plot"><rect x="${PLOT.left}" y="${PLOT.top - 2}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top + 4}"/></clipPath>`,
      ...legend(model.curves), ...axes(model), ...levels(model),
      '<g clip-path="url(#plot)">', ...model.curves.map((curve) => path(model, curve)), '</g>',
    ],
  });
}

function legend(curves: readonly Curve[]): string[] {
  let x = 16;
  return curves.flatMap(({ label, colour, stroke }) => {
    const from = x;
    x += 54 + 7 * label.length;
    return [svgLine([from, 48], [from + 24, 48], { colour, width: 2, dash: DASHES[stroke] }), svgText(from + 30, 52, label, { colour: '--text-2' })];
  });
}

const placeX = ({ x: [from, to] }: ChartModel, place: number): number => PLOT.left + ((place - from) / (to - from || 1)) * (PLOT.right - PLOT.left);

/** What runs along. */
const ALONG: Readonly<Record<XAxis, string>> = { step: 'Training step', flops: 'Theoretical FLOPs of training', time: 'Time of training' };
const placeY = ({ y: [low, high] }: ChartModel, value: number): number => PLOT.bottom - ((value - low) / (high - low || 1)) * (PLOT.bottom - PLOT.top);

function axes(model: ChartModel): string[] {
  const across = model.ticks.flatMap((tick) => {
    const y = placeY(model, tick);
    return [svgLine([PLOT.left, y], [PLOT.right, y], { colour: '--hairline' }), svgText(PLOT.left - 8, y + 4, model.format(tick), { colour: '--text-3', anchor: 'end' })];
  });
  const axis = model.along?.axis ?? 'step';
  const down = roundTicks(model.x[0], model.x[1], 5).map((tick) => svgText(placeX(model, tick), PLOT.bottom + 18, X_AXES[axis].format(tick), { colour: '--text-3', anchor: 'middle' }));
  return [...across, svgLine([PLOT.left, PLOT.bottom], [PLOT.right, PLOT.bottom], { colour: '--control-border' }), ...down,
    svgText((PLOT.left + PLOT.right) / 2, PLOT.bottom + 36, ALONG[axis], { colour: '--text-2', anchor: 'middle' })];
}

function levels(model: ChartModel): string[] {
  return model.levels.flatMap(({ value, label }) => {
    const y = placeY(model, value);
    return [svgLine([PLOT.left, y], [PLOT.right, y], { colour: '--text-3', dash: [1.5, 3.5] }), svgText(PLOT.right, y - 5, label, { colour: '--text-3', anchor: 'end' })];
  });
}

function path(model: ChartModel, curve: Curve): string {
  const corners = placed(model, curve, 1000).map(({ x, value }) => [placeX(model, x), placeY(model, value)] as const);
  return svgPath(corners, { colour: curve.colour, width: 2, dash: DASHES[curve.stroke] }, curve.stepped);
}
