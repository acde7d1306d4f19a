import { packHex, mix, type Packed } from './raster.ts';
import { CODE, MASK_STATES, type MaskState } from './states.ts';
import type { BlockSummary } from './aggregate.ts';

/** The colours of a mask picture, packed; read from the CSS tokens, so that they are written down once. */
export interface MaskPalette {
  states: readonly Packed[];
  /** The dark (in dark mode, light) end of the density ramp. */
  full: Packed;
  surface: Packed;
  negative: Packed;
  zero: Packed;
  positive: Packed;
  nan: Packed;
}

/** Reads the palette from the custom properties in force. */
export function readPalette(root: Element): MaskPalette {
  const style = getComputedStyle(root);
  return paletteOf((name) => style.getPropertyValue(name));
}

/** The palette in the colours that `read` gives for tokens. */
export function paletteOf(read: (name: string) => string): MaskPalette {
  const token = (name: string): Packed => packHex(read(name));
  return {
    states: MASK_STATES.map((state) => token(state === 'regrown' ? '--mask-grown' : `--mask-${state}`)),
    full: token('--text-1'),
    surface: token('--surface'),
    negative: token('--weight-negative'),
    zero: token('--weight-zero'),
    positive: token('--weight-positive'),
    nan: token('--nan'),
  };
}

/** The colour of one weight by its state; with `solo`, all other states step back. */
export function stateColour(palette: MaskPalette, code: number, solo: MaskState | null): Packed {
  const shown = solo === null || CODE[solo] === code ? code : CODE.never;
  return palette.states[shown] ?? palette.surface;
}

const colourOf = (palette: MaskPalette, state: MaskState): Packed => palette.states[CODE[state]] ?? palette.surface;

/** The colour of an aggregated block: lightness is density, and any event in it shows. */
export function blockColour(palette: MaskPalette, block: BlockSummary, solo: MaskState | null): Packed {
  if (solo !== null) {
    const count = solo === 'never' ? block.cells - block.active - block.dropped - block.was : block[solo];
    const event = solo === 'dropped' || solo === 'grown' || solo === 'regrown';
    return mix(colourOf(palette, 'never'), colourOf(palette, solo), event ? Math.min(1, count) : Math.sqrt(count / block.cells));
  }
  const grown = block.grown + block.regrown;
  if (grown + block.dropped > 0) return grown >= block.dropped ? colourOf(palette, 'grown') : colourOf(palette, 'dropped');
  return mix(block.was > 0 ? colourOf(palette, 'was') : colourOf(palette, 'never'), colourOf(palette, 'kept'), Math.sqrt(block.active / block.cells));
}

/** The colour of a weight's value between purple (negative) and green (positive), on a square-root scale. */
export function weightColour(palette: MaskPalette, value: number, limit: number): Packed {
  if (!Number.isFinite(value)) return palette.nan;
  if (value === 0 || limit <= 0) return palette.zero;
  return mix(palette.zero, value < 0 ? palette.negative : palette.positive, Math.sqrt(Math.abs(value) / limit));
}

/** The colour of a number of links on the density ramp, on a square-root scale. */
export function densityColour(palette: MaskPalette, count: number, most: number, solo: MaskState | null): Packed {
  const none = palette.states[CODE.never] ?? palette.surface;
  const full = solo === null ? palette.full : palette.states[CODE[solo]] ?? palette.full;
  const end = solo === 'never' || solo === 'was' ? palette.full : full;
  return most > 0 ? mix(none, end, Math.sqrt(count / most)) : none;
}
