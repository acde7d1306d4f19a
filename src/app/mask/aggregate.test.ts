import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeByOutput, blockSide, countByInput, extremeByBlock, summarise } from './aggregate.ts';
import { blockColour, densityColour, stateColour, weightColour, type MaskPalette } from './palette.ts';
import { createRaster, fillRect, mix, packHex } from './raster.ts';
import { CODE, isActive, MASK_STATES } from './states.ts';

const palette: MaskPalette = {
  states: MASK_STATES.map((_, code) => packHex(`#0000${(0x10 + code).toString(16)}`)),
  full: packHex('#ffffff'), surface: packHex('#000000'), negative: packHex('#ff0000'), zero: packHex('#000000'), positive: packHex('#00ff00'), nan: packHex('#ffff00'),
};

describe('aggregation', () => {
  it('makes every drawn square at least two device pixels', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 40, noNaN: true }), (room) => {
      const k = blockSide(room);
      expect(k * room).toBeGreaterThanOrEqual(2 - 1e-9);
      if (k > 1) expect((k - 1) * room).toBeLessThan(2);
    }));
  });

  it('leaves no weight out and counts none twice', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.integer({ min: 0, max: 5 })), (rows, columns, k, stream) => {
      const codes = Uint8Array.from({ length: rows * columns }, () => stream.next().value as number);
      const grid = { codes, offset: 0, stride: columns, rows, columns };
      let cells = 0;
      let active = 0;
      let events = 0;
      for (let row = 0; row < Math.ceil(rows / k); row++) {
        for (let column = 0; column < Math.ceil(columns / k); column++) {
          const block = summarise(grid, k, row, column);
          cells += block.cells;
          active += block.active;
          events += block.dropped + block.grown + block.regrown;
        }
      }
      expect(cells).toBe(rows * columns);
      expect(active).toBe(codes.filter(isActive).length);
      expect(events).toBe(codes.filter((code) => code >= CODE.dropped).length);
    }));
  });

  it('shows any event in a block, whatever else is in it', () => {
    const grid = (codes: number[]) => ({ codes: Uint8Array.from(codes), offset: 0, stride: 2, rows: 2, columns: 2 });
    expect(blockColour(palette, summarise(grid([2, 2, 2, 3]), 2, 0, 0), null)).toBe(palette.states[CODE.dropped]);
    expect(blockColour(palette, summarise(grid([2, 2, 4, 0]), 2, 0, 0), null)).toBe(palette.states[CODE.grown]);
    expect(blockColour(palette, summarise(grid([2, 2, 2, 2]), 2, 0, 0), null)).toBe(palette.states[CODE.kept]);
    expect(blockColour(palette, summarise(grid([0, 0, 0, 0]), 2, 0, 0), null)).toBe(palette.states[CODE.never]);
  });

  it('shows only the solo state', () => {
    expect(stateColour(palette, CODE.kept, 'grown')).toBe(palette.states[CODE.never]);
    expect(stateColour(palette, CODE.grown, 'grown')).toBe(palette.states[CODE.grown]);
  });

  it('counts links by input and by unit', () => {
    const codes = Uint8Array.from([2, 0, 4, 2, 3, 5]);
    expect([...countByInput(codes, 2, 3, isActive)]).toEqual([2, 0, 2]);
    expect([...countByInput(codes, 2, 3, (code) => code === CODE.dropped)]).toEqual([0, 1, 0]);
    expect([...activeByOutput(codes, 2, 3)]).toEqual([2, 2]);
  });

  it('keeps the largest weight of a block with its sign, and NaN visible', () => {
    expect([...extremeByBlock(Float32Array.of(0, -3, 1, 2), 0, 2, 2, 2, 2)]).toEqual([-3]);
    expect(extremeByBlock(Float32Array.of(0, Number.NaN, 1, 2), 0, 2, 2, 2, 2)[0]).toBeNaN();
  });
});

describe('colours', () => {
  it('packs hex colours, long and shortened', () => {
    expect(packHex('#112233')).toBe(0xff332211);
    expect(packHex(' #fff')).toBe(0xffffffff);
    expect(() => packHex('red')).toThrow(/#RRGGBB/);
  });

  it('mixes from end to end and clamps', () => {
    expect(mix(packHex('#000000'), packHex('#ffffff'), 0)).toBe(packHex('#000000'));
    expect(mix(packHex('#000000'), packHex('#ffffff'), 2)).toBe(packHex('#ffffff'));
    expect(mix(packHex('#000000'), packHex('#ffffff'), Number.NaN)).toBe(packHex('#000000'));
  });

  it('gives no links the colour of never, and the most links the full colour', () => {
    expect(densityColour(palette, 0, 128, null)).toBe(palette.states[CODE.never]);
    expect(densityColour(palette, 128, 128, null)).toBe(palette.full);
  });

  it('diverges by sign, and says where a weight is no number', () => {
    expect(weightColour(palette, -1, 1)).toBe(palette.negative);
    expect(weightColour(palette, 1, 1)).toBe(palette.positive);
    expect(weightColour(palette, 0, 1)).toBe(palette.zero);
    expect(weightColour(palette, Number.NaN, 1)).toBe(palette.nan);
  });

  it('cuts off what lies outside of a raster', () => {
    const raster = createRaster(2, 2, 0);
    fillRect(raster, 1, 1, 5, 5, 7);
    expect([...raster.pixels]).toEqual([0, 0, 0, 7]);
  });
});
