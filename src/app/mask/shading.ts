import type { BlockSummary } from './aggregate.ts';
import { blockColour, stateColour, type MaskPalette } from './palette.ts';
import type { Packed } from './raster.ts';
import { CODE, MASK_STATES, type MaskState } from './states.ts';

/** How codes become colours. */
export interface Shading {
  palette: MaskPalette;
  /** Colour of one weight, by code. */
  weights: readonly Packed[];
  /** Colour of a square of several weights: how many of each code begin at `at`. */
  block(counts: Uint32Array, at: number): Packed;
  /** Codes that large squares mark with a sign instead of filling them. */
  marked: ReadonlySet<number>;
}

/** Colours of the six states. */
export function stateShading(palette: MaskPalette, solo: MaskState | null): Shading {
  const summary: BlockSummary = { cells: 0, active: 0, dropped: 0, grown: 0, regrown: 0, was: 0, kept: 0 };
  const shown = MASK_STATES.map((_, code) => code).filter((code) => code !== CODE.never && (solo === null || CODE[solo] === code));
  return {
    palette,
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
    marked: new Set(shown),
  };
}
