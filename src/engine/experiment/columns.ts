/** Rows of numbers that grow: a step for each row and named columns, all of one length. */
export interface Table {
  length: number;
  /** Steps never fall; what lies behind `length` means nothing. */
  step: Uint32Array;
  /** NaN where a row has no value. */
  columns: Map<string, Float32Array>;
}

/** A curve: values at steps. */
export interface Series {
  steps: Uint32Array;
  values: Float32Array;
}

/** Most numbers that a table holds before it is thinned: 1 MiB, and as much again while it grows. Charts draw 500 points of them. */
export const MAX_CELLS = 1 << 18;

/** A table without rows. */
export function createTable(): Table {
  return { length: 0, step: new Uint32Array(0), columns: new Map() };
}

/** Adds rows. Rows behind the newest step in time are left out, so that steps never fall. Thins the table where it gets too large. */
export function appendRows(table: Table, step: Uint32Array, columns: Readonly<Record<string, Float32Array>>, maxCells = MAX_CELLS): void {
  for (const name of Object.keys(columns)) {
    if (!table.columns.has(name)) table.columns.set(name, new Float32Array(table.step.length).fill(Number.NaN));
  }
  reserve(table, table.length + step.length);
  for (let row = 0; row < step.length; row++) {
    const at = table.length;
    if (at > 0 && (step[row] as number) < (table.step[at - 1] as number)) continue;
    table.step[at] = step[row] as number;
    for (const [name, kept] of table.columns) kept[at] = (Object.hasOwn(columns, name) ? columns[name]?.[row] : undefined) ?? Number.NaN;
    table.length++;
  }
  const maxRows = Math.floor(maxCells / (table.columns.size + 1));
  if (table.length > maxRows) thinTable(table, maxRows / 2);
}

function reserve(table: Table, length: number): void {
  if (length <= table.step.length) return;
  const capacity = Math.max(64, length, 2 * table.step.length);
  const step = new Uint32Array(capacity);
  step.set(table.step);
  table.step = step;
  for (const [name, values] of table.columns) {
    const grown = new Float32Array(capacity);
    grown.set(values);
    table.columns.set(name, grown);
  }
}

/**
 * Thins a table to at most `rows` rows, or to its extremes where those are more. First and last row stay, and the
 * extremes of every column; of windows of equally many steps those rows in which the leading column is lowest and
 * highest, so that a thinned curve still shows its spikes, and its beginning no worse than its end.
 */
export function thinTable(table: Table, rows: number): void {
  if (table.length <= rows) return;
  const kept = new Set<number>([0, table.length - 1]);
  const keepExtremes = (values: Float32Array, from: number, to: number): void => {
    let low = -1;
    let high = -1;
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < (values[low] as number)) low = row;
      if (high < 0 || value > (values[high] as number)) high = row;
    }
    if (low >= 0) kept.add(low).add(high);
  };
  for (const values of table.columns.values()) keepExtremes(values, 0, table.length);
  const leading = table.columns.get('loss') ?? table.columns.values().next().value;
  const windows = Math.floor((rows - 2 - 2 * table.columns.size) / 2);
  const first = table.step[0] as number;
  const span = (table.step[table.length - 1] as number) - first;
  let from = 0;
  for (let w = 1; w <= windows; w++) {
    const to = rowsUpTo(table, first + (span * w) / windows);
    if (leading) keepExtremes(leading, from, to);
    from = to;
  }
  keepRows(table, [...kept].sort((a, b) => a - b));
}

/** New arrays instead of moving rows: curves read before stay as they were. */
function keepRows(table: Table, rows: readonly number[]): void {
  table.step = Uint32Array.from(rows, (row) => table.step[row] as number);
  for (const [name, values] of table.columns) table.columns.set(name, Float32Array.from(rows, (row) => values[row] as number));
  table.length = rows.length;
}

/** Number of rows with a step at or before `end`. */
export function rowsUpTo({ step, length }: Table, end: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((step[middle] as number) <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A column up to and including a step: views, nothing is copied. Empty where there is no such column. */
export function columnOf(table: Table | undefined, name: string, end = Number.POSITIVE_INFINITY): Series {
  const values = table?.columns.get(name);
  if (!table || !values) return { steps: new Uint32Array(0), values: new Float32Array(0) };
  const length = end === Number.POSITIVE_INFINITY ? table.length : rowsUpTo(table, end);
  return { steps: table.step.subarray(0, length), values: values.subarray(0, length) };
}
