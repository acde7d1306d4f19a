import { useEffect, useRef, type RefObject } from 'react';
import type { MatrixScene } from './scene.ts';
import { startPainting, type PaintedLayer, type PainterPort, type Painting } from './painting.ts';

/** Makes the worker that paints. */
const openPainter = (): PainterPort => new Worker(new URL('./matrixWorker.ts', import.meta.url), { type: 'module', name: 'sparseland-painter' });

/** Keeps a picture in an element, which says in `data-painter` who paints it. */
export function usePainting(element: RefObject<HTMLElement | null>, layer: PaintedLayer, scene: MatrixScene): void {
  const painting = useRef<Painting>(undefined);
  const ratio = useRef(scene.ratio);
  ratio.current = scene.ratio;
  useEffect(() => {
    const place = element.current;
    if (!place) return undefined;
    painting.current = startPainting({
      canvas: () => document.createElement('canvas'),
      stand(canvas, painter) {
        place.replaceChildren(canvas);
        place.dataset['painter'] = painter;
      },
      size({ style }, width, height) {
        style.width = `${width / ratio.current}px`;
        style.height = `${height / ratio.current}px`;
      },
      open: 'transferControlToOffscreen' in HTMLCanvasElement.prototype ? openPainter : undefined,
    });
    return () => {
      painting.current?.end();
      place.replaceChildren();
    };
  }, [element]);
  useEffect(() => painting.current?.show(layer, scene), [layer, scene]);
}
