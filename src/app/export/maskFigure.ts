import type { LayerFacts } from '../../engine/experiment/events.ts';
import { maskAt, type RunLog } from '../../engine/experiment/runLog.ts';
import { drawInputMap, drawMatrix, drawNeurons, inputCounts, type Drawing, type DrawOptions } from '../mask/draw.ts';
import { tileShape } from '../mask/layout.ts';
import { paletteOf } from '../mask/palette.ts';
import { classify } from '../mask/states.ts';
import { imageShape } from '../panels/reading.ts';
import type { View } from '../stores/view.ts';
import { lightColour } from './lightColours.ts';
import { PNG_SCALE } from './png.ts';

const ROOM = 640 * PNG_SCALE;

/** A layer of the main network in light colours, at a step; weights themselves are not drawn, their mask is. Undefined where no mask is known. */
export function maskFigure(log: RunLog, layer: LayerFacts, view: View, step: number): Drawing | undefined {
  const snapshot = maskAt(log, 'main', step);
  if (!snapshot) return undefined;
  const grid = { codes: classify(snapshot, layer), out: layer.out, in: layer.in };
  const image = imageShape(log, layer);
  const options: DrawOptions = { width: ROOM, height: ROOM, ratio: PNG_SCALE, palette: paletteOf(lightColour), solo: null };
  if (view === 'neurons') return drawNeurons(grid, tileShape(layer.in, image), 16, options);
  if (view !== 'inputs' || !image) return drawMatrix(grid, options);
  const counts = inputCounts(grid, null);
  return drawInputMap(counts, image, Math.max(...counts), options);
}
