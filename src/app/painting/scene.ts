import type { matrixPicture } from '../../engine/kernels/picture.ts';
import type { Params } from '../../engine/gpu/kernel.ts';
import type { MatrixLayout } from '../mask/layout.ts';
import type { Place, Room } from '../mask/matrixWindow.ts';
import { shadingOf, type Colouring } from '../mask/paintMatrix.ts';
import type { CodePlanes } from './planes.ts';
import { squaresOf, type Squares } from '../mask/signs.ts';
import { CODE } from '../mask/states.ts';

/** What a window shows of a matrix, but for the weights' codes; it can be posted. */
export interface MatrixScene {
  layout: MatrixLayout;
  place: Place;
  /** Size of the window. */
  room: Room;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  colouring: Colouring;
}

/** Rows of a picture on the device begin at whole multiples of 256 bytes, for WebGPU copies no others to a texture. */
const STRIDE_PIXELS = 64;
/** Codes looked at alone are below it. */
const NO_SOLO = 6;

/** The squares that a scene is painted with. */
export const squaresOfScene = ({ colouring, layout, ratio }: MatrixScene): Squares => squaresOf(shadingOf(colouring), layout.cell, ratio);

/** What the kernel is told about a scene. */
export function paramsOf({ layout, place, room, colouring }: MatrixScene, planes: CodePlanes): Params<typeof matrixPicture.params> {
  const { weights, palette } = shadingOf(colouring);
  const solo = colouring.kind === 'states' ? colouring.solo : null;
  // A state that steps back for another is not painted in its own colour, but blocks are mixed from it.
  const colour = (code: number): number => (colouring.kind === 'states' ? palette.states[code] : weights[code]) ?? palette.surface;
  return {
    width: room.width, height: room.height, stride: Math.ceil(room.width / STRIDE_PIXELS) * STRIDE_PIXELS, left: place.x, top: place.y,
    outputs: planes.out, inputs: planes.in, k: layout.k, cell: layout.cell, bands: layout.bands, band_inputs: layout.bandInputs, band_step: layout.bandStep,
    plane_words: planes.words, rule: colouring.kind === 'age' ? 1 : 0, solo: solo === null ? NO_SOLO : CODE[solo],
    surface: palette.surface, colour_0: colour(0), colour_1: colour(1), colour_2: colour(2), colour_3: colour(3), colour_4: colour(4), colour_5: colour(5),
  };
}
