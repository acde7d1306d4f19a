import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { progressAt } from '../../engine/experiment/progress.ts';
import { logTicks, nearestStep, OVERLAY_METRICS, overlayCsv, overlayCurve, overlayModel, placeOn, pointAt, scaleOf, type OverlayView } from './overlay.ts';
import { pastRunOf } from './pastRun.ts';
import { madeUpLog } from './runs.testing.ts';

const [accuracy, loss, density] = OVERLAY_METRICS as [typeof OVERLAY_METRICS[0], typeof OVERLAY_METRICS[0], typeof OVERLAY_METRICS[0]];
const PLAIN: OverlayView = { x: 'step', smoothing: 0, logX: false, logY: false };
const run = pastRunOf(madeUpLog({ steps: 100, densities: [1, 0.5], accuracies: [0.5, 0.6, 0.7, 0.8] }));

describe('curves over each other', () => {
  test('hold the logged points; smoothed ones with the raw line beside, Off without', () => {
    const raw = overlayCurve(run, loss, PLAIN);
    expect(raw.points).toHaveLength(100);
    expect(raw.points[4]).toMatchObject({ step: 5, x: 5 });
    expect(raw.raw).toEqual([]);
    const smoothed = overlayCurve(run, loss, { ...PLAIN, smoothing: 0.9 });
    expect(smoothed.raw).toEqual(raw.points);
    expect(smoothed.points[50]!.value).toBeGreaterThan(raw.points[50]!.value);
  });

  test('have at most 400 points, the spike among them', () => {
    const long = pastRunOf(madeUpLog({ steps: 5000 }));
    const { points } = overlayCurve(long, loss, PLAIN);
    expect(points.length).toBeLessThanOrEqual(400);
    expect([points[0]!.value, points.at(-1)!.step]).toEqual([1, 5000]);
  });

  test('run against time or FLOPs with their steps kept', () => {
    const timed = overlayCurve(run, accuracy, { ...PLAIN, x: 'time' });
    timed.points.forEach(({ step, x }) => expect(x).toBeCloseTo(2 * step));
    const byFlops = overlayCurve(run, accuracy, { ...PLAIN, x: 'flops' }).points;
    expect(byFlops.map(({ step }) => step)).toEqual([25, 50, 75, 100]);
    expect(byFlops.at(-1)!.x).toBeCloseTo(run.figures.flops, -2);
    // Half of the weights cost less: the second half of the steps is shorter.
    expect(byFlops[3]!.x - byFlops[1]!.x).toBeLessThan(byFlops[1]!.x);
  });

  test('a density holds to the end of the run, and is never smoothed', () => {
    const { points, raw } = overlayCurve(run, density, { ...PLAIN, smoothing: 0.99 });
    expect(points.map(({ step, value }) => [step, value])).toEqual([[0, 1], [50, 0.5], [100, 0.5]]);
    expect(raw).toEqual([]);
  });

  test('logarithmic axes leave out what is not above 0', () => {
    const { points } = overlayCurve(run, density, { ...PLAIN, logX: true });
    expect(points.every(({ x }) => x > 0)).toBe(true);
    const model = overlayModel([run], loss, { ...PLAIN, logX: true, logY: true });
    expect([model.x.low, model.x.high, placeOn(model.x, 10)]).toEqual([1, 100, expect.closeTo(0.5)]);
    expect(model.x.ticks).toEqual([1, 10, 100]);
  });
});

describe('scales', () => {
  test('hold their values between 0 and 1, linear and logarithmic', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1 }), fc.boolean(), (values, log) => {
      const scale = scaleOf(values, log, log ? undefined : 0);
      values.forEach((value) => {
        expect(placeOn(scale, value)).toBeGreaterThanOrEqual(-1e-9);
        expect(placeOn(scale, value)).toBeLessThanOrEqual(1 + 1e-9);
      });
      expect(scale.ticks.every((tick) => tick >= scale.low && tick <= scale.high * (1 + 1e-9))).toBe(true);
    }));
  });

  test.each([[1, 5000, [1, 10, 100, 1000]], [0.2, 3, [0.2, 0.5, 1, 2]], [1, 1e12, [1, 1e3, 1e6, 1e9, 1e12]]])('ticks from %d to %d are %j', (low, high, ticks) => expect(logTicks(low, high)).toEqual(ticks));
});

describe('the step looked at', () => {
  test('is that of the nearest point, whatever runs along the axis', () => {
    const model = overlayModel([run], accuracy, { ...PLAIN, x: 'time' });
    expect(nearestStep(model, 0.49)).toBe(50);
    expect(nearestStep(model, 2)).toBe(100);
    expect(nearestStep(overlayModel([], accuracy, PLAIN), 0.5)).toBeUndefined();
  });

  test('shows of each run what it had logged by then', () => {
    const { points } = overlayCurve(run, accuracy, PLAIN);
    expect([10, 49, 50, 1000].map((step) => pointAt(points, step)?.step)).toEqual([25, 25, 50, 100]);
  });
});

test('a summed measure is read between its rows, before the first, and behind the last', () => {
  const sums = { steps: Uint32Array.of(10, 20), values: Float32Array.of(5, 25) };
  expect([0, 5, 10, 15, 20, 99].map((step) => progressAt(sums, step))).toEqual([0, 2.5, 5, 15, 25, 25]);
});

test('CSV has a row for each logged value of each run', () => {
  const lines = overlayCsv([run]).trim().split('\n');
  expect(lines).toHaveLength(1 + 4 + 100 + 2);
  expect(lines[1]).toMatch(new RegExp(`^${run.name},1,accuracy,25,0.05,[\\d.e+]+,0.5$`));
});
