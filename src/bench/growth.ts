import type { Format } from '../engine/sparsity/formats/index.ts';
import type { RowReport } from './measure.ts';

/**
 * The median of a step at a density: over that of the dense step in the same rounds, and that times the dense step's
 * median over all rounds, in milliseconds. The machine's own speed, which changes on the way, is out of both.
 */
export interface GrowthSample {
  density: number;
  ms: number;
  relative: number;
}

/** A format over all densities, from the lowest on. */
export interface GrowthCurve {
  format: Format;
  samples: readonly GrowthSample[];
  /** Below this density the format is faster than the dense network; null for `masked`, which multiplies densely itself. */
  crossover: Crossover | null;
}

/** Where a curve crosses the dense step: a density, or on which side all of it lies. */
export type Crossover = { density: number; ms: number } | 'always faster' | 'never faster';

/** What was measured at one width. */
export interface GrowthPanel {
  width: number;
  denseMs: number;
  curves: readonly GrowthCurve[];
}

/** The panels of all rows that hold a grid, in their order; rows of other kinds are passed over. */
export function growthPanels(rows: readonly RowReport[]): GrowthPanel[] {
  return rows.flatMap(({ baseline, contenders }): GrowthPanel[] => {
    const denseMs = contenders.find(({ name }) => name === baseline)?.wall.median;
    if (denseMs === undefined) return [];
    const points = contenders.flatMap(({ point, relative }) => (point ? [{ ...point, ms: relative * denseMs, relative }] : []));
    const [first] = points;
    if (!first) return [];
    const formats = [...new Set(points.map(({ format }) => format))];
    const curves = formats.map((format): GrowthCurve => {
      const samples = points.filter((point) => point.format === format).map(({ density, ms, relative }) => ({ density, ms, relative })).sort((a, b) => a.density - b.density);
      return { format, samples, crossover: format === 'masked' ? null : crossoverOf(samples) };
    });
    return [{ width: first.width, denseMs, curves }];
  });
}

/** The highest density at which times cross those of the dense step, between samples by powers: straight on logarithmic axes. */
function crossoverOf(samples: readonly GrowthSample[]): Crossover {
  for (let i = samples.length - 1; i > 0; i--) {
    const [low, high] = [samples[i - 1] as GrowthSample, samples[i] as GrowthSample];
    if (low.relative >= 1 || high.relative < 1) continue;
    const share = -Math.log(low.relative) / (Math.log(high.relative) - Math.log(low.relative));
    const between = (from: number, to: number): number => from * (to / from) ** share;
    return { density: between(low.density, high.density), ms: between(low.ms, high.ms) };
  }
  return samples.every(({ relative }) => relative < 1) ? 'always faster' : 'never faster';
}

/** Ends of a panel's logarithmic axis of milliseconds: round, around all that is drawn. */
export function msDomain({ denseMs, curves }: GrowthPanel): [number, number] {
  const all = [denseMs, ...curves.flatMap(({ samples }) => samples.map(({ ms }) => ms))];
  return [roundTo(Math.min(...all), 'below'), roundTo(Math.max(...all), 'above')];
}

/** 1, 2 or 5 times a power of ten: the largest that is not above the value, or the smallest that is not below it. */
function roundTo(value: number, side: 'below' | 'above'): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((step) => step * power);
  return (side === 'below' ? steps.findLast((step) => step <= value) : steps.find((step) => step >= value)) ?? power;
}

/** Round values of a logarithmic axis, 1, 2 and 5 times powers of ten; powers alone where there would be many. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const ticks: number[] = [];
  const parts = high / low > 1000 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const part of parts) {
      const tick = Number((part * 10 ** power).toPrecision(1));
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** A density in per cent with two significant digits: `0.5 %`, `23 %`. */
export const densityWords = (density: number): string => `${Number((100 * density).toPrecision(2))} %`;

/** A crossover in words: `23 %`, `always faster`; a dash where there is none. */
export function crossoverWords(crossover: Crossover | null): string {
  if (crossover === null) return '-';
  return typeof crossover === 'string' ? crossover : densityWords(crossover.density);
}

/** The panels as rows of cells, the first of them headings: median milliseconds by width, format and density, and crossovers. */
export function growthCells(panels: readonly GrowthPanel[]): string[][] {
  const densities = [...new Set(panels.flatMap(({ curves }) => curves.flatMap(({ samples }) => samples.map(({ density }) => density))))].sort((a, b) => a - b);
  const head = ['width', 'format', ...densities.map(densityWords), 'dense', 'faster than dense below'];
  const rows = panels.flatMap(({ width, denseMs, curves }) => curves.map(({ format, samples, crossover }) => [
    String(width), format, ...densities.map((at) => msWords(samples.find(({ density }) => density === at)?.ms)), msWords(denseMs), crossoverWords(crossover),
  ]));
  return [head, ...rows];
}

/** Milliseconds with three significant digits, whole from 100 on; a dash where there are none. */
export function msWords(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);
}
