import { patternOf } from '../sparsity/pattern.ts';
import type { StorageFacts } from './events.ts';
import type { MasksSpec } from './experiment.ts';
import { crossoverOf, msAt, sparseLine, type TimeLine } from './storageCost.ts';

/** What a reader is told of a layer, or of all layers together. */
export interface StorageWords {
  /** Milliseconds a step by format, at the density of the layer. */
  ms: Readonly<Record<string, number>>;
  /** Density below which csr, or block, or nm, pays; see `crossoverOf`. */
  crossover: number | undefined;
  /** Such as `csr pays below 18 % density`. */
  pays: string;
}

/** Times at a density, and where csr, or block, or nm, begins to pay. */
export function storageWords({ lines, density }: Pick<StorageFacts, 'lines' | 'density'>): StorageWords {
  const crossover = crossoverOf(lines);
  return { ms: Object.fromEntries(lines.map((line) => [line.format, msAt(line, density)])), crossover, pays: paysWords(lines, crossover) };
}

function paysWords(lines: readonly TimeLine[], crossover: number | undefined): string {
  if (crossover === undefined) return lines.length === 0 ? 'nothing measured' : 'csr does not fit this device';
  const format = sparseLine(lines)?.format;
  if (crossover <= 0) return `${format} never pays`;
  return crossover >= 1 ? `${format} pays at any density` : `${format} pays below ${percent(crossover)} density`;
}

/** One line on a layer, such as `fc2: csr at 5 % density, 1.9 ms a step against 3.3 ms masked; csr pays below 18 % density`. */
export function storageSentence(facts: Pick<StorageFacts, 'layer' | 'format' | 'density' | 'lines'>): string {
  const { ms, pays } = storageWords(facts);
  const own = ms[facts.format];
  const others = Object.entries(ms).filter(([format]) => format !== facts.format).map(([format, time]) => `${milliseconds(time)} ${format}`);
  const times = own === undefined ? '' : `, ${milliseconds(own)} a step${others.length > 0 ? ` against ${others.join(' and ')}` : ''}`;
  return `${facts.layer}: ${facts.format} at ${percent(facts.density)} density${times}; ${pays}`;
}

/** A pattern that takes so much longer than the dense product is said to be slower: less is noise. */
const SLOWER = 1.05;
/** Other densities than that of the pattern are not measured, but lie on a line through what is. */
const NEAR = 0.1;

/**
 * Says that products with a pattern for each row take longer than dense ones, where that was measured; undefined else.
 * @param whose whose times they are, such as `on this device`
 */
export function slowPatternSentence(layers: readonly Pick<StorageFacts, 'layer' | 'format' | 'density' | 'lines'>[], masks: MasksSpec, whose: string): string | undefined {
  const pattern = patternOf(masks);
  if (!pattern || (masks.axis === 'in' && masks.share !== '1')) return undefined;
  const share = pattern.n / pattern.m;
  const known = layers.flatMap((facts) => {
    const { masked, nm } = storageWords(facts).ms;
    return masked !== undefined && nm !== undefined && Math.abs(facts.density - share) <= NEAR * share ? [{ ...facts, masked, nm }] : [];
  });
  const sum = (of: (one: (typeof known)[number]) => number): number => known.reduce((total, one) => total + of(one), 0);
  const times = sum(({ nm }) => nm) / sum(({ masked }) => masked);
  if (!(times >= SLOWER)) return undefined;
  const takes = known.some(({ format }) => format === 'nm') ? 'takes' : 'would take';
  const names = known.length > 2 ? `${known.length} layers` : known.map(({ layer }) => layer).join(' and ');
  const start = `${whose.charAt(0).toUpperCase()}${whose.slice(1)}${whose.includes(',') ? ',' : ''}`;
  return `${start} ${pattern.n}:${pattern.m} with a pattern for each row ${takes} ${Number(times.toPrecision(2))} times as long as the dense product (${names}, measured).`;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
const milliseconds = (ms: number): string => `${Number(ms.toPrecision(2))} ms`;
