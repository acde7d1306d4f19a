import { describe, expect, it } from 'vitest';
import { formatCount, formatDensity, formatDuration, formatLoss, formatPercent, formatPoints, formatQuantity, formatStep, formatValue, plural } from './numbers.ts';

/** Thin spaces as plain ones, to keep the tables readable. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('numbers in words', () => {
  it.each([[0, 2000, '00,000'], [1240, 2000, '01,240'], [999, 20_000, '00,999'], [123456, 1_000_000, '0,123,456']])(
    'pads step %i of %i to %s', (step, total, text) => expect(formatStep(step, total)).toBe(text));

  it('keeps the width of the counter over a whole run', () => {
    const widths = new Set([0, 9, 10, 999, 1000, 1999, 2000].map((step) => formatStep(step, 2000).length));
    expect(widths.size).toBe(1);
  });

  it.each([[1, '100 %'], [0.9996, '100 %'], [0.555, '55.5 %'], [0.125, '12.5 %'], [0.05, '5 %'], [0.0894, '8.94 %'], [0.001, '0.1 %'], [0, '0 %'], [Number.NaN, '– %']])(
    'writes density %d as %s', (density, text) => expect(plain(formatDensity(density))).toBe(text));

  it('never shows a density below 1 as a rounded 100 % unless it is within a twentieth of a point', () => {
    expect(plain(formatDensity(0.9989))).toBe('99.9 %');
  });

  it.each([[0.044, '+4.4'], [-0.007, '−0.7'], [0.0004, '0.0'], [-0.0004, '0.0']])('writes a difference of %d as %s', (difference, text) =>
    expect(formatPoints(difference)).toBe(text));

  it.each([[0, '0'], [0.0312, '0.0312'], [2.345, '2.35'], [1234.5, '1,235'], [0.00000012, '1.2e-7'], [Number.NaN, 'NaN'], [-Infinity, '−∞']])(
    'writes %d as %s', (value, text) => expect(formatValue(value)).toBe(text));

  it.each([[2.314, '2.31'], [0.2041, '0.204'], [0.00453, '0.005'], [0, '0'], [1234.5, '1,235'], [7.1e26, '7.1e+26'], [Number.NaN, 'NaN']])('writes a loss of %d as %s', (loss, text) => expect(formatLoss(loss)).toBe(text));

  it('chooses prefixes and units that read well', () => {
    expect(plain(formatQuantity(79_200_000, 'FLOP'))).toBe('79.2 MFLOP');
    expect(plain(formatQuantity(512, 'B'))).toBe('512 B');
    expect(plain(formatDuration(0.31))).toBe('310 µs');
    expect(plain(formatDuration(4.237))).toBe('4.24 ms');
    expect(plain(formatDuration(1830))).toBe('1.83 s');
    expect(plain(formatPercent(0.94))).toBe('94.0 %');
    expect(formatCount(101_632)).toBe('101,632');
    expect(plural(1, 'step')).toBe('1 step');
    expect(plural(2000, 'step')).toBe('2,000 steps');
  });
});
