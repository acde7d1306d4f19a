import type { LayerCodes } from '../mask/draw.ts';
import { paintMatrix, shadingOf } from '../mask/paintMatrix.ts';
import { createRaster, type Raster } from '../mask/raster.ts';
import type { MatrixScene } from './scene.ts';

/** Paints matrices on a canvas, without a GPU; the canvas takes the size of the window. @throws Error where the canvas has no 2-D context */
export function createRasterPainter(canvas: HTMLCanvasElement | OffscreenCanvas): (layer: LayerCodes, scene: MatrixScene) => void {
  // Kept in memory: pictures come from there, and stay when a graphics process ends.
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (!context) throw new Error('This canvas has no 2-D context: too many are in use, or another kind was asked for before.');
  let raster: Raster | undefined;
  return (layer, { layout, place, room, ratio, colouring }) => {
    const shading = shadingOf(colouring);
    if (raster?.width !== room.width || raster.height !== room.height) {
      raster = createRaster(room.width, room.height, shading.palette.surface);
      // Setting a size clears the canvas, even to the size it has.
      canvas.width = raster.width;
      canvas.height = raster.height;
    }
    paintMatrix(raster, layer, layout, place, shading, ratio);
    context.putImageData(new ImageData(new Uint8ClampedArray(raster.pixels.buffer), raster.width, raster.height), 0, 0);
  };
}
