import { describe, expect, it } from 'vitest';
import type { CostFacts, MetricRows } from '../../engine/experiment/events.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { curvesCsv } from '../charts/csv.ts';
import { markPlace, placed } from '../charts/model.ts';
import { layerFacts } from '../session/preview.ts';
import { alongAxis } from './along.ts';
import { lossModel } from './curves.ts';

const STEPS = 100;
/** Products of 784-128-10 on batches of 128: two of the first layer, three of the second. */
const PRODUCTS = 2 * 128 * (784 * 128 * 2 + 128 * 10 * 3);

/** A run with a dense twin whose masks kept half from the first step on, so far. */
function logAt(done: number, costs = true): RunLog {
  const experiment = [['steps', STEPS], ['sparsity.method', 'random']].reduce((e, [path, value]) => setPath(e, path as string, value), findPreset('rigl-mnist').experiment);
  const cost = (arm: 'main' | 'dense'): CostFacts => ({ arm, dispatches: 1, flops: 1, denseFlops: PRODUCTS, bytes: 1, plannedBytes: 1, peakBytes: 1, format: 'masked' });
  const rows = (arm: 'main' | 'dense', table: MetricRows['table'], step: number[], columns: Record<string, number[]>): MetricRows =>
    ({ arm, table, step: Uint32Array.from(step), columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])) });
  const log = createRunLog();
  append(log, { runId: 'r', seq: 0, type: 'started', experiment, layers: layerFacts(experiment), arms: ['main', 'dense'], totalSteps: STEPS, biases: 0, notes: [], cost: costs ? [cost('main'), cost('dense')] : [] });
  append(log, { runId: 'r', seq: 1, type: 'metrics', rows: [
    rows('main', 'mask', [0], { 'fc1.density': [0.5], 'fc2.density': [0.5] }),
    ...(['main', 'dense'] as const).map((arm) => rows(arm, 'train', [done / 2, done], { loss: [1, 0.5] })),
    rows('main', 'time', [1, done], { stepMs: [10, 20] }),
  ] });
  return log;
}

describe('the axis of a chart', () => {
  it('of FLOPs gives each network its own, up to those of the dense twin', () => {
    const log = logAt(40);
    const { along, x } = alongAxis(log, 'flops', 40);
    expect(along!.of('dense', 40) / (40 * PRODUCTS)).toBeCloseTo(1, 6);
    expect(along!.of('main', 20) / (10 * PRODUCTS)).toBeCloseTo(1, 6);
    expect(along?.of('training', 20)).toBe(along?.of('main', 20));
    expect(along?.of('dense', 0)).toBe(0);
    expect(x[0]).toBe(0);
    expect(x[1] / (STEPS * PRODUCTS)).toBeGreaterThanOrEqual(1);
    expect(x[1] / (STEPS * PRODUCTS)).toBeLessThan(1.1);
  });

  it('of time is that of all networks together, and ends where the run would at this pace', () => {
    const { along, x } = alongAxis(logAt(40), 'time', 40);
    expect(along?.of('main', 40)).toBeCloseTo(10 + 39 * 20);
    expect(along?.of('dense', 40)).toBe(along?.of('main', 40));
    expect(x).toEqual([0, 2000]);
  });

  it('draws nothing where nothing is known', () => {
    const log = logAt(40, false);
    const model = { ...lossModel(log, 40, 0), ...alongAxis(log, 'flops', 40) };
    expect(placed(model, model.curves[0]!)).toEqual([]);
    expect(curvesCsv(model)).toContain('this,20,,1\n');
  });

  it('moves points, mark and file, and no value', () => {
    const log = logAt(40);
    const model = { ...lossModel(log, 40, 0), ...alongAxis(log, 'time', 40), mark: 20 };
    expect(placed(model, model.curves[0]!)).toEqual([{ step: 20, x: expect.closeTo(390), value: 1 }, { step: 40, x: expect.closeTo(790), value: 0.5 }]);
    expect(markPlace(model)).toBeCloseTo(390);
    expect(curvesCsv(model)).toBe('series,step,seconds,value\nthis,20,0.39,1\nthis,40,0.79,0.5\ndense,20,0.39,1\ndense,40,0.79,0.5\n');
  });
});
