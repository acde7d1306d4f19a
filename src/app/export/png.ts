import type { Drawing } from '../mask/draw.ts';
import { lines, type Origin } from './caption.ts';
import { lightColour } from './lightColours.ts';

/** Pixels of a PNG in a CSS pixel of the figure. */
export const PNG_SCALE = 2;
const MARGIN = 16 * PNG_SCALE;
const FONT = 'Helvetica, Arial, sans-serif';

/** A canvas as the bytes of a PNG file. @throws Error where the browser cannot make one */
async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error(`The browser could not make a PNG of ${canvas.width} x ${canvas.height} pixels. Export it as SVG.`);
  return blob;
}

function context2d(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw a PNG on. Export the figure as SVG.');
  return context;
}

/** An SVG figure as a PNG, drawn by the browser at twice its size. */
export async function svgToPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const context = context2d(image.width * PNG_SCALE, image.height * PNG_SCALE);
    context.drawImage(image, 0, 0, context.canvas.width, context.canvas.height);
    return await pngOf(context.canvas);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A picture of a mask as a PNG, with its title above, and its caption and origin below. */
export async function drawingToPng({ raster, caption }: Drawing, title: string, origin: Origin): Promise<Blob> {
  const width = Math.max(raster.width, 560 * PNG_SCALE) + 2 * MARGIN;
  const most = Math.floor((width - 2 * MARGIN) / (5.6 * PNG_SCALE));
  const small = [caption, origin.words, origin.link].flatMap((words) => lines(words, most));
  const top = MARGIN + 28 * PNG_SCALE;
  const line = 14 * PNG_SCALE;
  const context = context2d(width, top + raster.height + MARGIN + (small.length + 1) * line);
  context.fillStyle = lightColour('--surface');
  context.fillRect(0, 0, width, context.canvas.height);
  context.fillStyle = lightColour('--text-1');
  context.font = `600 ${16 * PNG_SCALE}px ${FONT}`;
  context.fillText(title, MARGIN, MARGIN + 12 * PNG_SCALE);
  context.putImageData(new ImageData(new Uint8ClampedArray(raster.pixels.buffer), raster.width, raster.height), MARGIN, top);
  context.fillStyle = lightColour('--text-3');
  context.font = `${10 * PNG_SCALE}px ${FONT}`;
  small.forEach((words, i) => context.fillText(words, MARGIN, top + raster.height + MARGIN + (i + 0.5) * line));
  return pngOf(context.canvas);
}
