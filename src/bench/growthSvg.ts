import { escaped, round, spreadDown } from './svg.ts';
import { crossoverWords, densityWords, type GrowthCurve, type GrowthPanel, logTicks, msDomain } from './growth.ts';

/** Sizes in user units: a panel, and the room around its plot for axes and for labels at line ends. */
const PANEL = { width: 400, height: 280, left: 52, right: 96, top: 32, bottom: 44 };
const COLUMNS = 2;
const HEAD = 44;
/** One a format, in order; told apart without colour by their dashes, and by the words at their ends. */
const STROKES = [['#5b6570', '6 4'], ['#0b5fc0', ''], ['#964101', '2 3'], ['#2d7d46', '8 3 2 3']] as const;

type Scale = (value: number) => number;

/** The panels as a drawing of its own, on white: step time against density on logarithmic axes, one panel a width, crossovers marked. */
export function growthSvg(panels: readonly GrowthPanel[], adapter: string): string {
  const [width, height] = [COLUMNS * PANEL.width, HEAD + Math.ceil(panels.length / COLUMNS) * PANEL.height];
  const placed = panels.map((panel, i) => `<g transform="translate(${(i % COLUMNS) * PANEL.width} ${HEAD + Math.floor(i / COLUMNS) * PANEL.height})">\n${panelSvg(panel)}\n</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1b1f24">`,
    `<title>Time of a training step against density, by format and width; ${escaped(adapter)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="18" font-size="14">Step time in milliseconds against density; dotted: the dense network; circles: where a format begins to pay</text>`,
    `<text x="12" y="36" fill="#4a535e">${escaped(adapter)}</text>`,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

function panelSvg(panel: GrowthPanel): string {
  const { left, right, top, bottom } = PANEL;
  const [x0, x1, y0, y1] = [left, PANEL.width - right, PANEL.height - bottom, top];
  const densities = panel.curves.flatMap(({ samples }) => samples.map(({ density }) => density));
  const domains = { density: [Math.min(...densities), Math.max(...densities)], ms: msDomain(panel) } as const;
  const x = logScale(domains.density, x0, x1);
  const y = logScale(domains.ms, y0, y1);
  const at = spreadDown([y(panel.denseMs), ...panel.curves.map(({ samples }) => y(samples.at(-1)?.ms ?? panel.denseMs))]);
  return [
    `<text x="${x0}" y="20" font-weight="600">width ${panel.width}</text>`,
    ...logTicks(domains.ms).map((ms) => `<path d="M${x0} ${round(y(ms))}H${x1}" stroke="#d5dadf"/><text x="${x0 - 6}" y="${round(y(ms) + 4)}" text-anchor="end">${ms}</text>`),
    ...logTicks(domains.density).map((d) => `<path d="M${round(x(d))} ${y0}v4" stroke="#7b8794"/><text x="${round(x(d))}" y="${y0 + 18}" text-anchor="middle">${Number((100 * d).toPrecision(3))}</text>`),
    `<path d="M${x0} ${y0}H${x1}" stroke="#7b8794"/>`,
    `<text x="${(x0 + x1) / 2}" y="${y0 + 36}" text-anchor="middle" fill="#4a535e">density, %</text>`,
    `<path d="M${x0} ${round(y(panel.denseMs))}H${x1}" stroke="#1b1f24" stroke-dasharray="1.5 3.5" fill="none"/>`,
    `<text x="${x1 + 6}" y="${round((at[0] as number) + 4)}">dense</text>`,
    ...panel.curves.map((curve, i) => curveSvg(curve, i, x, y, x1, at[i + 1] as number)),
  ].join('\n');
}

function curveSvg({ format, samples, crossover }: GrowthCurve, index: number, x: Scale, y: Scale, end: number, labelAt: number): string {
  const [colour, dashes] = STROKES[index % STROKES.length] as (typeof STROKES)[number];
  const points = samples.map(({ density, ms }) => `${round(x(density))},${round(y(ms))}`).join(' ');
  const mark = typeof crossover === 'object' && crossover ? [
    `<circle cx="${round(x(crossover.density))}" cy="${round(y(crossover.ms))}" r="5" fill="#ffffff" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${round(x(crossover.density) - 8)}" y="${round(y(crossover.ms) - 9)}" text-anchor="end" fill="${colour}">${densityWords(crossover.density)}</text>`,
  ] : [];
  const words = typeof crossover === 'string' ? `${format}, ${crossoverWords(crossover)}` : format;
  return [
    `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"${dashes && ` stroke-dasharray="${dashes}"`}/>`,
    `<text x="${end + 6}" y="${round(labelAt + 4)}" fill="${colour}">${words}</text>`,
    ...mark,
  ].join('\n');
}

function logScale([low, high]: readonly [number, number], from: number, to: number): Scale {
  const span = Math.log(high / low) || 1;
  return (value) => from + ((to - from) * Math.log(value / low)) / span;
}
