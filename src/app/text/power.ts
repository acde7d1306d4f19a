/** A value as a digit or two and a power of ten, short enough for an axis: `2e-4`, `3.5e-6`, `0`. */
export function formatPower(value: number): string {
  return value === 0 ? '0' : value.toExponential(1).replace(/\.0|\+/g, '');
}
