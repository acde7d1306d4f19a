import { blockSide } from './aggregate.ts';
import { BAND_GAP, type MatrixLayout } from './layout.ts';

/** The part of a matrix that is looked at: how much it is enlarged, and where the window's corner lies in the enlarged picture, in device pixels. */
export interface Place {
  zoom: number;
  x: number;
  y: number;
}

/** A size in device pixels. */
export interface Room {
  width: number;
  height: number;
}

/** The whole matrix. */
export const WHOLE: Place = { zoom: 1, x: 0, y: 0 };

/** Side of a weight at the largest zoom, in CSS pixels. */
const LARGEST_CSS_PIXELS = 48;

/** The layout of an enlarged matrix: the same bands, with squares of whole device pixels, of one weight each as soon as they reach two pixels. */
export function enlarged(base: MatrixLayout, outputs: number, zoom: number): MatrixLayout {
  if (zoom <= 1) return base;
  const room = (base.cell / base.k) * zoom;
  const k = Math.min(base.k, blockSide(room));
  const cell = Math.max(2, Math.round(room * k));
  const bandHeight = Math.ceil(outputs / k) * cell;
  return {
    ...base, k, cell, bandStep: bandHeight + BAND_GAP,
    width: Math.ceil(base.bandInputs / k) * cell, height: base.bands * (bandHeight + BAND_GAP) - BAND_GAP,
  };
}

/** How far a matrix may be enlarged: until a weight has 48 CSS pixels. */
export function largestZoom(base: MatrixLayout, ratio: number): number {
  return Math.max(1, (LARGEST_CSS_PIXELS * ratio * base.k) / base.cell);
}

/** The window onto a matrix: all of it at zoom 1, otherwise what the room holds. */
export function windowOf(layout: MatrixLayout, zoom: number, room: Room): Room {
  if (zoom <= 1) return { width: layout.width, height: layout.height };
  return { width: Math.min(layout.width, room.width), height: Math.min(layout.height, room.height) };
}

/** A place whose window does not leave the picture, on whole pixels. */
export function clamped(place: Place, base: MatrixLayout, outputs: number, room: Room): Place {
  if (place.zoom <= 1) return WHOLE;
  const layout = enlarged(base, outputs, place.zoom);
  const seen = windowOf(layout, place.zoom, room);
  return {
    zoom: place.zoom,
    x: Math.round(Math.min(layout.width - seen.width, Math.max(0, place.x))),
    y: Math.round(Math.min(layout.height - seen.height, Math.max(0, place.y))),
  };
}

/** Enlarges by a factor around a point of the window: the weight under the point stays there, as far as the borders allow. */
export function zoomedAt(place: Place, factor: number, point: { x: number; y: number }, base: MatrixLayout, outputs: number, room: Room, ratio: number): Place {
  const zoom = Math.min(largestZoom(base, ratio), Math.max(1, place.zoom * factor));
  const from = enlarged(base, outputs, place.zoom);
  const to = enlarged(base, outputs, zoom);
  const scale = (to.cell * from.k) / (to.k * from.cell);
  const x = place.x + point.x;
  const y = place.y + point.y;
  const band = Math.min(base.bands - 1, Math.floor(y / from.bandStep));
  return clamped({
    zoom, x: x * scale - point.x, y: band * to.bandStep + (y - band * from.bandStep) * scale - point.y,
  }, base, outputs, room);
}

/** A square of the picture: its first weight. */
export interface Square {
  unit: number;
  input: number;
}

/** The square under a point of the window; undefined between bands and outside. */
export function squareAt(layout: MatrixLayout, place: Place, layer: { out: number; in: number }, point: { x: number; y: number }): Square | undefined {
  const x = place.x + point.x;
  const y = place.y + point.y;
  if (x < 0 || y < 0) return undefined;
  const band = Math.floor(y / layout.bandStep);
  const unit = Math.floor((y - band * layout.bandStep) / layout.cell) * layout.k;
  const column = Math.floor(x / layout.cell) * layout.k;
  const input = band * layout.bandInputs + column;
  if (band >= layout.bands || unit >= layer.out || column >= layout.bandInputs || input >= layer.in) return undefined;
  return { unit, input };
}

/** Where the square of a weight begins, in device pixels of the enlarged picture. */
export function cornerOf(layout: MatrixLayout, { unit, input }: Square): { x: number; y: number } {
  const band = Math.floor(input / layout.bandInputs);
  return {
    x: Math.floor((input - band * layout.bandInputs) / layout.k) * layout.cell,
    y: band * layout.bandStep + Math.floor(unit / layout.k) * layout.cell,
  };
}

/** The place moved as little as is needed for a square to be seen whole. */
export function showing(place: Place, square: Square, base: MatrixLayout, outputs: number, room: Room): Place {
  const layout = enlarged(base, outputs, place.zoom);
  const seen = windowOf(layout, place.zoom, room);
  const { x, y } = cornerOf(layout, square);
  return clamped({
    zoom: place.zoom,
    x: Math.max(x + layout.cell - seen.width, Math.min(place.x, x)),
    y: Math.max(y + layout.cell - seen.height, Math.min(place.y, y)),
  }, base, outputs, room);
}
