import type { BlockSummary } from './aggregate.ts';
import type { Cue, LayerCodes } from './draw.ts';
import type { MatrixLayout } from './layout.ts';
import type { Place } from './matrixWindow.ts';
import { blockColour, stateColour, type MaskPalette } from './palette.ts';
import { fillRect, mix, type Packed, type Raster } from './raster.ts';
import { CODE, MASK_STATES, type MaskState } from './states.ts';

/** Codes of a weight, whatever they mean: states, or bins of age. */
export const CODES = 6;

/** How codes become colours. */
export interface Shading {
  /** Colour of one weight, by code. */
  weights: readonly Packed[];
  /** Colour of a square of several weights: how many of each code begin at `at`. */
  block(counts: Uint32Array, at: number): Packed;
  /** Codes that large squares mark with a sign instead of filling them. */
  marked: ReadonlySet<number>;
  surface: Packed;
}

/** Colours of the six states. */
export function stateShading(palette: MaskPalette, solo: MaskState | null): Shading {
  const summary: BlockSummary = { cells: 0, active: 0, dropped: 0, grown: 0, regrown: 0, was: 0, kept: 0 };
  const shown = MASK_STATES.map((_, code) => code).filter((code) => code !== CODE.never && (solo === null || CODE[solo] === code));
  return {
    weights: MASK_STATES.map((_, code) => stateColour(palette, code, solo)),
    block(counts, at) {
      // Read one by one: a view or a copy of the counts for each square costs more than its colour.
      summary.was = counts[at + CODE.was]!;
      summary.kept = counts[at + CODE.kept]!;
      summary.dropped = counts[at + CODE.dropped]!;
      summary.grown = counts[at + CODE.grown]!;
      summary.regrown = counts[at + CODE.regrown]!;
      summary.active = summary.kept + summary.grown + summary.regrown;
      summary.cells = counts[at + CODE.never]! + summary.was + summary.dropped + summary.active;
      return blockColour(palette, summary, solo);
    },
    marked: new Set(shown), surface: palette.surface,
  };
}

/** Colours of bins of age: code 0 is inactive, 1 the youngest bin. A block has the colour of the youngest weight in it, paler the fewer are active. */
export function ageShading(palette: MaskPalette, bins: readonly Packed[]): Shading {
  const none = palette.states[CODE.never] ?? palette.surface;
  return {
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
    marked: new Set(), surface: palette.surface,
  };
}

const CUE_CSS_PIXELS = 6;

/** Paints what a window shows of a matrix, and nothing beyond it; returns the signs on large squares. */
export function paintMatrix(raster: Raster, layer: LayerCodes, layout: MatrixLayout, place: Place, shading: Shading, ratio: number): Cue[] {
  raster.pixels.fill(shading.surface);
  const cues: Cue[] = [];
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
      else paintWeights(raster, layer, layout.cell, line, shading, cues, ratio);
    }
  }
  return cues;
}

/** One row of squares: columns `from` to `to` of the band that begins at input `offset`. */
interface Line { row: number; offset: number; inputs: number; from: number; to: number; left: number; y: number }

function paintWeights(raster: Raster, layer: LayerCodes, cell: number, line: Line, shading: Shading, cues: Cue[], ratio: number): void {
  const large = cell >= CUE_CSS_PIXELS * ratio;
  const side = large ? cell - Math.max(1, Math.round(ratio)) : cell;
  const start = line.row * layer.in + line.offset;
  for (let column = line.from; column < line.to; column++) {
    const code = layer.codes[start + column]!;
    const x = line.left + column * cell;
    const marked = large && shading.marked.has(code);
    fillRect(raster, x, line.y, side, side, shading.weights[marked ? CODE.never : code] ?? shading.surface);
    if (marked) cues.push({ code, x, y: line.y, size: side });
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
