import { expect, test } from 'vitest';
import { type Plane, planePixels, pointsOf, rightShare } from './plane.ts';

const palette = { negative: 0xff00000a, zero: 0xff000000, positive: 0xff000a00, nan: 0xffffffff };
const plane: Plane = { what: 'plane', side: 2, reach: [-1, 1, 0, 4], points: Float32Array.of(-0.5, 3, 0.5, 3, -1, 4, 5, 3), labels: Uint8Array.of(0, 0, 0, 1) };
// Two cells wide and high; the upper left one is of the first class, the lower left one of neither, the last not known.
const answers = Uint8Array.of(0, 254, 127, 255);

test('cells are coloured from the top left by how sure the network is', () => {
  expect([...new Uint32Array(planePixels(answers, palette).buffer)]).toEqual([0xff000007, 0xff000700, palette.zero, palette.nan]);
});

test('examples stand where their inputs are, and count where they are in the picture', () => {
  expect(pointsOf(plane).slice(0, 3)).toEqual([{ x: 0.25, y: 0.25, label: 0 }, { x: 0.75, y: 0.25, label: 0 }, { x: 0, y: 0, label: 0 }]);
  // Of three inside, the second lies in the other's half.
  expect(rightShare(plane, answers)).toBeCloseTo(2 / 3, 9);
});
