import { describe, expect, test } from 'vitest';
import { PURPOSE, randomU32, randomUniform } from '../random.ts';
import { layerMean, redistribute, type LayerRoom } from './redistribution.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const valueOf = ({ bits, exponent }: { bits: number; exponent: number }): number => bits * 2 ** exponent;
const ones = (n: number): Uint8Array => new Uint8Array(n).fill(1);
/** A layer whose mean is a whole number of sixteenths below 2^17. */
const layer = (mean: number, dropped: number, room: number): LayerRoom => ({ mean: layerMean(Float32Array.of(mean), ones(1)), dropped, room });

describe('the mean of a layer', () => {
  test('is of the sizes of active weights alone', () => {
    expect(valueOf(layerMean(Float32Array.of(1, -3, 100, 0.5), Uint8Array.of(1, 1, 0, 1)))).toBeCloseTo(1.5, 6);
    expect(layerMean(Float32Array.of(5, 7), new Uint8Array(2)).bits).toBe(0);
    expect(layerMean(new Float32Array(3), ones(3)).bits).toBe(0);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) expect(layerMean(Float32Array.of(1, bad), ones(2)).bits).toBe(0);
  });

  test.each([1, 3, 64, 257, 5000])('of %i weights is that of float64 to six digits, whatever the scale', (n) => {
    for (const scale of [2 ** -100, 1e-6, 1, 2 ** 90]) {
      const values = Float32Array.from({ length: n }, (_, i) => scale * randomUniform(n, PURPOSE.noise, 0, i));
      const mean = layerMean(values, ones(n));
      expect(valueOf(mean) / (sum([...values].map(Math.abs)) / n)).toBeCloseTo(1, 5);
      expect(mean.bits).toBeGreaterThanOrEqual(2 ** 20);
      expect(mean.bits).toBeLessThan(2 ** 21);
    }
  });
});

describe('growth', () => {
  test.each([
    // Means 3 : 1 share 12; 1 : 1 : 2 share 10 as 2, 2, 5 and one left over for the first.
    ['is shared by means', [layer(3, 6, 100), layer(1, 6, 100)], 0, [9, 3]],
    ['gives what rounding leaves to the first', [layer(1, 5, 100), layer(1, 5, 100), layer(2, 0, 100)], 0, [3, 2, 5]],
    ['takes more where the density rises', [layer(1, 2, 100), layer(1, 2, 100)], 6, [5, 5]],
    // 9 of 12 do not fit into 4: the other takes them.
    ['goes elsewhere where a layer is full', [layer(3, 6, 4), layer(1, 6, 100)], 0, [4, 8]],
    ['goes to a layer without a mean where all others are full', [layer(3, 6, 4), layer(0, 6, 100)], 0, [4, 8]],
    ['is as dropped where no layer has a mean', [layer(0, 6, 10), layer(0, 2, 10)], 0, [6, 2]],
    ['stops where there is no room', [layer(1, 6, 4), layer(1, 6, 2)], 0, [4, 2]],
    ['is nothing where nothing was dropped', [layer(1, 0, 4), layer(9, 0, 2)], 0, [0, 0]],
    ['of a layer a millionth as large is nothing', [layer(2 ** 20, 40, 100), layer(2 ** -12, 40, 100)], 0, [80, 0]],
  ] as const)('%s', (_, layers, extra, grown) => {
    expect(redistribute(layers, extra)).toEqual(grown);
  });

  test('never exceeds room, is all there is, and follows the means where there is room for it', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const draw = (i: number, below: number): number => randomU32(seed, PURPOSE.noise, 1, i) % below;
      const layers = Array.from({ length: 1 + draw(0, 6) }, (_, l) => layer(draw(3 * l + 1, 5) * 7.3, draw(3 * l + 2, 10 ** (1 + draw(50 + l, 6))), draw(3 * l + 3, 10 ** (1 + draw(70 + l, 6)))));
      const extra = draw(99, 20);
      const grown = redistribute(layers, extra);
      const all = sum(layers.map(({ dropped }) => dropped)) + extra;
      expect(grown.every((n, l) => Number.isInteger(n) && n >= 0 && n <= layers[l]!.room)).toBe(true);
      expect(sum(grown)).toBe(Math.min(all, sum(layers.map(({ room }) => room))));
      const means = layers.map(({ mean }) => valueOf(mean));
      const ideal = means.map((mean) => (mean / sum(means)) * all);
      if (sum(means) > 0 && ideal.every((n, l) => n + 1 <= layers[l]!.room)) grown.forEach((n, l) => expect(Math.abs(n - ideal[l]!)).toBeLessThan(layers.length + all * 1e-5));
    }
  });
});
