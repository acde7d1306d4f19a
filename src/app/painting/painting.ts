import type { LayerCodes } from '../mask/draw.ts';
import type { FromPainter, ToPainter } from './messages.ts';
import type { WorkerPainter } from './choice.ts';
import type { CodePlanes } from './planes.ts';
import { createRasterPainter } from './rasterPainter.ts';
import type { MatrixScene } from './scene.ts';

/** A layer's codes, and the same as planes of bits: made when a worker paints. */
export interface PaintedLayer extends LayerCodes {
  planes(): CodePlanes;
}

/** A picture of a matrix in an element of the page, which keeps up with what is shown. */
export interface Painting {
  show(layer: PaintedLayer, scene: MatrixScene): void;
  /** Gives back the worker, its device and the canvas. */
  end(): void;
}

/** The part of a Worker that a painting uses; tests put their own in its place. */
export interface PainterPort {
  postMessage(message: ToPainter, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromPainter>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** What a painting needs of the page. */
export interface PaintingHost {
  /** A new canvas; the newest that was shown stands in the element. */
  canvas(): HTMLCanvasElement;
  /** Puts a canvas in the place of the one before, and says who paints it. */
  stand(canvas: HTMLCanvasElement, painter: WorkerPainter | 'page'): void;
  /** Gives a canvas its size on the page, in device pixels. */
  size(canvas: HTMLCanvasElement, width: number, height: number): void;
  /** Undefined where workers cannot paint on canvases of the page. */
  open?: (() => PainterPort) | undefined;
}

/** What workers came to; the next one of this page need not measure. */
let chosen: WorkerPainter | undefined;

/**
 * Starts a picture. The page itself paints until the first picture of a worker is done, and when there is no worker.
 * A worker that fails is replaced once, by one that paints without GPU.
 */
export function startPainting(host: PaintingHost): Painting {
  let last: { layer: PaintedLayer; scene: MatrixScene } | undefined;
  let worker: Hired | undefined;
  let byPage: ReturnType<typeof pagePainter> | undefined;

  const hire = (wanted: WorkerPainter | undefined): void => {
    if (!host.open) return;
    const canvas = host.canvas();
    try {
      worker = hireWorker(host.open(), canvas, wanted);
    } catch {
      // A browser that has workers and canvases, but cannot bring them together: the page paints.
    }
    const own = worker;
    if (!own) return;
    own.port.onmessage = ({ data }) => {
      if (data.type === 'failed') return replace(own, wanted);
      chosen = data.painter;
      host.size(canvas, data.width, data.height);
      if (own.stands) return;
      own.stands = true;
      byPage = undefined;
      host.stand(canvas, data.painter);
    };
    own.port.onerror = () => replace(own, wanted);
  };

  const replace = (own: Hired, wanted: WorkerPainter | undefined): void => {
    own.port.terminate();
    if (worker !== own) return;
    worker = undefined;
    if (wanted !== 'worker') hire('worker');
    chosen = 'worker';
    if (last) painting.show(last.layer, last.scene);
  };

  const painting: Painting = {
    show(layer, scene) {
      last = { layer, scene };
      worker?.show(layer, scene);
      if (worker?.stands) return;
      byPage ??= pagePainter(host);
      byPage(layer, scene);
    },
    end() {
      worker?.port.terminate();
      worker = undefined;
      last = undefined;
    },
  };
  hire(chosen);
  return painting;
}

/** A worker that has a canvas of the page. */
interface Hired {
  port: PainterPort;
  /** Its canvas has taken the place of the page's own. */
  stands: boolean;
  show(layer: PaintedLayer, scene: MatrixScene): void;
}

function hireWorker(port: PainterPort, element: HTMLCanvasElement, painter: WorkerPainter | undefined): Hired {
  const canvas = element.transferControlToOffscreen();
  port.postMessage({ type: 'open', canvas, painter }, [canvas]);
  let sent: PaintedLayer | undefined;
  return {
    port, stands: false,
    show(layer, scene) {
      const codes = sent === layer ? undefined : layer.planes();
      sent = layer;
      port.postMessage({ type: 'paint', scene, codes }, codes ? [codes.bits.buffer] : []);
    },
  };
}

function pagePainter(host: PaintingHost): (layer: PaintedLayer, scene: MatrixScene) => void {
  const canvas = host.canvas();
  const paint = createRasterPainter(canvas);
  host.stand(canvas, 'page');
  return (layer, scene) => {
    paint(layer, scene);
    host.size(canvas, scene.room.width, scene.room.height);
  };
}
