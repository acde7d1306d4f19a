import type { Cell, Drawing, Point } from './draw.ts';

/** The middle of a square. */
export const middleOf = ({ x, y, side }: Pick<Cell, 'x' | 'y' | 'side'>): Point => ({ x: x + side / 2, y: y + side / 2 });

/** The middle of a square near the middle of a picture, where a reading cursor begins. */
export function startPlace({ raster, cellAt }: Drawing): Point {
  const middle = { x: raster.width / 2, y: raster.height / 2 };
  // Tiles have gaps between them, and the last row of them may be short.
  for (let i = 0; i < Math.max(middle.x, middle.y); i++) {
    const cell = cellAt(Math.max(0, middle.x - i), Math.max(0, middle.y - i));
    if (cell) return middleOf(cell);
  }
  return middle;
}

/**
 * The middle of the next square that way, or with `far` of the last one within a leap; the place itself where no other
 * square lies there.
 * @param way of one unit, along one axis
 */
export function nextPlace({ raster, cellAt, leap }: Drawing, from: Point, [dx, dy]: readonly [number, number], far: boolean): Point {
  const here = cellAt(from.x, from.y);
  const start = here ? middleOf(here) : from;
  const longest = far ? Math.abs(dx) * leap.x + Math.abs(dy) * leap.y : Math.max(raster.width, raster.height);
  for (let i = 1; i <= longest; i++) {
    const distance = far ? longest + 1 - i : i;
    const cell = cellAt(start.x + dx * distance, start.y + dy * distance);
    if (cell && (cell.x !== here?.x || cell.y !== here.y)) return middleOf(cell);
  }
  return from;
}
