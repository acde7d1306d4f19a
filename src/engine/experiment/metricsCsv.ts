import type { MetricRows } from './events.ts';

/** First line of `metrics.csv`. */
export const CSV_HEADER = 'arm,table,step,column,value';

/**
 * Metrics in tidy long form: one line a value, so that tables with different columns share a file. Sorted by arm and
 * table in the order in which they first appear, then by step; non-finite values are `NaN`, `inf` and `-inf`.
 */
export function metricsCsv(rows: readonly MetricRows[]): string {
  const tables = new Map<string, MetricRows[]>();
  for (const part of rows) {
    const prefix = `${part.arm},${part.table}`;
    const known = tables.get(prefix);
    if (known) known.push(part);
    else tables.set(prefix, [part]);
  }
  const lines = [...tables].flatMap(([prefix, parts]) => parts.toSorted((a, b) => (a.step[0] ?? 0) - (b.step[0] ?? 0)).flatMap((part) => linesOf(prefix, part)));
  return `${[CSV_HEADER, ...lines].join('\n')}\n`;
}

function linesOf(prefix: string, { step, columns }: MetricRows): string[] {
  const named = Object.entries(columns).map(([name, values]) => [quoted(name), values] as const);
  return Array.from(step).flatMap((t, i) => named.map(([name, values]) => `${prefix},${t},${name},${decimal(values[i] as number)}`));
}

/** The shortest decimal that a reader rounds to the same 32-bit float. */
export function decimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** A field of a CSV file, after RFC 4180. */
export function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
