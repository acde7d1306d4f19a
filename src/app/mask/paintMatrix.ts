import type { LayerCodes } from './draw.ts';
import type { MatrixLayout } from './layout.ts';
import type { Place } from './matrixWindow.ts';
import type { MaskPalette } from './palette.ts';
import { fillRect, mix, type Packed, type Raster } from './raster.ts';
import { stateShading, type Shading } from './shading.ts';
import { CODES, putSquare, squaresOf, type Squares } from './signs.ts';
import { CODE, type MaskState } from './states.ts';

/** What the colours of a matrix tell, in a form that can be posted. */
export type Colouring =
  | { kind: 'states'; palette: MaskPalette; solo: MaskState | null }
  /** Bins of age, the youngest first. */
  | { kind: 'age'; palette: MaskPalette; bins: readonly Packed[] };

/** The colours of a colouring. */
export function shadingOf(colouring: Colouring): Shading {
  return colouring.kind === 'age' ? ageShading(colouring.palette, colouring.bins) : stateShading(colouring.palette, colouring.solo);
}

/** Colours of bins of age: code 0 is inactive, 1 the youngest bin. A block has the colour of the youngest weight in it, paler the fewer are active. */
export function ageShading(palette: MaskPalette, bins: readonly Packed[]): Shading {
  const none = palette.states[CODE.never] ?? palette.surface;
  return {
    palette,
    weights: [none, ...bins],
    block(counts, at) {
      let active = 0;
      let youngest = 0;
      for (let code = CODES - 1; code > 0; code--) {
        const count = counts[at + code]!;
        active += count;
        if (count > 0) youngest = code;
      }
      return active === 0 ? none : mix(none, bins[youngest - 1] ?? none, 0.4 + 0.6 * Math.sqrt(active / (active + counts[at]!)));
    },
    marked: new Set(),
  };
}

/** Paints what a window shows of a matrix, and nothing beyond it. */
export function paintMatrix(raster: Raster, layer: LayerCodes, layout: MatrixLayout, place: Place, shading: Shading, ratio: number): void {
  raster.pixels.fill(shading.palette.surface);
  const squares = squaresOf(shading, layout.cell, ratio);
  const counts = new Uint32Array(Math.ceil(layout.bandInputs / layout.k) * CODES);
  const firstColumn = Math.floor(place.x / layout.cell);
  const firstBand = Math.max(0, Math.floor(place.y / layout.bandStep));
  for (let band = firstBand; band < layout.bands && band * layout.bandStep < place.y + raster.height; band++) {
    const top = band * layout.bandStep - place.y;
    const inputs = Math.min(layout.bandInputs, layer.in - band * layout.bandInputs);
    const columns = Math.min(Math.ceil(inputs / layout.k), Math.ceil((place.x + raster.width) / layout.cell));
    const rows = Math.min(Math.ceil(layer.out / layout.k), Math.ceil((raster.height - top) / layout.cell));
    for (let row = Math.max(0, Math.floor(-top / layout.cell)); row < rows; row++) {
      const line: Line = { row, offset: band * layout.bandInputs, inputs, from: firstColumn, to: columns, left: -place.x, y: top + row * layout.cell };
      if (layout.k > 1) paintBlocks(raster, layer, layout, line, shading, counts);
      else paintWeights(raster, layer, squares, line);
    }
  }
}

/** One row of squares: columns `from` to `to` of the band that begins at input `offset`. */
interface Line { row: number; offset: number; inputs: number; from: number; to: number; left: number; y: number }

function paintWeights(raster: Raster, layer: LayerCodes, squares: Squares, line: Line): void {
  const start = line.row * layer.in + line.offset;
  for (let column = line.from; column < line.to; column++) {
    putSquare(raster, line.left + column * squares.cell, line.y, squares, layer.codes[start + column]!);
  }
}

function paintBlocks(raster: Raster, layer: LayerCodes, { k, cell }: MatrixLayout, line: Line, shading: Shading, counts: Uint32Array): void {
  counts.fill(0);
  const end = Math.min(line.inputs, line.to * k);
  for (let unit = line.row * k; unit < Math.min(layer.out, (line.row + 1) * k); unit++) {
    const start = unit * layer.in + line.offset;
    let at = line.from * k;
    for (let column = line.from; column < line.to; column++) {
      for (const stop = Math.min(end, (column + 1) * k); at < stop; at++) counts[column * CODES + layer.codes[start + at]!]!++;
    }
  }
  for (let column = line.from; column < line.to; column++) {
    fillRect(raster, line.left + column * cell, line.y, cell, cell, shading.block(counts, column * CODES));
  }
}
