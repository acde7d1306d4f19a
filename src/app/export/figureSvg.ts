import { decimate, type ChartModel, type Curve } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { DASHES } from '../charts/Sparkline.tsx';
import { formatCount } from '../text/numbers.ts';
import { lines, type Origin } from './caption.ts';
import { lightColour } from './lightColours.ts';

const WIDTH = 720;
const PLOT = { left: 64, right: 696, top: 72, bottom: 320 };
const LINE = 14;
/** Characters of small print that fit on a line in any sans-serif. */
const LINE_CHARACTERS = 100;

/** Text as it may stand in XML: control characters have no place there. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const round = (value: number): number => Number(value.toFixed(2));

/** A chart as an SVG file that stands alone: title, legend, axes, curves in light colours, and its origin in small print. */
export function figureSvg(model: ChartModel, origin: Origin): string {
  const small = [...lines(origin.words, LINE_CHARACTERS), ...lines(origin.link, LINE_CHARACTERS)];
  const height = PLOT.bottom + 52 + small.length * LINE + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${escapeXml(model.title)}</title>`,
    `<clipPath id="plot"><rect x="${PLOT.left}" y="${PLOT.top - 2}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top + 4}"/></clipPath>`,
    `<rect width="${WIDTH}" height="${height}" fill="${lightColour('--surface')}"/>`,
    text(16, 28, model.title, { size: 16, colour: '--text-1', weight: 600 }),
    ...legend(model.curves), ...axes(model), ...levels(model),
    `<g clip-path="url(#plot)" fill="none" stroke-width="2" stroke-linejoin="round">`,
    ...model.curves.map((curve) => path(model, curve)), '</g>',
    ...small.map((line, i) => text(16, PLOT.bottom + 60 + i * LINE, line, { size: 10, colour: '--text-3' })),
    '</svg>', '',
  ].join('\n');
}

interface TextLooks {
  size?: number;
  colour: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
}

function text(x: number, y: number, words: string, { size = 12, colour, anchor = 'start', weight = 400 }: TextLooks): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${lightColour(colour)}">${escapeXml(words)}</text>`;
}

const dash = ({ stroke }: Curve): string => (DASHES[stroke].length > 0 ? ` stroke-dasharray="${DASHES[stroke].join(' ')}"` : '');

function legend(curves: readonly Curve[]): string[] {
  let x = 16;
  return curves.flatMap((curve) => {
    const from = x;
    x += 54 + 7 * curve.label.length;
    return [`<line x1="${from}" x2="${from + 24}" y1="48" y2="48" stroke="${lightColour(curve.colour)}" stroke-width="2"${dash(curve)}/>`, text(from + 30, 52, curve.label, { colour: '--text-2' })];
  });
}

const placeX = ({ x: [from, to] }: ChartModel, step: number): number => PLOT.left + ((step - from) / Math.max(1, to - from)) * (PLOT.right - PLOT.left);
const placeY = ({ y: [low, high] }: ChartModel, value: number): number => PLOT.bottom - ((value - low) / (high - low || 1)) * (PLOT.bottom - PLOT.top);

function axes(model: ChartModel): string[] {
  const across = model.ticks.map((tick) => {
    const y = placeY(model, tick);
    return `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(y)}" y2="${round(y)}" stroke="${lightColour('--hairline')}"/>${text(PLOT.left - 8, y + 4, model.format(tick), { colour: '--text-3', anchor: 'end' })}`;
  });
  const down = roundTicks(model.x[0], model.x[1], 5).map((tick) => text(placeX(model, tick), PLOT.bottom + 18, formatCount(tick), { colour: '--text-3', anchor: 'middle' }));
  return [...across, `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}" stroke="${lightColour('--control-border')}"/>`, ...down,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 36, 'Training step', { colour: '--text-2', anchor: 'middle' })];
}

function levels(model: ChartModel): string[] {
  return model.levels.map(({ value, label }) => {
    const y = round(placeY(model, value));
    return `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}" stroke="${lightColour('--text-3')}" stroke-dasharray="1.5 3.5"/>${text(PLOT.right, y - 5, label, { colour: '--text-3', anchor: 'end' })}`;
  });
}

function path(model: ChartModel, curve: Curve): string {
  const d = decimate(curve, 1000).map(({ step, value }, i) => {
    const [x, y] = [round(placeX(model, step)), round(placeY(model, value))];
    if (i === 0) return `M${x} ${y}`;
    return curve.stepped ? `H${x}V${y}` : `L${x} ${y}`;
  }).join('');
  return `<path d="${d}" stroke="${lightColour(curve.colour)}"${dash(curve)}/>`;
}
