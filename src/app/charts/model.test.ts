import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curvesCsv } from './csv.ts';
import { decimate, extent, smooth, spread, tableRows, type Curve } from './model.ts';
import { roundTicks } from './ticks.ts';

const curve = (steps: number[], values: number[], label = 'a'): Curve => ({ id: label, label, colour: '--run-1', stroke: 'solid', steps, values });

describe('decimation', () => {
  it('keeps ends and extremes within the limit, in order', () => {
    fc.assert(fc.property(fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 3000 }), (values) => {
      const points = decimate({ steps: values.map((_, i) => i), values }, 100);
      expect(points.length).toBeLessThanOrEqual(Math.max(100, 1));
      expect(points[0]).toEqual({ step: 0, value: values[0] });
      expect(points.at(-1)).toEqual({ step: values.length - 1, value: values.at(-1) });
      expect(Math.max(...points.map((point) => point.value))).toBe(Math.max(...values));
      expect(Math.min(...points.map((point) => point.value))).toBe(Math.min(...values));
      for (let i = 1; i < points.length; i++) expect(points[i]!.step).toBeGreaterThan(points[i - 1]!.step);
    }));
  });

  it('leaves out what is no number', () => {
    expect(decimate({ steps: [0, 1, 2], values: [1, Number.NaN, 3] })).toEqual([{ step: 0, value: 1 }, { step: 2, value: 3 }]);
  });
});

describe('smoothing', () => {
  it('does nothing at 0 and keeps a constant at any weight', () => {
    expect([...smooth([1, 2, 3], 0)]).toEqual([1, 2, 3]);
    for (const value of smooth([4, 4, 4, 4], 0.99)) expect(value).toBeCloseTo(4, 5);
  });

  it('passes NaN through without spreading it', () => {
    const smoothed = smooth([1, Number.NaN, 1], 0.5);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeCloseTo(1, 6);
  });
});

describe('axes and labels', () => {
  it.each([[0, 1, 4, [0, 0.25, 0.5, 0.75, 1]], [0, 2000, 4, [0, 500, 1000, 1500, 2000]], [0.85, 1, 5, [0.85, 0.9, 0.95, 1]]])('puts round ticks on %d to %d', (low, high, count, ticks) =>
    expect(roundTicks(low, high, count)).toEqual(ticks));

  it('moves labels apart and keeps them inside', () => {
    fc.assert(fc.property(fc.array(fc.float({ min: -50, max: 250, noNaN: true }), { minLength: 1, maxLength: 6 }), (positions) => {
      const moved = spread(positions, 16, 120);
      const sorted = moved.toSorted((a, b) => a - b);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(16 - 1e-3);
      expect(sorted.at(-1)).toBeLessThanOrEqual(120);
    }));
  });

  it('knows the extent of finite values, and that there may be none', () => {
    expect(extent([curve([0, 1], [3, Number.NaN]), curve([0], [-1])])).toEqual([-1, 3]);
    expect(extent([curve([], [])])).toBeUndefined();
  });
});

describe('alternatives to the picture', () => {
  const curves = [curve([0, 10], [1, 2], 'this'), curve([10], [0.5], 'random, fixed')];

  it('puts curves with different steps into one table', () => {
    expect(tableRows(curves)).toEqual([{ step: 0, values: [1, undefined] }, { step: 10, values: [2, 0.5] }]);
  });

  it('writes long CSV, names quoted where needed and numbers as short as 32 bits allow', () => {
    expect(curvesCsv({ curves })).toBe('series,step,value\nthis,0,1\nthis,10,2\n"random, fixed",10,0.5\n');
    expect(curvesCsv({ curves: [curve([1, 2], [Math.fround(0.1), Number.NaN], 'a "b"')] })).toBe('series,step,value\n"a ""b""",1,0.1\n"a ""b""",2,NaN\n');
    expect(curvesCsv({ curves: [curve([1], [-3], 'log')], measured: (drawn) => 10 ** drawn })).toBe('series,step,value\nlog,1,0.001\n');
  });
});
