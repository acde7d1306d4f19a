import { describe, expect, it } from 'vitest';
import { drawInputMap, drawNeurons, type Drawing, type DrawOptions } from './draw.ts';
import { middleOf, nextPlace, startPlace } from './moveCell.ts';
import { CODE, MASK_STATES } from './states.ts';

const options: DrawOptions = {
  width: 80, height: 80, ratio: 1, solo: null,
  palette: { states: MASK_STATES.map((_, code) => code), full: 1, surface: 0, negative: 2, zero: 3, positive: 4, nan: 5 },
};
const at = (drawing: Drawing, { x, y }: { x: number; y: number }) => drawing.cellAt(x, y)!;

describe('the reading cursor', () => {
  const map = drawInputMap(new Float32Array(400), { rows: 20, columns: 20 }, 1, options);

  it('goes from square to square, and stays at the edge', () => {
    const start = middleOf(map.cellAt(0, 0)!);
    expect(at(map, nextPlace(map, start, [1, 0], false)).input).toBe(1);
    expect(at(map, nextPlace(map, start, [0, 1], false)).input).toBe(20);
    expect(nextPlace(map, start, [-1, 0], false)).toEqual(start);
  });

  it('leaps over eight squares, or to the edge where that is nearer', () => {
    const start = middleOf(map.cellAt(0, 0)!);
    expect(at(map, nextPlace(map, start, [1, 0], true)).input).toBe(8);
    expect(at(map, nextPlace(map, middleOf(map.cellAt(79, 0)!), [-1, 0], true)).input).toBe(11);
    expect(at(map, nextPlace(map, middleOf(map.cellAt(60, 0)!), [1, 0], true)).input).toBe(19);
  });

  it('begins on a square, also where the middle of the picture lies between tiles', () => {
    const tiles = drawNeurons({ codes: new Uint8Array(4 * 9).fill(CODE.kept), out: 4, in: 9 }, { rows: 3, columns: 3 }, 2, options);
    expect(tiles.cellAt(tiles.raster.width / 2, tiles.raster.height / 2)).toBeUndefined();
    expect(at(tiles, startPlace(tiles))).toMatchObject({ unit: 0, input: 8 });
  });

  it('crosses the gap between tiles, and leaps from tile to tile', () => {
    const tiles = drawNeurons({ codes: new Uint8Array(4 * 9).fill(CODE.kept), out: 4, in: 9 }, { rows: 3, columns: 3 }, 2, options);
    const last = middleOf(tiles.cellAt(tiles.leap.x - 2, 0)!);
    expect(at(tiles, last)).toMatchObject({ unit: 0, input: 2 });
    expect(at(tiles, nextPlace(tiles, last, [1, 0], false))).toMatchObject({ unit: 1, input: 0 });
    expect(at(tiles, nextPlace(tiles, last, [1, 0], true))).toMatchObject({ unit: 1, input: 2 });
    expect(at(tiles, nextPlace(tiles, last, [0, 1], true))).toMatchObject({ unit: 2, input: 2 });
  });
});
