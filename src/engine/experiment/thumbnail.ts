import * as v from 'valibot';

/** Shades of a thumbnail, a digit each. */
export const THUMBNAIL_LEVELS = 16;

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What the first layer of a run came to, small. */
const thumbnail = v.object({
  columns: side,
  rows: side,
  /** Row by row, a hexadecimal digit each: the square root of the share of active links, over the largest. */
  cells: v.pipe(v.string(), v.regex(/^[0-9a-f]{1,4096}$/)),
  density: share,
  accuracy: share,
  steps: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Of a small copy of the preset. */
  small: v.boolean(),
});

/** A picture of a preset's run, for the gallery. */
export type Thumbnail = v.InferOutput<typeof thumbnail>;

const table = v.record(v.string(), v.pipe(thumbnail, v.check(({ cells, columns, rows }) => cells.length === columns * rows, 'cells')));

/** Reads thumbnails by the ids of their presets; none of a file that is not what it should be. */
export function readThumbnails(input: unknown): ReadonlyMap<string, Thumbnail> {
  const read = v.safeParse(table, input);
  return new Map(read.success ? Object.entries(read.output) : []);
}
