import { escaped, round, spreadDown } from '../../bench/svg.ts';
import { meanOf } from '../../engine/claims/verdict.ts';
import type { KeptRun } from '../claims/keptRuns.ts';
import { titleOf, type Sweep } from './grid.ts';

const SIZE = { width: 640, height: 416, left: 56, right: 168, top: 72, bottom: 48 };
/** One a line, told apart without colour by their dashes and by the words at their ends. */
const STROKES = [['#0b5fc0', ''], ['#964101', '6 4'], ['#2d7d46', '2 3'], ['#6a3d9a', '8 3 2 3'], ['#2d3254', '1 3'], ['#858c8c', '10 4']] as const;

/** Runs of one setting, at its place along x. */
interface Place {
  x: number;
  values: readonly number[];
}

/** The settings that differ in the first axis alone. */
interface Line {
  title: string;
  places: readonly Place[];
}

/**
 * A sweep as a drawing of its own, on white: accuracy against the first axis, a line for each combination of the
 * others; every run a point, means joined, bars one standard deviation to either side; controls dotted.
 */
export function sweepSvg(sweep: Sweep, runs: readonly KeptRun[], adapter: string): string {
  const axis = sweep.axes[0]!;
  const lines = linesOf(sweep, runs);
  const controls = (['dense', 'random'] as const).map((id) => ({ title: id === 'dense' ? 'dense' : 'random mask', value: meanOf(valuesOf(runs, id)) })).filter(({ value }) => Number.isFinite(value));
  const all = [...lines.flatMap(({ places }) => places.flatMap(({ values }) => values)), ...controls.map(({ value }) => value)];
  const range = rangeOf(all);
  const x = (at: number): number => SIZE.left + 16 + (at * (SIZE.width - SIZE.left - SIZE.right - 32)) / Math.max(1, axis.values.length - 1);
  const y = (value: number): number => SIZE.height - SIZE.bottom - ((value - range.low) / (range.high - range.low)) * (SIZE.height - SIZE.top - SIZE.bottom);
  const end = SIZE.width - SIZE.right;
  const labels = spreadDown([...lines.map(({ places }) => y(meanOf(places.at(-1)?.values ?? []))), ...controls.map(({ value }) => y(value))]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}" font-family="system-ui, sans-serif" font-size="12" fill="#1b1f24">`,
    `<title>Test accuracy against ${escaped(axis.path)}; ${escaped(adapter)}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    `<text x="12" y="20" font-size="14">Test accuracy, %, against ${escaped(axis.path)}; points are runs, bars one standard deviation</text>`,
    `<text x="12" y="38" fill="#4a535e">${escaped(sweep.compared.setting)}</text>`,
    `<text x="12" y="54" fill="#4a535e">${escaped(adapter)}</text>`,
    ...range.ticks.map((tick) => `<path d="M${SIZE.left} ${round(y(tick))}H${end}" stroke="#d5dadf"/><text x="${SIZE.left - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${Number((100 * tick).toFixed(2))}</text>`),
    ...axis.values.map((value, i) => `<text x="${round(x(i))}" y="${SIZE.height - SIZE.bottom + 20}" text-anchor="middle">${escaped(value)}</text>`),
    `<text x="${(SIZE.left + end) / 2}" y="${SIZE.height - 8}" text-anchor="middle" fill="#4a535e">${escaped(axis.path)}</text>`,
    ...controls.map(({ title, value }, i) => `<path d="M${SIZE.left} ${round(y(value))}H${end}" stroke="#1b1f24" stroke-dasharray="1.5 3.5" fill="none"/><text x="${end + 8}" y="${round((labels[lines.length + i] as number) + 4)}" fill="#4a535e">${title}</text>`),
    ...lines.map((line, i) => lineSvg(line, i, x, y, end, labels[i] as number)),
    '</svg>\n',
  ].join('\n');
}

function linesOf(sweep: Sweep, runs: readonly KeptRun[]): Line[] {
  const [, ...others] = sweep.axes;
  const lines = new Map<string, { title: string; places: Place[] }>();
  for (const { arm, values: [first = '', ...rest] } of sweep.points) {
    const key = rest.join(',');
    const line = lines.get(key) ?? { title: titleOf(others, rest), places: [] };
    const values = valuesOf(runs, arm);
    if (values.length > 0) line.places.push({ x: sweep.axes[0]!.values.indexOf(first), values });
    lines.set(key, line);
  }
  return [...lines.values()].filter(({ places }) => places.length > 0);
}

const valuesOf = (runs: readonly KeptRun[], arm: string): number[] => runs.filter((run) => run.arm === arm).toSorted((a, b) => a.seed - b.seed).map(({ value }) => value);

function lineSvg({ title, places }: Line, index: number, x: (at: number) => number, y: (value: number) => number, end: number, labelAt: number): string {
  const [colour, dashes] = STROKES[index % STROKES.length] as (typeof STROKES)[number];
  const means = places.map(({ x: at, values }) => `${round(x(at))},${round(y(meanOf(values)))}`).join(' ');
  return [
    `<polyline points="${means}" fill="none" stroke="${colour}" stroke-width="2"${dashes && ` stroke-dasharray="${dashes}"`}/>`,
    ...places.flatMap(({ x: at, values }) => {
      const [mean, sd] = [meanOf(values), deviationOf(values)];
      const bar = values.length > 1 ? [`<path d="M${round(x(at))} ${round(y(mean - sd))}V${round(y(mean + sd))}" stroke="${colour}" stroke-width="1.5"/>`] : [];
      return [...bar, ...values.map((value) => `<circle cx="${round(x(at))}" cy="${round(y(value))}" r="3" fill="#ffffff" stroke="${colour}"/>`)];
    }),
    `<text x="${end + 8}" y="${round(labelAt + 4)}" fill="${colour}">${escaped(title || 'this sweep')}</text>`,
  ].join('\n');
}

/** Standard deviation over runs. */
function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.length > 1 ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) : 0;
}

/** Ends and marks of the accuracy axis: round steps around what there is. */
function rangeOf(values: readonly number[]): { low: number; high: number; ticks: number[] } {
  const [least, most] = [Math.min(...values, 1), Math.max(...values, 0)];
  const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((size) => (most - least) / size <= 6) ?? 0.2;
  const low = Math.floor(least / step) * step;
  const high = Math.max(low + step, Math.ceil(most / step) * step);
  return { low, high, ticks: Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step) };
}
