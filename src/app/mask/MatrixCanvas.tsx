import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import { paintCues, readCueColours } from './cues.ts';
import type { DrawOptions, LayerCodes } from './draw.ts';
import type { MatrixLayout } from './layout.ts';
import { clamped, cornerOf, enlarged, showing, squareAt, windowOf, zoomedAt, type Place, type Square } from './matrixWindow.ts';
import { paintMatrix, type Shading } from './paintMatrix.ts';
import { createRaster } from './raster.ts';

interface MatrixCanvasProps {
  layer: LayerCodes;
  base: MatrixLayout;
  options: DrawOptions;
  shading: Shading;
  place: Place;
  description: string;
  /** The square that is read, by pointer or keys. */
  read: Square | null;
  onPlace(place: Place): void;
  onRead(square: Square | null): void;
}

type Point = { x: number; y: number };

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Zoom of one press of a key or button. */
export const ZOOM_STEP = 1.6;

/** A matrix of weights on a canvas that is zoomed and moved by wheel, pinch, drag and keys; arrow keys read its squares. */
export function MatrixCanvas({ layer, base, options, shading, place, description, read, onPlace, onRead }: MatrixCanvasProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pointers = useRef(new Map<number, Point>());
  const [byKeys, setByKeys] = useState(false);
  const { ratio } = options;
  const layout = useMemo(() => enlarged(base, layer.out, place.zoom), [base, layer.out, place.zoom]);
  const seen = windowOf(layout, place.zoom, options);
  const raster = useMemo(() => createRaster(seen.width, seen.height, shading.surface), [seen.width, seen.height]);

  const painted = useMemo(() => ({ cues: paintMatrix(raster, layer, layout, place, shading, ratio) }), [raster, layer, layout, place, shading, ratio]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    // Setting a size clears the canvas, even to the size it has.
    if (context.canvas.width !== raster.width) context.canvas.width = raster.width;
    if (context.canvas.height !== raster.height) context.canvas.height = raster.height;
    context.putImageData(new ImageData(new Uint8ClampedArray(raster.pixels.buffer), raster.width, raster.height), 0, 0);
    paintCues(context, painted.cues, readCueColours(context.canvas));
    if (!read) return;
    const corner = cornerOf(layout, read);
    const margin = byKeys ? 3 * ratio : ratio;
    context.strokeStyle = getComputedStyle(context.canvas).getPropertyValue('--accent');
    context.lineWidth = 2 * ratio;
    context.strokeRect(corner.x - place.x - margin, corner.y - place.y - margin, layout.cell + 2 * margin, layout.cell + 2 * margin);
  }, [painted, raster, read, byKeys]);

  const pointOf = (event: { clientX: number; clientY: number }): Point => {
    const box = canvas.current?.getBoundingClientRect();
    // As drawn, not by `ratio`: a zoom of the style sheet changes the one and not the other.
    const scale = box && box.width > 0 ? raster.width / box.width : ratio;
    return { x: (event.clientX - (box?.left ?? 0)) * scale, y: (event.clientY - (box?.top ?? 0)) * scale };
  };
  const zoomBy = (factor: number, point: Point): void => onPlace(zoomedAt(place, factor, point, base, layer.out, options, ratio));

  // React listens for wheels passively; this one must keep the page from scrolling.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent): void => {
      // A page is scrolled past a picture that nobody has taken hold of.
      if (!event.ctrlKey && place.zoom === 1 && document.activeElement !== element) return;
      if (place.zoom === 1 && event.deltaY > 0 && !event.ctrlKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), pointOf(event));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });

  const onPointerDown = (event: PointerEvent): void => {
    pointers.current.set(event.pointerId, pointOf(event));
    if (place.zoom > 1 || pointers.current.size > 1) canvas.current?.setPointerCapture(event.pointerId);
    onRead(squareAt(layout, place, layer, pointOf(event)) ?? null);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const now = pointOf(event);
    const before = pointers.current.get(event.pointerId);
    setByKeys(false);
    if (!before) return onRead(squareAt(layout, place, layer, now) ?? null);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other) {
      const distance = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoomBy(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else if (place.zoom > 1) {
      onPlace(clamped({ zoom: place.zoom, x: place.x - now.x + before.x, y: place.y - now.y + before.y }, base, layer.out, options));
    }
    if (place.zoom > 1 || other) onRead(null);
  };
  const release = (event: PointerEvent): void => void pointers.current.delete(event.pointerId);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = ARROWS[event.key];
    const factor = event.key === '+' || event.key === '=' ? ZOOM_STEP : event.key === '-' ? 1 / ZOOM_STEP : event.key === '0' ? 0 : undefined;
    if (!move && factor === undefined) return;
    event.preventDefault();
    if (factor !== undefined) {
      const corner = read && cornerOf(layout, read);
      return zoomBy(factor, corner ? { x: corner.x - place.x, y: corner.y - place.y } : { x: seen.width / 2, y: seen.height / 2 });
    }
    const [dx, dy] = move!.map((way) => way * layout.k * (event.shiftKey ? 8 : 1)) as [number, number];
    const from = read ?? squareAt(layout, place, layer, { x: seen.width / 2, y: Math.min(seen.height / 2, layout.bandStep / 2) }) ?? { unit: 0, input: 0 };
    const next = {
      unit: Math.min(layer.out - 1, Math.max(0, from.unit + dy)),
      input: Math.min(layer.in - 1, Math.max(0, from.input + dx)),
    };
    setByKeys(true);
    onRead(next);
    onPlace(showing(place, next, base, layer.out, options));
  };

  return (
    <canvas
      ref={canvas} className={`picture matrix-picture ${place.zoom > 1 ? 'moves' : ''}`} role="img" aria-label={description} tabIndex={0}
      style={{ width: raster.width / ratio, height: raster.height / ratio }}
      onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={release} onPointerCancel={release}
      onPointerLeave={(event) => event.pointerType === 'mouse' && onRead(null)}
      onKeyDown={onKeyDown}
      onBlur={() => onRead(null)}
    />
  );
}
