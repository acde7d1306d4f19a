import { useLayoutEffect, useRef, type ReactElement, type RefObject } from 'react';
import './readOut.css';

interface ReadOutProps {
  lines: readonly string[];
  /** The picture that is read, and the square in it, in device pixels. */
  of: RefObject<HTMLElement | null>;
  square: { x: number; y: number; side: number };
  /** Device pixels in a CSS pixel. */
  ratio: number;
}

/** CSS pixels between a square and its words, and between these and the edge of the window. */
const GAP = 12;
const EDGE = 8;

/** Words beside the square of a picture that is read. A status line elsewhere says the same to screen readers. */
export function ReadOut({ lines, of, square, ratio }: ReadOutProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const { x, y, side } = square;
  useLayoutEffect(() => {
    const place = (): void => {
      const own = box.current;
      const picture = of.current?.getBoundingClientRect();
      if (!own || !picture) return;
      const [left, top, height] = [picture.left + x / ratio, picture.top + y / ratio, own.offsetHeight];
      const below = top + side / ratio + GAP;
      const above = top - GAP - height;
      own.style.left = `${Math.max(EDGE, Math.min(left + GAP, innerWidth - own.offsetWidth - EDGE))}px`;
      own.style.top = `${below + height + EDGE > innerHeight && above >= 0 ? above : below}px`;
    };
    place();
    // Captured: the element that scrolls may be any around the picture.
    addEventListener('scroll', place, true);
    return () => removeEventListener('scroll', place, true);
  });
  return <div className="read-out small" ref={box} aria-hidden="true">{lines.map((line) => <div key={line}>{line}</div>)}</div>;
}
