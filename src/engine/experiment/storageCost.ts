import type { Format } from '../sparsity/formats/index.ts';

/** Time of one pass of a layer in one format: a line over the density of its mask. */
export interface PassTime {
  /** `forward`, `input gradient`, `weight gradient`, or `index`: what a mask update adds. */
  pass: string;
  format: Format;
  /** Milliseconds at density 0, and what density 1 adds. */
  fixedMs: number;
  densityMs: number;
}

/** Time that all passes of a layer take in a step, in one format. */
export type TimeLine = Omit<PassTime, 'pass'>;

/** Pass that only the steps with a mask update have. */
export const INDEX_PASS = 'index';

/** Another format must be so much cheaper, or noise and every small change of a mask would switch to and fro. */
const CHEAPER = 0.85;

/**
 * The line through measured times, least squares; level where they fall with density, and through 0 where it would begin
 * below: both are noise.
 * @param samples milliseconds by density, at least one
 */
export function fitLine(samples: readonly { density: number; ms: number }[]): { fixedMs: number; densityMs: number } {
  const mean = (of: (sample: { density: number; ms: number }) => number): number => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [density, ms] = [mean((s) => s.density), mean((s) => s.ms)];
  const spread = mean((s) => (s.density - density) ** 2);
  const densityMs = spread === 0 ? 0 : mean((s) => (s.density - density) * (s.ms - ms)) / spread;
  if (densityMs <= 0) return { fixedMs: ms, densityMs: 0 };
  const fixedMs = ms - densityMs * density;
  return fixedMs >= 0 ? { fixedMs, densityMs } : { fixedMs: 0, densityMs: mean((s) => s.density * s.ms) / mean((s) => s.density ** 2) };
}

/**
 * What a step spends on a layer, by format, the first format first.
 * @param batches how often a step has the passes: its micro-batches
 * @param updates mask updates a step, at most 1
 */
export function linesOf(passes: readonly PassTime[], batches: number, updates: number): TimeLine[] {
  return [...new Set(passes.map(({ format }) => format))].map((format) => {
    const own = passes.filter((pass) => pass.format === format);
    const sum = (of: (pass: PassTime) => number): number => own.reduce((total, one) => total + of(one) * (one.pass === INDEX_PASS ? updates : batches), 0);
    return { format, fixedMs: sum((pass) => pass.fixedMs), densityMs: sum((pass) => pass.densityMs) };
  });
}

/** Milliseconds at a density in [0, 1]. */
export function msAt({ fixedMs, densityMs }: Pick<TimeLine, 'fixedMs' | 'densityMs'>, density: number): number {
  return fixedMs + densityMs * density;
}

/**
 * What one pass of measured layers takes in a step: as they are stored, and in dense arithmetic. Undefined where none was measured.
 * @param batches how often a step has the passes: its micro-batches
 */
export function measuredPass(layers: readonly { format: Format; density: number; passes: readonly PassTime[] }[], wanted: string, batches: number): { ms: number; denseMs: number } | undefined {
  const times = layers.flatMap(({ format, density, passes }) => {
    const of = (stored: Format): PassTime | undefined => passes.find((pass) => pass.pass === wanted && pass.format === stored);
    const [own, masked] = [of(format), of('masked')];
    return own && masked ? [{ ms: msAt(own, density), denseMs: msAt(masked, density) }] : [];
  });
  if (times.length === 0) return undefined;
  return { ms: batches * times.reduce((sum, { ms }) => sum + ms, 0), denseMs: batches * times.reduce((sum, { denseMs }) => sum + denseMs, 0) };
}

/** The format that masked is compared with: block or nm where masks are made for it, else csr; undefined where neither was measured. */
export function sparseLine(lines: readonly TimeLine[]): TimeLine | undefined {
  return lines.find(({ format }) => format === 'block' || format === 'nm') ?? lines.find(({ format }) => format === 'csr');
}

/** Density below which `sparseLine` takes less time than masked: 0 where it never does, 1 where it always does; undefined where one of both is unknown. */
export function crossoverOf(lines: readonly TimeLine[]): number | undefined {
  const [masked, sparse] = [lines.find(({ format }) => format === 'masked'), sparseLine(lines)];
  if (!masked || !sparse) return undefined;
  const head = masked.fixedMs - sparse.fixedMs;
  const slope = sparse.densityMs - masked.densityMs;
  if (slope <= 0) return head > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, head / slope));
}

/** The cheapest format at a density; the present one unless another is much cheaper. */
export function chooseFormat(lines: readonly TimeLine[], density: number, present: Format): Format {
  const now = lines.find(({ format }) => format === present);
  const best = lines.toSorted((a, b) => msAt(a, density) - msAt(b, density))[0];
  if (!now || !best) return present;
  return msAt(best, density) < CHEAPER * msAt(now, density) ? best.format : present;
}

/** Time lines of layers added up, each at the same density: those of the network. */
export function addLines(layers: readonly (readonly TimeLine[])[]): TimeLine[] {
  const formats = [...new Set(layers.flat().map(({ format }) => format))].filter((format) => layers.every((lines) => lines.some((line) => line.format === format)));
  return formats.map((format) => {
    const own = layers.flat().filter((line) => line.format === format);
    return { format, fixedMs: own.reduce((sum, line) => sum + line.fixedMs, 0), densityMs: own.reduce((sum, line) => sum + line.densityMs, 0) };
  });
}
