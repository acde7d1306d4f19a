/** A picture under construction: one u32 a pixel, in the byte order of ImageData on little-endian machines. */
export interface Raster {
  width: number;
  height: number;
  pixels: Uint32Array<ArrayBuffer>;
}

/** A colour packed for a raster: 0xAABBGGRR. */
export type Packed = number;

/** An empty raster of one colour. */
export function createRaster(width: number, height: number, background: Packed): Raster {
  const pixels = new Uint32Array(Math.max(1, width) * Math.max(1, height));
  pixels.fill(background);
  return { width: Math.max(1, width), height: Math.max(1, height), pixels };
}

/** Fills a rectangle given in device pixels; what lies outside the raster is cut off. */
export function fillRect(raster: Raster, x: number, y: number, width: number, height: number, colour: Packed): void {
  const right = Math.min(raster.width, x + width);
  const bottom = Math.min(raster.height, y + height);
  for (let row = Math.max(0, y); row < bottom; row++) {
    const start = row * raster.width;
    raster.pixels.fill(colour, start + Math.max(0, x), start + right);
  }
}

/**
 * Packs a CSS hex colour, `#RRGGBB` or `#RGB` (style sheets are shortened when the page is built).
 * @throws Error when the text is no such colour
 */
export function packHex(hex: string): Packed {
  const text = hex.trim();
  const long = /^#[0-9a-f]{3}$/i.test(text) ? text.replace(/[0-9a-f]/gi, '$&$&') : text;
  if (!/^#[0-9a-f]{6}$/i.test(long)) throw new Error(`Not a colour of the form #RRGGBB: "${hex}".`);
  const rgb = Number.parseInt(long.slice(1), 16);
  return ((255 << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}

/** The colour at `t` between two others; `t` is clamped to 0 and 1. */
export function mix(from: Packed, to: Packed, t: number): Packed {
  const u = t > 0 ? (t < 1 ? t : 1) : 0;
  return ((255 << 24) | channel(from, to, 16, u) | channel(from, to, 8, u) | channel(from, to, 0, u)) >>> 0;
}

function channel(from: Packed, to: Packed, shift: number, u: number): number {
  const a = (from >>> shift) & 255;
  return Math.round(a + (((to >>> shift) & 255) - a) * u) << shift;
}
