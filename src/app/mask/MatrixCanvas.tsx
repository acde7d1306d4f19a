import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { PaintedLayer } from '../painting/painting.ts';
import { usePainting } from '../painting/usePainting.ts';
import type { DrawOptions } from './draw.ts';
import type { MatrixLayout } from './layout.ts';
import { clamped, cornerOf, enlarged, showing, squareAt, windowOf, zoomedAt, type Place, type Square } from './matrixWindow.ts';
import type { Colouring } from './paintMatrix.ts';

interface MatrixCanvasProps {
  layer: PaintedLayer;
  base: MatrixLayout;
  options: DrawOptions;
  colouring: Colouring;
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

/** A picture of a matrix of weights that is zoomed and moved by wheel, pinch, drag and keys; arrow keys read its squares. */
export function MatrixCanvas({ layer, base, options, colouring, place, description, read, onPlace, onRead }: MatrixCanvasProps): ReactElement {
  const picture = useRef<HTMLDivElement>(null);
  const canvases = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, Point>());
  const [byKeys, setByKeys] = useState(false);
  const { ratio } = options;
  const layout = useMemo(() => enlarged(base, layer.out, place.zoom), [base, layer.out, place.zoom]);
  const seen = windowOf(layout, place.zoom, options);
  usePainting(canvases, layer, useMemo(() => ({ layout, place, room: { width: seen.width, height: seen.height }, ratio, colouring }), [layout, place, seen.width, seen.height, ratio, colouring]));

  const pointOf = (event: { clientX: number; clientY: number }): Point => {
    const box = picture.current?.getBoundingClientRect();
    // As drawn, not by `ratio`: a zoom of the style sheet changes the one and not the other.
    const scale = box && box.width > 0 ? seen.width / box.width : ratio;
    return { x: (event.clientX - (box?.left ?? 0)) * scale, y: (event.clientY - (box?.top ?? 0)) * scale };
  };
  const zoomBy = (factor: number, point: Point): void => onPlace(zoomedAt(place, factor, point, base, layer.out, options, ratio));

  // React listens for wheels passively; this one must keep the page from scrolling.
  useEffect(() => {
    const element = picture.current;
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
    if (place.zoom > 1 || pointers.current.size > 1) picture.current?.setPointerCapture(event.pointerId);
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
    <div
      ref={picture} className={`picture matrix-picture ${place.zoom > 1 ? 'moves' : ''}`} role="img" aria-label={description} tabIndex={0}
      style={{ width: seen.width / ratio, height: seen.height / ratio }}
      onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={release} onPointerCancel={release}
      onPointerLeave={(event) => event.pointerType === 'mouse' && onRead(null)}
      onKeyDown={onKeyDown}
      onBlur={() => onRead(null)}
    >
      <div ref={canvases} />
      {read && <div className="matrix-ring" style={ringAround(read, layout, place, ratio, byKeys ? 3 : 1)} />}
    </div>
  );
}

/** Room between a square and its ring is in CSS pixels. */
function ringAround(square: Square, layout: MatrixLayout, place: Place, ratio: number, margin: number): CSSProperties {
  const { x, y } = cornerOf(layout, square);
  const side = layout.cell / ratio + 2 * (margin + 1);
  return { left: (x - place.x) / ratio - margin - 1, top: (y - place.y) / ratio - margin - 1, width: side, height: side };
}
