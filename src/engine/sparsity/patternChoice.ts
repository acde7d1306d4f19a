import type { PatternMatrix } from '../nn/layout.ts';
import { type NmPattern, keptOfGroup } from './pattern.ts';

/** Key of what is in already, as shaders/lib/select.wgsl has it. */
export const KEPT = 0xffffffff;

/** Keys of a matrix, row by row: larger is better, 0 is no candidate. */
type Matrix = Pick<PatternMatrix, 'rows' | 'columns'> & { keys: Uint32Array };

/** A square of a transposable pattern, smaller at the right and the lower edge. */
export interface Square {
  row: number;
  column: number;
  height: number;
  width: number;
}

/** The squares of a matrix, row by row. */
export function squares(m: number, rows: number, columns: number): Square[] {
  const found: Square[] = [];
  for (let row = 0; row < rows; row += m) {
    for (let column = 0; column < columns; column += m) found.push({ row, column, height: Math.min(m, rows - row), width: Math.min(m, columns - column) });
  }
  return found;
}

/** The patterns of a 4 x 4 square with two in each row and column: bit 4 r + c; in ascending order, 90 of them. */
export const TRANSPOSABLE_2_OF_4: readonly number[] = Array.from({ length: 2 ** 16 }, (_, bits) => bits).filter((bits) =>
  [0, 1, 2, 3].every((i) => [0, 4, 8, 12].reduce((sum, at) => sum + ((bits >> (at + i)) & 1), 0) === 2 && [0, 1, 2, 3].reduce((sum, at) => sum + ((bits >> (4 * i + at)) & 1), 0) === 2));

/**
 * Marks what a pattern keeps, by keys: in each group those with the largest, ties to the lower place. What is no candidate is
 * never marked. Of a transposable pattern, see `chooseSquare`.
 */
export function chooseByPattern(keys: Uint32Array, { rows, columns }: Pick<PatternMatrix, 'rows' | 'columns'>, pattern: NmPattern): Uint8Array {
  const chosen = new Uint8Array(keys.length);
  if (pattern.axis === 'both') {
    for (const square of squares(pattern.m, rows, columns)) for (const i of chooseSquare({ keys, rows, columns }, square, pattern)) chosen[i] = 1;
    return chosen;
  }
  const [lines, length, step] = pattern.axis === 'in' ? [rows, columns, 1] : [columns, rows, columns];
  for (let line = 0; line < lines; line++) {
    const first = pattern.axis === 'in' ? line * columns : line;
    for (let at = 0; at < length; at += pattern.m) {
      const size = Math.min(pattern.m, length - at);
      const group = Array.from({ length: size }, (_, j) => first + (at + j) * step);
      for (const i of group) chosen[i] = keys[i]! > 0 && rankIn(keys, group, i) < keptOfGroup(pattern, size) ? 1 : 0;
    }
  }
  return chosen;
}

/** How many of a group are ahead of `i`. */
function rankIn(keys: Uint32Array, group: readonly number[], i: number): number {
  return group.reduce((ahead, j) => ahead + (keys[j]! > keys[i]! || (keys[j] === keys[i] && j < i) ? 1 : 0), 0);
}

/** What a key is worth where sums decide: of a magnitude the magnitude itself, none above 2^120 so that no sum is infinite. */
function worth(key: number): number {
  if (key === 0) return 0;
  view.setUint32(0, Math.min(key - 1, 0x7b800000));
  const value = view.getFloat32(0);
  return value < 2 ** -126 ? 0 : value;
}
const view = new DataView(new ArrayBuffer(4));

/**
 * Places of a square that a transposable pattern keeps. 2 of 4 in a whole square: of the 90 patterns the first with the
 * largest sum (f32, place by place). Else greedily: the best of those whose row and column have room, ties to the lower
 * place; then, while a row and a column are short, the exchange that gains most.
 */
function chooseSquare(matrix: Matrix, square: Square, pattern: NmPattern): number[] {
  const { n, m } = pattern;
  const taken = n === 2 && m === 4 && square.height === 4 && square.width === 4 ? bestOf90(matrix, square) : greedy(matrix, square, pattern);
  return taken.flatMap((bits, r) => Array.from({ length: square.width }, (_, c) => c).filter((c) => (bits >>> c) & 1 && keyAt(matrix, square, r, c) > 0).map((c) => placeOf(matrix, square, r, c)));
}

const placeOf = ({ columns }: Matrix, { row, column }: Square, r: number, c: number): number => (row + r) * columns + column + c;
const keyAt = (matrix: Matrix, square: Square, r: number, c: number): number => matrix.keys[placeOf(matrix, square, r, c)]!;

/** Bits of each row of the best of the 90 patterns. */
function bestOf90(matrix: Matrix, square: Square): number[] {
  const worths = Array.from({ length: 16 }, (_, i) => worth(keyAt(matrix, square, i >> 2, i & 3)));
  // What was kept before a growth stays whatever it is worth.
  const stays = worths.reduce((bits, _, i) => (keyAt(matrix, square, i >> 2, i & 3) === KEPT ? bits | (1 << i) : bits), 0);
  let [best, most] = [0, -1];
  for (const bits of TRANSPOSABLE_2_OF_4) {
    if ((bits & stays) !== stays) continue;
    let sum = 0;
    for (let i = 0; i < 16; i++) if ((bits >> i) & ~(stays >> i) & 1) sum = Math.fround(sum + worths[i]!);
    if (sum > most) [best, most] = [bits, sum];
  }
  return [0, 4, 8, 12].map((at) => (best >> at) & 15);
}

const bitAt = (taken: readonly number[], r: number, c: number): number => (taken[r]! >>> c) & 1;

function greedy(matrix: Matrix, square: Square, pattern: NmPattern): number[] {
  const { height, width } = square;
  const taken = new Array<number>(height).fill(0);
  const room = { rows: new Array<number>(height).fill(keptOfGroup(pattern, width)), columns: new Array<number>(width).fill(keptOfGroup(pattern, height)) };
  for (;;) {
    let best: readonly [r: number, c: number] | undefined;
    let most = -1;
    for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) {
      if (room.rows[r] === 0 || room.columns[c] === 0 || bitAt(taken, r, c)) continue;
      const key = keyAt(matrix, square, r, c);
      if (key > most) [best, most] = [[r, c], key];
    }
    if (!best) break;
    take(taken, room, best);
  }
  repair(matrix, square, taken, room);
  return taken;
}

interface Room { rows: number[]; columns: number[] }

function take(taken: number[], room: Room, [r, c]: readonly [number, number]): void {
  taken[r]! |= 1 << c;
  room.rows[r]!--;
  room.columns[c]!--;
}

/** Fills a row and a column that are short, by taking (r, c') and (r', c) for (r', c'), until there are no two. */
function repair(matrix: Matrix, square: Square, taken: number[], room: Room): void {
  for (;;) {
    const r = room.rows.findIndex((left) => left > 0);
    const c = room.columns.findIndex((left) => left > 0);
    if (r < 0 || c < 0) return;
    let best: readonly [number, number] | undefined;
    let most = -Infinity;
    for (let r2 = 0; r2 < square.height; r2++) for (let c2 = 0; c2 < square.width; c2++) {
      if (!bitAt(taken, r2, c2) || bitAt(taken, r, c2) || bitAt(taken, r2, c)) continue;
      const added = Math.fround(worth(keyAt(matrix, square, r, c2)) + worth(keyAt(matrix, square, r2, c)));
      const gain = Math.fround(added - worth(keyAt(matrix, square, r2, c2)));
      if (gain > most) [best, most] = [[r2, c2], gain];
    }
    // Where a row and a column are short, there is always an exchange: see docs/decisions/0013-nm-format.md.
    if (!best) return;
    const [r2, c2] = best;
    taken[r]! |= 1 << c2;
    taken[r2] = ((taken[r2] as number) & ~(1 << c2)) | (1 << c);
    room.rows[r]!--;
    room.columns[c]!--;
  }
}
