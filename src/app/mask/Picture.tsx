import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactElement, type RefObject } from 'react';
import type { Drawing, Point } from './draw.ts';
import { nextPlace, startPlace } from './moveCell.ts';

interface PictureProps {
  drawing: Drawing;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  /** What the picture shows, for screen readers. */
  description: string;
  theme: string;
  ref?: RefObject<HTMLCanvasElement | null>;
  /** The place that is read, in device pixels. */
  read?: Point | null;
  /** Called with the place under the pointer, a finger or the reading cursor; null when it leaves. */
  onRead?(place: Point | null): void;
  onPick?(unit: number): void;
}

/** Arrow keys, by the way that they move a reading cursor. */
const WAYS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A drawing on a canvas, in exact device pixels. Focused, the arrow keys move a cursor from square to square, with Shift by leaps. */
export function Picture({ drawing, ratio, description, theme, ref, read = null, onRead, onPick }: PictureProps): ReactElement {
  const own = useRef<HTMLCanvasElement>(null);
  const canvas = ref ?? own;
  const [byKeys, setByKeys] = useState(false);
  const { raster } = drawing;
  const cell = read && drawing.cellAt(read.x, read.y);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.canvas.width = raster.width;
    context.canvas.height = raster.height;
    const bytes = new Uint8ClampedArray(raster.pixels.buffer);
    context.putImageData(new ImageData(bytes, raster.width, raster.height), 0, 0);
    if (!cell) return;
    const margin = byKeys ? 3 * ratio : ratio;
    context.strokeStyle = getComputedStyle(context.canvas).getPropertyValue('--accent');
    context.lineWidth = 2 * ratio;
    context.strokeRect(cell.x - margin, cell.y - margin, cell.side + 2 * margin, cell.side + 2 * margin);
  }, [drawing, ratio, theme, cell?.x, cell?.y, byKeys]);

  const at = (event: MouseEvent): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * raster.width, y: ((event.clientY - box.top) / box.height) * raster.height };
  };
  const point = (event: MouseEvent): void => {
    setByKeys(false);
    onRead?.(at(event));
  };
  const moveTo = (place: Point): void => {
    setByKeys(true);
    onRead?.(place);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && cell?.unit !== undefined) onPick?.(cell.unit);
    if (event.key === 'Escape') onRead?.(null);
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    moveTo(nextPlace(drawing, read ?? startPlace(drawing), way, event.shiftKey));
  };

  return (
    <canvas
      ref={canvas} className="picture" role="img" aria-label={description} tabIndex={onRead ? 0 : undefined}
      style={{ width: raster.width / ratio, height: raster.height / ratio }}
      onPointerMove={onRead && point}
      onPointerDown={onRead && point}
      onPointerLeave={onRead && ((event) => event.pointerType === 'mouse' && onRead(null))}
      onClick={onPick && ((event) => {
        const { x, y } = at(event);
        const unit = drawing.cellAt(x, y)?.unit;
        if (unit !== undefined) onPick(unit);
      })}
      onKeyDown={onRead && onKeyDown}
      onFocus={onRead && ((event) => event.currentTarget.matches(':focus-visible') && moveTo(startPlace(drawing)))}
      onBlur={onRead && (() => onRead(null))}
    />
  );
}
