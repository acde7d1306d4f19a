import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixLayout } from './layout.ts';
import { clamped, cornerOf, enlarged, largestZoom, showing, squareAt, WHOLE, windowOf, zoomedAt } from './matrixWindow.ts';

const cases = fc.record({ out: fc.integer({ min: 1, max: 300 }), in: fc.integer({ min: 1, max: 900 }), side: fc.integer({ min: 280, max: 952 }), zoom: fc.double({ min: 1, max: 200, noNaN: true }), x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) });

describe('the window onto a matrix', () => {
  it('never leaves the picture and never draws squares under two pixels', () => {
    fc.assert(fc.property(cases, ({ side, zoom, x, y, ...layer }) => {
      const room = { width: side, height: side };
      const base = matrixLayout(layer.out, layer.in, side, side);
      const place = clamped({ zoom, x: (x - 0.5) * 1e5, y: (y - 0.5) * 1e5 }, base, layer.out, room);
      const layout = enlarged(base, layer.out, zoom);
      const seen = windowOf(layout, zoom, room);
      expect(layout.cell).toBeGreaterThanOrEqual(2);
      expect(place.x).toBeGreaterThanOrEqual(0);
      expect(place.y).toBeGreaterThanOrEqual(0);
      expect(place.x + seen.width).toBeLessThanOrEqual(layout.width);
      expect(place.y + seen.height).toBeLessThanOrEqual(layout.height);
    }));
  });

  it('finds at the corner of a square the square itself, at every zoom', () => {
    fc.assert(fc.property(cases, ({ side, zoom, x, y, ...layer }) => {
      const room = { width: side, height: side };
      const base = matrixLayout(layer.out, layer.in, side, side);
      const layout = enlarged(base, layer.out, zoom);
      const weight = { unit: Math.min(layer.out - 1, Math.floor(y * layer.out)), input: Math.min(layer.in - 1, Math.floor(x * layer.in)) };
      const place = showing({ zoom, x: 0, y: 0 }, weight, base, layer.out, room);
      const corner = cornerOf(layout, weight);
      const found = squareAt(layout, place, layer, { x: corner.x - place.x, y: corner.y - place.y })!;
      const band = Math.floor(weight.input / base.bandInputs) * base.bandInputs;
      expect(weight.unit - found.unit).toBe(weight.unit % layout.k);
      expect(weight.input - found.input).toBe((weight.input - band) % layout.k);
    }));
  });

  it('keeps the weight under the pointer while it zooms in', () => {
    const layer = { out: 1024, in: 1024 };
    const room = { width: 476, height: 476 };
    const base = matrixLayout(layer.out, layer.in, 476, 476);
    const point = { x: 201, y: 133 };
    let place = WHOLE;
    const first = squareAt(base, place, layer, point)!;
    for (let i = 0; i < 9; i++) place = zoomedAt(place, 1.6, point, base, layer.out, room, 1);
    const layout = enlarged(base, layer.out, place.zoom);
    const last = squareAt(layout, place, layer, point)!;
    expect(layout).toMatchObject({ k: 1 });
    expect(Math.abs(last.unit - first.unit)).toBeLessThanOrEqual(base.k);
    expect(Math.abs(last.input - first.input)).toBeLessThanOrEqual(base.k);
    expect(zoomedAt(place, 1e9, point, base, layer.out, room, 1).zoom).toBe(largestZoom(base, 1));
    expect(zoomedAt(place, 0, point, base, layer.out, room, 1)).toEqual(WHOLE);
  });

  it('reads nothing between bands and outside', () => {
    const layer = { out: 2, in: 64 };
    const base = matrixLayout(2, 64, 100, 100);
    expect(base.bands).toBeGreaterThan(1);
    expect(squareAt(base, WHOLE, layer, { x: -1, y: 0 })).toBeUndefined();
    expect(squareAt(base, WHOLE, layer, { x: 0, y: base.bandStep - 1 })).toBeUndefined();
    expect(squareAt(base, WHOLE, layer, { x: 0, y: base.bandStep })).toEqual({ unit: 0, input: base.bandInputs });
  });
});
