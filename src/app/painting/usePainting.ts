import { useEffect, useRef, type RefObject } from 'react';
import type { WorkerPainter } from './choice.ts';
import { startPainting, type PaintedLayer, type PainterPort, type Painting } from './painting.ts';
import type { MatrixScene } from './scene.ts';

/** From so many weights on, painting takes long enough for a choice between painters. */
const LARGE = 2 ** 17;

/** Makes the worker that paints. */
const openPainter = (): PainterPort => new Worker(new URL('./matrixWorker.ts', import.meta.url), { type: 'module', name: 'sparseland-painter' });

/** Keeps a picture in an element, which says in `data-painter` who paints it, and is busy until what is shown is painted. */
export function usePainting(element: RefObject<HTMLElement | null>, layer: PaintedLayer, scene: MatrixScene): void {
  const painting = useRef<Painting>(undefined);
  const ratio = useRef(scene.ratio);
  ratio.current = scene.ratio;
  const large = layer.out * layer.in >= LARGE;
  useEffect(() => {
    const place = element.current;
    if (!place) return undefined;
    painting.current = startPainting({
      canvas: () => document.createElement('canvas'),
      stand(canvas, painter) {
        place.replaceChildren(canvas);
        place.dataset['painter'] = painter;
      },
      busy: (busy) => place.setAttribute('aria-busy', String(busy)),
      size({ style }, width, height) {
        style.width = `${width / ratio.current}px`;
        style.height = `${height / ratio.current}px`;
      },
      open: 'transferControlToOffscreen' in HTMLCanvasElement.prototype ? openPainter : undefined,
      chosen: chosenBefore(),
      choose: keepChoice,
    }, large);
    return () => painting.current?.end();
  }, [element, large]);
  useEffect(() => painting.current?.show(layer, scene), [layer, scene]);
}

const KEY = 'sparseland.painter';

/** What was chosen in this version of the browser: another one may bring another driver. */
function chosenBefore(): WorkerPainter | undefined {
  try {
    const [painter, ...browser] = (localStorage.getItem(KEY) ?? '').split(' ');
    return (painter === 'gpu' || painter === 'worker') && browser.join(' ') === navigator.userAgent ? painter : undefined;
  } catch {
    // Without storage each picture measures for itself.
    return undefined;
  }
}

function keepChoice(painter: WorkerPainter): void {
  try {
    localStorage.setItem(KEY, `${painter} ${navigator.userAgent}`);
  } catch {
    // Storage may be full or forbidden.
  }
}
