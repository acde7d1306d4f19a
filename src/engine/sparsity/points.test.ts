import { describe, expect, test } from 'vitest';
import { densityAlong, endingAt, readPoints, writePoints } from './points.ts';

describe('points', () => {
  test('are read as they are written', () => {
    const points = [{ at: 0, density: 1 }, { at: 0.25, density: 0.5 }, { at: 0.75, density: 0.05 }];
    expect(writePoints(points)).toBe('0:1,0.25:0.5,0.75:0.05');
    expect(readPoints('0:1,0.25:0.5,0.75:0.05')).toEqual(points);
    expect(readPoints('0:1-.25:.5-.75:.05')).toEqual(points);
    expect([readPoints('none'), writePoints([])]).toEqual([[], 'none']);
    expect(writePoints([{ at: 1e-6, density: 1 / 3 }])).toBe('0.000001:0.3333333333333333');
  });

  test.each(['', ':', '0:', '0:1,', ',0:1', '0:1:2', '0:1;1:0', '-1:1', '0:1e-3', '0:Infinity', '0:NaN', '1.2.3:1', '.:1', '0:1,'.repeat(500), '0:1, 1:0', null, 7, {}, ['0:1']])('%j is no list of them', (text) => {
    expect(readPoints(text)).toBeUndefined();
  });

  test('are joined by straight lines, level before the first and behind the last', () => {
    const points = readPoints('0.1:1,0.5:0.6,0.5:0.2,0.9:0.1')!;
    const table: [number, number][] = [[-1, 1], [0, 1], [100, 1], [200, 0.9], [499, 0.601], [500, 0.2], [700, 0.15], [900, 0.1], [5000, 0.1]];
    for (const [step, density] of table) expect(densityAlong(points, step, 1000)).toBeCloseTo(density, 12);
  });

  test('end at another density, below which none stays where they may only fall', () => {
    const points = readPoints('0:1,0.5:0.3,1:0.1')!;
    expect(endingAt(points, 0.02, true).at(-1)).toEqual({ at: 1, density: 0.02 });
    expect(writePoints(endingAt(points, 0.8, true))).toBe('0:1,0.5:0.8,1:0.8');
    expect(writePoints(endingAt(points, 0.8, false))).toBe('0:1,0.5:0.3,1:0.8');
    expect(endingAt([], 0.8, true)).toEqual([]);
  });
});
