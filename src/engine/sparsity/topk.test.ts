import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectTop } from './topk.ts';

test('marks what a sort by key, then by index, puts first', () => {
  // Few distinct values make ties; keys that differ only above or only below bit 16 meet both passes.
  const key = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }).map((x) => x * 65536), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 80 }), fc.integer({ min: -1, max: 90 }), (keys, k) => {
      const order = keys.map((_, i) => i).sort((a, b) => keys[b]! - keys[a]! || a - b);
      const expected = new Uint8Array(keys.length);
      for (const i of order.slice(0, Math.max(0, k))) expected[i] = 1;
      expect(selectTop(Uint32Array.from(keys), k)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
