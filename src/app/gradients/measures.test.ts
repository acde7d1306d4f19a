import { expect, it } from 'vitest';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import type { MetricRows, RunEvent } from '../../engine/experiment/events.ts';
import { openRecording, saveRecording } from '../../engine/experiment/recording.ts';
import { parseEvent } from '../../worker/parseEvent.ts';
import { previewEvents } from '../session/preview.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { layersOf, measureModels, MEASURES, measuresOf } from './measures.ts';

/** A log of moons with rows of these columns of the gradient table. */
function logOf(columns: Record<string, number[]>, arm: MetricRows['arm'] = 'main', log: RunLog = createRunLog()): RunLog {
  const events = log.runId === undefined ? previewEvents(findPreset('rigl-moons').experiment) : [];
  const steps = Object.values(columns)[0]!.map((_, i) => 20 * (i + 1));
  const rows: MetricRows = { arm, table: 'gradient', step: Uint32Array.from(steps), columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])) };
  [...events, { type: 'metrics', rows: [rows] } as const].forEach((event, seq) => append(log, { ...event, runId: 'run', seq } as RunEvent));
  return log;
}

const [variance, , cosine] = MEASURES as [typeof MEASURES[number], unknown, typeof MEASURES[number]];

it('offers the measures that a run told of, for the layers it told them of', () => {
  const log = logOf({ 'fc1.gradientVariance': [1e-3], 'fc2.gradientVariance': [1e-5], 'fc2.cosine': [0.5] });
  expect(measuresOf(log).map(({ id }) => id)).toEqual(['gradientVariance', 'cosine']);
  expect(layersOf(log, cosine).map(({ name }) => name)).toEqual(['fc2']);
  expect(measuresOf(createRunLog())).toEqual([]);
});

it('draws variances by decades on one scale for all layers and networks, and hands out what was measured', () => {
  const log = logOf({ 'fc1.gradientVariance': [1e-3, 0], 'fc2.gradientVariance': [1e-5, 2e-5] });
  logOf({ 'fc1.gradientVariance': [3e-2, 1e-4] }, 'dense', log);
  const models = measureModels(log, variance, 40);
  const [first, second] = [models.get('fc1')!, models.get('fc2')!];
  expect(first.y).toEqual([-5, -1]);
  expect(second.y).toEqual(first.y);
  expect(first.curves.map(({ id }) => id)).toEqual(['main', 'dense']);
  // 0 has no place among decades.
  expect(Array.from(first.curves[0]!.values, (value) => Number(value.toFixed(4)))).toEqual([-3, Number.NaN]);
  expect(first.measured!(second.curves[0]!.values[1] as number)).toBeCloseTo(2e-5, 10);
  expect(first.ticks.map(first.format)).toEqual(['1e-5', '1e-3', '1e-1']);
  expect(measureModels(log, variance, 20).get('fc1')!.curves[0]!.values).toHaveLength(1);
});

it('draws a cosine from 0 to 1, and lower where it falls lower', () => {
  expect(measureModels(logOf({ 'fc2.cosine': [0.5, 0.9] }), cosine, 40).get('fc2')!.y).toEqual([0, 1]);
  expect(measureModels(logOf({ 'fc2.cosine': [-0.3] }), cosine, 40).get('fc2')!.y).toEqual([-0.5, 1]);
});

it('finds in a recording what the run told', () => {
  const log = logOf({ 'fc1.gradientVariance': [1e-3, 2e-3], 'fc2.cosine': [0.5, 0.25] });
  const opened = openRecording(saveRecording(log));
  expect(measuresOf(opened)).toEqual(measuresOf(log));
  const drawn = (of: RunLog): unknown => measuresOf(of).map((measure) => [...measureModels(of, measure, 40).values()].map(({ curves, y }) => [curves.map(({ values }) => Array.from(values)), y]));
  expect(drawn(opened)).toEqual(drawn(log));
});

it('hears of gradients from the worker', () => {
  const rows = [{ arm: 'main', table: 'gradient', step: Uint32Array.of(20), columns: { 'fc1.gradientVariance': Float32Array.of(1) } }];
  const event = { type: 'metrics', runId: 'run', seq: 1, rows };
  expect(parseEvent(event)).toEqual(event);
});
