import { useEffect, useRef, useState, type RefObject } from 'react';

/** Room of an element in its own CSS pixels, and device pixels in one of these: with the zoom of the browser and of the style sheet. */
export interface ElementSize {
  width: number;
  height: number;
  ratio: number;
}

/** Follows the size of an element and the zoom of the page. */
export function useElementSize<E extends Element>(): [RefObject<E | null>, ElementSize] {
  const element = useRef<E>(null);
  const [size, setSize] = useState<ElementSize>({ width: 0, height: 0, ratio: 1 });
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = (): void => {
      const next = { width: target.clientWidth, height: target.clientHeight, ratio: (window.devicePixelRatio || 1) * (target.currentCSSZoom || 1) };
      setSize((now) => (now.width === next.width && now.height === next.height && now.ratio === next.ratio ? now : next));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    window.addEventListener('resize', measure);
    measure();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, []);
  return [element, size];
}

/** True while a media query holds. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = (): void => setHolds(list.matches);
    list.addEventListener('change', follow);
    follow();
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return holds;
}
