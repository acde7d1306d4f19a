import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { mix, type Packed } from '../mask/raster.ts';
import { readPalette } from '../mask/palette.ts';
import { CODE } from '../mask/states.ts';
import { useView } from '../stores/view.ts';
import type { GroupNumbers } from './groups.ts';

/** A line and a group of it. */
export interface GroupPlace {
  line: number;
  group: number;
}

interface OverviewProps {
  /** A number for each group, and how dark it is drawn, 0 to 1; NaN is drawn as nothing. */
  numbers: GroupNumbers;
  darkness(value: number): number;
  along: 'in' | 'out';
  /** Of the matrix. */
  shape: Pick<LayerFacts, 'out' | 'in'>;
  /** What is seen enlarged. */
  place: GroupPlace & { count: number };
  description: string;
  /** Moves the window to be around a group. */
  onMove(place: GroupPlace): void;
  onZoom(factor: number): void;
}

/** Groups moved by a key, and with Shift. */
const LEAP = 8;
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The whole matrix, a square a group, with the window that is seen enlarged: it is dragged, or moved by arrow keys. */
export function Overview({ numbers, darkness, along, shape, place, description, onMove, onZoom }: OverviewProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  const { lines, groups, values } = numbers;
  const [width, height] = along === 'in' ? [groups, lines] : [lines, groups];
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const palette = readPalette(document.documentElement);
    const none = palette.states[CODE.never] as Packed;
    const pixels = new Uint32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = values[along === 'in' ? y * groups + x : x * groups + y]!;
        pixels[y * width + x] = Number.isNaN(value) ? none : mix(none, palette.full, darkness(value));
      }
    }
    context.canvas.width = width;
    context.canvas.height = height;
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
  }, [numbers, darkness, along, theme]);

  const moveTo = (event: PointerEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * height);
    const [line, group] = along === 'in' ? [y, x] : [x, y];
    onMove({ line: Math.min(lines - 1, Math.max(0, line)), group: Math.min(groups - 1, Math.max(0, group)) });
  };
  const middle = place.group + Math.floor((Math.min(groups, place.group + place.count) - 1 - place.group) / 2);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    const factor = event.key === '+' || event.key === '=' ? 0.5 : event.key === '-' ? 2 : undefined;
    if (!way && factor === undefined) return;
    event.preventDefault();
    if (factor !== undefined) return onZoom(factor);
    const [x, y] = way!.map((one) => one * (event.shiftKey ? LEAP : 1)) as [number, number];
    const [line, group] = along === 'in' ? [y, x] : [x, y];
    onMove({ line: Math.min(lines - 1, Math.max(0, place.line + line)), group: Math.min(groups - 1, Math.max(0, middle + group)) });
  };
  const count = Math.min(place.count, groups - place.group);
  const along100 = { start: (place.group / groups) * 100, size: (count / groups) * 100 };
  const across100 = { start: (place.line / lines) * 100, size: 100 / lines };
  const [horizontal, vertical] = along === 'in' ? [along100, across100] : [across100, along100];
  return (
    <div className="overview" role="img" tabIndex={0} aria-label={description} style={{ aspectRatio: `${shape.in} / ${shape.out}` }} onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        moveTo(event);
      }}
      onPointerMove={(event) => event.buttons > 0 && moveTo(event)}>
      <canvas ref={canvas} aria-hidden="true" />
      <div className="overview-window" style={{ left: `${horizontal.start}%`, width: `${horizontal.size}%`, top: `${vertical.start}%`, height: `${vertical.size}%` }} />
    </div>
  );
}
