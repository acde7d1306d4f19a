/** A thin space that does not break: between a number and its unit. */
const THIN = '\u202f';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number with thousands separators: `101,632`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? grouped.format(Math.round(value)) : '–';
}

/** The play bar's counter, padded so that its width does not change while training: `01,240`. */
export function formatStep(step: number, total: number): string {
  const digits = Math.max(5, String(Math.max(0, Math.floor(total))).length);
  const text = String(Math.max(0, Math.floor(step))).padStart(digits, '0');
  return text.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share from 0 to 1 as per cent with fixed decimals: `94.0 %`. */
export function formatPercent(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)}${THIN}%` : `–${THIN}%`;
}

/** A density as per cent, with as many decimals as its size calls for: `5 %`, `12.5 %`, `0.1 %`. */
export function formatDensity(density: number): string {
  if (!Number.isFinite(density)) return `–${THIN}%`;
  const percent = density * 100;
  const decimals = percent === 0 || percent >= 99.95 ? 0 : percent >= 9.95 ? 1 : percent >= 0.995 ? 2 : 3;
  return `${Number(percent.toFixed(decimals))}${THIN}%`;
}

/** The distance between two accuracies in percentage points, signed: `+4.4`, `−0.7`, `0.0`. */
export function formatPoints(difference: number): string {
  if (!Number.isFinite(difference)) return '–';
  const text = Math.abs(difference * 100).toFixed(1);
  const sign = text === '0.0' ? '' : difference > 0 ? '+' : '−';
  return sign + text;
}

/** A value of unknown size in about three significant digits: `0.0312`, `2.3`, `1.2e-7`. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(1).replace('e+', 'e');
  if (size >= 1000) return grouped.format(value);
  return String(Number(value.toPrecision(3)));
}

/** A loss, with decimals that its size calls for: `0.204`, `2.31`, `0.004`. */
export function formatLoss(value: number): string {
  if (!Number.isFinite(value)) return formatValue(value);
  // On the way to divergence a loss may have thirty digits.
  if (value >= 1e6) return value.toExponential(1);
  return value >= 100 ? grouped.format(value) : String(Number(value.toFixed(value >= 1 ? 2 : 3)));
}

const SCALES: readonly [number, string][] = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']];

/** A quantity with a decimal prefix and unit: `79.2 MFLOP`, `1.6 MB`. */
export function formatQuantity(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '–';
  const [scale, prefix] = SCALES.find(([limit]) => Math.abs(value) >= limit) ?? [1, ''];
  const scaled = value / scale;
  const text = scaled >= 100 ? scaled.toFixed(0) : String(Number(scaled.toPrecision(3)));
  return `${text}${THIN}${prefix}${unit}`;
}

/** A duration in milliseconds, in the unit that reads best: `4.2 ms`, `310 µs`, `1.8 s`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms >= 1000) return `${Number((ms / 1000).toPrecision(3))}${THIN}s`;
  if (ms >= 1) return `${Number(ms.toPrecision(3))}${THIN}ms`;
  return `${Number((ms * 1000).toPrecision(3))}${THIN}µs`;
}

/** The word with its number: `1 step`, `2 steps`. */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}
