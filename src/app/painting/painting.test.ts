import { beforeEach, expect, it, vi } from 'vitest';
import { matrixLayout } from '../mask/layout.ts';
import { WHOLE } from '../mask/matrixWindow.ts';
import type { FromPainter, ToPainter } from './messages.ts';
import { startPainting, type PaintedLayer, type PainterPort, type PaintingHost } from './painting.ts';
import { planesOfCodes } from './planes.ts';
import type { MatrixScene } from './scene.ts';

const palette = { states: [1, 2, 3, 4, 5, 6], full: 7, surface: 8, negative: 9, zero: 10, positive: 11, nan: 12 };
const layout = matrixLayout(2, 3, 30, 30);
const scene: MatrixScene = { layout, place: WHOLE, room: { width: layout.width, height: layout.height }, ratio: 1, colouring: { kind: 'states', palette, solo: null } };
const layerOf = (code: number): PaintedLayer => {
  const layer = { codes: new Uint8Array(6).fill(code), out: 2, in: 3 };
  return { ...layer, planes: () => planesOfCodes(layer.codes, layer) };
};

interface TestPort extends PainterPort {
  got: ToPainter[];
  ended: boolean;
  say(message: FromPainter): void;
}

/** A page with canvases that count how often they were painted, and workers that do what the test says. */
function page(options: { workers?: boolean; transfers?: boolean; chosen?: PaintingHost['chosen'] } = {}) {
  const ports: TestPort[] = [];
  const standing: string[] = [];
  const choices: string[] = [];
  let paintedByPage = 0;
  let busy = false;
  const host: PaintingHost = {
    canvas: () => ({
      width: 0, height: 0,
      getContext: () => ({ putImageData: () => paintedByPage++ }),
      transferControlToOffscreen() {
        if (options.transfers === false) throw new Error('not here');
        return {};
      },
    }) as unknown as HTMLCanvasElement,
    stand: (_, painter) => standing.push(painter),
    size: () => undefined,
    busy: (now) => (busy = now),
    open: options.workers === false ? undefined : () => {
      const port: TestPort = {
        got: [], ended: false, onmessage: null, onerror: null,
        postMessage: (message) => port.got.push(message),
        terminate: () => (port.ended = true),
        say: (data) => port.onmessage?.({ data } as MessageEvent<FromPainter>),
      };
      ports.push(port);
      return port;
    },
    chosen: options.chosen,
    choose: (painter) => choices.push(painter),
  };
  return { host, ports, standing, choices, paintedByPage: () => paintedByPage, busy: () => busy };
}

const painted = (painter: 'gpu' | 'worker', frame = 1): FromPainter => ({ type: 'painted', frame, painter, width: 30, height: 20 });
const kinds = (port: TestPort | undefined): string[] => (port?.got ?? []).map((message) => (message.type === 'paint' && message.codes ? 'paint with codes' : message.type));

beforeEach(() => vi.stubGlobal('ImageData', class { readonly colorSpace = 'srgb'; }));

it('is painted by the page until the first picture of the worker is there', () => {
  const { host, ports, standing, paintedByPage } = page();
  const painting = startPainting(host, false);
  painting.show(layerOf(2), scene);
  painting.show(layerOf(3), scene);
  expect([standing, paintedByPage()]).toEqual([['page'], 2]);
  ports[0]?.say(painted('gpu'));
  painting.show(layerOf(4), scene);
  ports[0]?.say(painted('gpu'));
  expect([standing, paintedByPage()]).toEqual([['page', 'gpu'], 2]);
});

it('is busy until the newest picture that was asked for is there, and not when its worker is gone', () => {
  const { host, ports, busy } = page({ chosen: 'worker' });
  const painting = startPainting(host, false);
  painting.show(layerOf(2), scene);
  painting.show(layerOf(3), scene);
  ports[0]?.say(painted('worker', 1));
  expect(busy()).toBe(true);
  ports[0]?.say(painted('worker', 2));
  expect(busy()).toBe(false);
  painting.show(layerOf(4), scene);
  expect(busy()).toBe(true);
  ports[0]?.say({ type: 'failed', message: 'no canvas' });
  expect(busy()).toBe(false);
});

it('sends codes once, and scenes each time', () => {
  const { host, ports } = page();
  const painting = startPainting(host, false);
  const layer = layerOf(2);
  painting.show(layer, scene);
  painting.show(layer, { ...scene });
  painting.show(layerOf(3), scene);
  expect(kinds(ports[0])).toEqual(['open', 'paint with codes', 'paint', 'paint with codes']);
});

it('replaces a worker that fails by one without GPU, and that one by the page', () => {
  const { host, ports, standing } = page();
  const painting = startPainting(host, false);
  painting.show(layerOf(2), scene);
  ports[0]?.say(painted('gpu'));
  ports[0]?.say({ type: 'failed', message: 'lost' });
  expect(ports[0]?.ended).toBe(true);
  expect(ports[1]?.got[0]).toMatchObject({ type: 'open', painter: 'worker' });
  expect(kinds(ports[1])).toEqual(['open', 'paint with codes']);
  ports[1]?.say(painted('worker'));
  ports[1]?.onerror?.({} as ErrorEvent);
  painting.show(layerOf(3), scene);
  expect(ports).toHaveLength(2);
  expect(standing).toEqual(['page', 'gpu', 'page', 'worker', 'page']);
});

it.each([{ workers: false }, { transfers: false }])('is painted by the page where workers cannot: %o', (options) => {
  const { host, standing, ports, paintedByPage } = page(options);
  const painting = startPainting(host, true);
  painting.show(layerOf(2), scene);
  painting.show(layerOf(3), scene);
  expect([standing, ports.length, paintedByPage()]).toEqual([['page'], 0, 2]);
  painting.end();
});

it('keeps what a worker came to for large layers, and tells it to the next', () => {
  const small = page();
  startPainting(small.host, false).show(layerOf(2), scene);
  small.ports[0]?.say(painted('worker'));
  expect(small.choices).toEqual([]);

  const large = page();
  startPainting(large.host, true).show(layerOf(2), scene);
  large.ports[0]?.say(painted('gpu'));
  large.ports[0]?.say(painted('gpu'));
  expect(large.choices).toEqual(['gpu']);

  const next = page({ chosen: 'gpu' });
  startPainting(next.host, true).show(layerOf(2), scene);
  next.ports[0]?.say(painted('gpu'));
  expect(next.ports[0]?.got[0]).toMatchObject({ type: 'open', painter: 'gpu', large: true });
  expect(next.choices).toEqual([]);
});

it('gives the worker back when it ends', () => {
  const { host, ports } = page();
  const painting = startPainting(host, false);
  painting.end();
  expect(ports.map(({ ended }) => ended)).toEqual([true]);
});
