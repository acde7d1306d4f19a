import { useEffect, useRef, type ReactElement } from 'react';
import { markPlace, placed, type ChartModel, type Stroke } from './model.ts';
import { useElementSize } from '../shell/useElementSize.ts';

/** Dash lengths of the strokes, in CSS pixels. */
export const DASHES: Readonly<Record<Stroke, readonly number[]>> = { solid: [], dashed: [6, 4], dotted: [1.5, 3.5] };

/** Space above and below the curves, in CSS pixels. */
export const SPARK_PAD = 3;

/** The plain 2-D canvas form of a chart: what is shown before the chart library has been loaded. */
export function Sparkline({ model, height, theme }: { model: ChartModel; height: number; theme: string }): ReactElement {
  const [frame, { width, ratio }] = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current || width === 0) return;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(context, model, width, height);
  }, [model, width, height, ratio, theme]);
  return (
    <div ref={frame} className="sparkline" style={{ height }}>
      <canvas ref={canvas} style={{ width: '100%', height: '100%' }} aria-hidden="true" />
    </div>
  );
}

function paint(context: CanvasRenderingContext2D, model: ChartModel, width: number, height: number): void {
  const style = getComputedStyle(context.canvas);
  const across = (place: number): number => ((place - model.x[0]) / (model.x[1] - model.x[0] || 1)) * width;
  const y = (value: number): number => height - SPARK_PAD - ((value - model.y[0]) / (model.y[1] - model.y[0] || 1)) * (height - 2 * SPARK_PAD);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 1;
  context.strokeStyle = style.getPropertyValue('--hairline');
  for (const tick of model.ticks) line(context, [[0, y(tick)], [width, y(tick)]]);
  context.strokeStyle = style.getPropertyValue('--text-3');
  context.setLineDash([1.5, 3.5]);
  for (const level of model.levels) line(context, [[0, y(level.value)], [width, y(level.value)]]);
  context.setLineDash([]);
  context.strokeStyle = style.getPropertyValue('--text-1');
  const mark = markPlace(model);
  if (mark !== undefined) line(context, [[across(mark), 0], [across(mark), height]]);
  context.lineWidth = 2;
  for (const curve of model.curves) {
    context.strokeStyle = style.getPropertyValue(curve.colour);
    context.setLineDash([...DASHES[curve.stroke]]);
    const corners: [number, number][] = [];
    for (const { x, value } of placed(model, curve)) {
      const before = corners.at(-1);
      if (curve.stepped && before) corners.push([across(x), before[1]]);
      corners.push([across(x), y(value)]);
    }
    line(context, corners);
  }
}

function line(context: CanvasRenderingContext2D, corners: readonly (readonly [number, number])[]): void {
  context.beginPath();
  corners.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}
