import { probabilityOf } from '../../engine/experiment/answers.ts';
import type { Probe } from '../../engine/experiment/events.ts';
import type { MaskPalette } from '../mask/palette.ts';
import { mix } from '../mask/raster.ts';

/** The plane of inputs that networks are asked about. */
export type Plane = Extract<Probe, { what: 'plane' }>;

/** How far the surest cell goes from pale to the colour of its class: its examples must stand out. */
const SUREST = 0.7;

/** RGBA of the cells of a plane: purple where the first class is sure, green where the second is, pale where neither. */
export function planePixels(answers: Uint8Array, palette: Pick<MaskPalette, 'negative' | 'zero' | 'positive' | 'nan'>): Uint8ClampedArray<ArrayBuffer> {
  const cells = Uint32Array.from(answers, (byte) => {
    const leaning = 2 * probabilityOf(byte) - 1;
    if (Number.isNaN(leaning)) return palette.nan;
    return mix(palette.zero, leaning < 0 ? palette.negative : palette.positive, SUREST * Math.abs(leaning));
  });
  return new Uint8ClampedArray(cells.buffer);
}

/** The test examples in the picture: x from the left and y from the top, 0 to 1. */
export function pointsOf({ reach: [x0, x1, y0, y1], points, labels }: Plane): { x: number; y: number; label: number }[] {
  return Array.from(labels, (label, i) => ({ x: (points[2 * i]! - x0) / (x1 - x0), y: (y1 - points[2 * i + 1]!) / (y1 - y0), label }));
}

/** Share of the examples in the picture whose cell is of their class. */
export function rightShare(plane: Plane, answers: Uint8Array): number {
  const { side } = plane;
  const inside = pointsOf(plane).filter(({ x, y }) => x >= 0 && x < 1 && y >= 0 && y < 1);
  const right = inside.filter(({ x, y, label }) => {
    const second = probabilityOf(answers[Math.floor(y * side) * side + Math.floor(x * side)]);
    return label === 1 ? second > 0.5 : second <= 0.5;
  });
  return right.length / inside.length;
}
