import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactElement } from 'react';
import type { Drawing } from './draw.ts';

interface PictureProps {
  drawing: Drawing;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  /** What the picture shows, for screen readers. */
  description: string;
  theme: string;
  /** Called with words about the cell under the pointer or the reading cursor; null when it leaves. */
  onRead?(words: string | null): void;
  onPick?(unit: number): void;
}

const KEY_STEP = 8;

/** A drawing on a canvas, in exact device pixels. Focused, the arrow keys move a cursor that reads the cells out. */
export function Picture({ drawing, ratio, description, theme, onRead, onPick }: PictureProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<{ x: number; y: number } | null>(null);
  const { raster } = drawing;

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.canvas.width = raster.width;
    context.canvas.height = raster.height;
    const bytes = new Uint8ClampedArray(raster.pixels.buffer);
    context.putImageData(new ImageData(bytes, raster.width, raster.height), 0, 0);
    if (cursor) {
      context.strokeStyle = getComputedStyle(context.canvas).getPropertyValue('--accent');
      context.lineWidth = 2 * ratio;
      context.strokeRect(cursor.x - 6 * ratio, cursor.y - 6 * ratio, 12 * ratio, 12 * ratio);
    }
  }, [drawing, raster, ratio, theme, cursor]);

  const at = (event: MouseEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * raster.width, ((event.clientY - box.top) / box.height) * raster.height];
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    const unit = cursor && drawing.unitAt?.(cursor.x, cursor.y);
    if (event.key === 'Enter' && typeof unit === 'number') onPick?.(unit);
    if (!move) return;
    event.preventDefault();
    const from = cursor ?? { x: raster.width / 2, y: raster.height / 2 };
    const step = KEY_STEP * ratio * (event.shiftKey ? 4 : 1);
    const next = {
      x: Math.min(raster.width - 1, Math.max(0, from.x + move[0] * step)),
      y: Math.min(raster.height - 1, Math.max(0, from.y + move[1] * step)),
    };
    setCursor(next);
    onRead?.(drawing.describeAt(next.x, next.y) ?? null);
  };

  return (
    <canvas
      ref={canvas} className="picture" role="img" aria-label={description} tabIndex={onRead ? 0 : undefined}
      style={{ width: raster.width / ratio, height: raster.height / ratio }}
      onPointerMove={onRead && ((event) => onRead(drawing.describeAt(...at(event)) ?? null))}
      onPointerLeave={onRead && (() => onRead(null))}
      onClick={onPick && ((event) => {
        const unit = drawing.unitAt?.(...at(event));
        if (unit !== undefined) onPick(unit);
      })}
      onKeyDown={onRead && onKeyDown}
      onBlur={() => {
        setCursor(null);
        onRead?.(null);
      }}
    />
  );
}
