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
  /** Hears whether a worker is still at a picture that was asked for. */
  busy(busy: boolean): void;
  /** Gives a canvas its size on the page, in device pixels. */
  size(canvas: HTMLCanvasElement, width: number, height: number): void;
  /** Undefined where workers cannot paint on canvases of the page. */
  open?: (() => PainterPort) | undefined;
  /** What an earlier worker came to: the next one need not measure. */
  chosen?: WorkerPainter | undefined;
  /** Hears what a worker came to. */
  choose?(painter: WorkerPainter): void;
}

/**
 * Starts a picture. The page itself paints until the first picture of a worker is done, and when there is no worker.
 * A worker that fails is replaced once, by one that paints without GPU.
 * @param large the layers are such that a choice between painters matters
 */
export function startPainting(host: PaintingHost, large: boolean): Painting {
  let last: { layer: PaintedLayer; scene: MatrixScene } | undefined;
  let worker: Hired | undefined;
  let byPage: ReturnType<typeof pagePainter> | undefined;

  const hire = (wanted: WorkerPainter | undefined): void => {
    if (!host.open) return;
    const canvas = host.canvas();
    try {
      worker = hireWorker(host.open, canvas, { large, painter: wanted });
    } catch {
      // A browser that has workers and canvases, but cannot bring them together: the page paints.
    }
    const own = worker;
    if (!own) return;
    own.port.onmessage = ({ data }) => {
      if (data.type === 'failed') return replace(own, wanted);
      host.size(canvas, data.width, data.height);
      host.busy(data.frame < own.frames);
      if (own.stands) return;
      own.stands = true;
      if (large && !wanted) host.choose?.(data.painter);
      byPage = undefined;
      host.stand(canvas, data.painter);
    };
    own.port.onerror = () => replace(own, wanted);
  };

  const replace = (own: Hired, wanted: WorkerPainter | undefined): void => {
    own.port.terminate();
    if (worker !== own) return;
    worker = undefined;
    host.busy(false);
    if (wanted !== 'worker') hire('worker');
    if (last) painting.show(last.layer, last.scene);
  };

  const painting: Painting = {
    show(layer, scene) {
      last = { layer, scene };
      if (worker) {
        worker.show(layer, scene);
        host.busy(true);
      }
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
  hire(host.chosen);
  return painting;
}

/** A worker that has a canvas of the page. */
interface Hired {
  port: PainterPort;
  /** Its canvas has taken the place of the page's own. */
  stands: boolean;
  /** How many frames it was asked for. */
  frames: number;
  show(layer: PaintedLayer, scene: MatrixScene): void;
}

function hireWorker(open: () => PainterPort, element: HTMLCanvasElement, choice: { large: boolean; painter: WorkerPainter | undefined }): Hired {
  const canvas = element.transferControlToOffscreen();
  const port = open();
  port.postMessage({ type: 'open', canvas, ...choice }, [canvas]);
  let sent: PaintedLayer | undefined;
  const hired: Hired = {
    port, stands: false, frames: 0,
    show(layer, scene) {
      const codes = sent === layer ? undefined : layer.planes();
      sent = layer;
      port.postMessage({ type: 'paint', frame: ++hired.frames, scene, codes }, codes ? [codes.bits.buffer] : []);
    },
  };
  return hired;
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
