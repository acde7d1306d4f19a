import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupsThatFit, slotUnder, slotX, stripLayout, windowAround } from './stripLayout.ts';

describe('a strip of groups', () => {
  const strips = fc.record({ width: fc.integer({ min: 280, max: 1400 }), m: fc.integer({ min: 1, max: 256 }), groups: fc.integer({ min: 1, max: 200 }), share: fc.double({ min: 0, max: 1, noNaN: true }) });

  test('fits its width, and the slot under a point is the one that stands there', () => {
    fc.assert(fc.property(strips, ({ width, m, groups, share }) => {
      const { most, first } = groupsThatFit(width, m, groups);
      expect(first).toBeLessThanOrEqual(most);
      const count = 1 + Math.floor(share * (most - 1));
      const layout = stripLayout(width, m, count);
      expect(slotX(layout, count - 1, m)).toBeLessThanOrEqual(Math.max(width, layout.gutter + m) + 1e-6);
      for (const group of [0, count - 1]) for (const place of [0, m - 1]) expect(slotUnder(layout, slotX(layout, group, place) + layout.slot / 2)).toEqual({ group, place });
    }));
  });

  test('moves as little as needed to show a group', () => {
    expect(windowAround(4, 3, 5, 20)).toBe(4);
    expect(windowAround(4, 3, 9, 20)).toBe(7);
    expect(windowAround(4, 3, 2, 20)).toBe(2);
    expect(windowAround(4, 8, 0, 5)).toBe(0);
  });
});
