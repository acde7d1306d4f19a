import { describe, expect, it } from 'vitest';
import { drawMatrix, type DrawOptions } from './draw.ts';
import { matrixLayout } from './layout.ts';
import { clamped, enlarged, WHOLE } from './matrixWindow.ts';
import { ageShading, paintMatrix } from './paintMatrix.ts';
import { createRaster, packHex } from './raster.ts';
import { stateShading } from './shading.ts';
import { CODE, MASK_STATES } from './states.ts';

const palette = { states: MASK_STATES.map((_, code) => packHex(`#4${code}8${code}c${code}`)), full: 1, surface: 7, negative: 2, zero: 3, positive: 4, nan: 5 };
const codesOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => ((i * 7919) >>> 3) % 6);

/** Place of the first pixel that differs, -1 for none: a diff of whole pictures takes seconds. */
const differing = (a: Uint32Array, b: Uint32Array): number => (a.length === b.length ? a.findIndex((pixel, i) => pixel !== b[i]) : Math.min(a.length, b.length));

describe('the painted matrix', () => {
  it.each([[128, 784, 476], [3, 5, 300], [300, 200, 280]])('of %i x %i is, seen whole, the still picture', (out, inputs, side) => {
    const layer = { codes: codesOf(out * inputs), out, in: inputs };
    for (const solo of [null, 'grown', 'never'] as const) {
      const options: DrawOptions = { width: side, height: side, ratio: 1, palette, solo };
      const base = matrixLayout(out, inputs, side, side);
      const raster = createRaster(base.width, base.height, 0);
      paintMatrix(raster, layer, base, WHOLE, stateShading(palette, solo), 1);
      const still = drawMatrix(layer, options);
      expect(differing(raster.pixels, still.raster.pixels)).toBe(-1);
    }
  });

  it('is in a window what the enlarged whole is there', () => {
    const layer = { codes: codesOf(60 * 90), out: 60, in: 90 };
    const base = matrixLayout(60, 90, 120, 120);
    const layout = enlarged(base, 60, 2.5);
    const shading = stateShading(palette, null);
    const all = createRaster(layout.width, layout.height, 0);
    paintMatrix(all, layer, layout, WHOLE, shading, 1);
    const place = clamped({ zoom: 2.5, x: 37, y: 51 }, base, 60, { width: 120, height: 100 });
    const part = createRaster(120, 100, 0);
    paintMatrix(part, layer, layout, place, shading, 1);
    for (let y = 0; y < 100; y++) {
      const start = (place.y + y) * all.width + place.x;
      expect(differing(part.pixels.subarray(y * 120, (y + 1) * 120), all.pixels.subarray(start, start + 120))).toBe(-1);
    }
  });

  it('shows the youngest weight of a block, and none where none is active', () => {
    const bins = [11, 12, 13, 14, 15].map((n) => packHex(`#0000${n}`));
    const shading = ageShading(palette, bins);
    expect(shading.block(Uint32Array.of(0, 1, 0, 0, 0, 3), 0)).toBe(bins[0]);
    expect(shading.block(Uint32Array.of(4, 0, 0, 0, 0, 0), 0)).toBe(palette.states[CODE.never]);
  });
});
