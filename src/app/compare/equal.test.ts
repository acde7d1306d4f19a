import { describe, expect, test } from 'vitest';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog } from '../../engine/experiment/runLog.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { trainingFlops } from '../../engine/experiment/ledger.ts';
import { datasetCard } from '../../engine/data/cards.ts';
import { layerFacts } from '../session/preview.ts';
import { equalDense, finalParameters } from './equalDense.ts';
import { plannedFlops, withFlops, withSteps } from './equalFlops.ts';

const rigl = setPath(findPreset('rigl-mnist').experiment, 'sparsity.density', 0.05);
const as = (method: string) => setPath(rigl, 'sparsity.method', method);
/** Products of 784-128-10 on batches of 128: two of the first layer, three of the second. */
const PRODUCTS = 2 * 128 * (784 * 128 * 2 + 128 * 10 * 3);

describe('equal training FLOPs', () => {
  test('of dense training are steps times products, and the rest of a step where it is known', () => {
    const dense = withSteps(as('dense'), 100);
    expect(plannedFlops(dense)).toBe(100 * PRODUCTS);
    expect(plannedFlops(dense, PRODUCTS + 1e6)).toBe(100 * (PRODUCTS + 1e6));
  });

  test('as planned are those of a log with the same masks', () => {
    const experiment = withSteps(setPath(as('random'), 'sparsity.distribution', 'uniform'), 100);
    const log = createRunLog();
    append(log, { runId: 'r', seq: 0, type: 'started', experiment, layers: layerFacts(experiment), arms: ['main'], totalSteps: 100, biases: 0, notes: [], cost: [{ arm: 'main', dispatches: 1, flops: 1, denseFlops: 9e7, bytes: 1, plannedBytes: 1, peakBytes: 1, format: 'masked' }] });
    const columns = { 'fc1.density': Float32Array.of(5018 / (784 * 128)), 'fc2.density': Float32Array.of(64 / 1280) };
    append(log, { runId: 'r', seq: 1, type: 'metrics', rows: [{ arm: 'main', table: 'mask', step: Uint32Array.of(0), columns }] });
    append(log, { runId: 'r', seq: 2, type: 'finished', step: 100, hash: '', variants: {} });
    const { values } = trainingFlops(log, datasetCard('mnist-10k')!);
    expect(plannedFlops(experiment, 9e7) / values.at(-1)!).toBeCloseTo(1, 5);
  });

  test('of gradual pruning lie between those of a fixed mask and dense training, since densities fall on the way', () => {
    const [random, gmp, dense] = ['random', 'gmp', 'dense'].map((method) => plannedFlops(as(method))) as [number, number, number];
    expect(gmp).toBeGreaterThan(1.5 * random);
    expect(gmp).toBeLessThan(0.7 * dense);
  });

  test.each(['rigl', 'gmp', 'random', 'set', 'snfs'])('%s gets as many steps as fit the FLOPs of dense training', (method) => {
    const wanted = plannedFlops(withSteps(as('dense'), 200), 9e7);
    const experiment = withFlops(as(method), wanted, 9e7);
    const flops = plannedFlops(experiment, 9e7);
    expect(totalSteps(experiment)).toBeGreaterThanOrEqual(200);
    // One step more or less would be further off.
    expect(Math.abs(flops - wanted)).toBeLessThanOrEqual(9e7);
  });

  test('a method alone keeps its steps, and phases keep their shares', () => {
    expect(totalSteps(withFlops(as('gmp'), plannedFlops(as('gmp'))))).toBe(totalSteps(as('gmp')));
    const lottery = withSteps(findPreset('dense-then-prune-mnist').experiment, 90);
    const { phases } = findPreset('dense-then-prune-mnist').experiment;
    const all = phases.reduce((sum, { steps }) => sum + steps, 0);
    expect(lottery.phases.map(({ steps }) => steps)).toEqual(phases.map(({ steps }) => Math.round((90 * steps) / all)));
  });
});

describe('the small dense network of equal parameters', () => {
  test('of one hidden layer has the best width there is', () => {
    const wanted = finalParameters(as('random'));
    const found = equalDense(rigl, wanted)!;
    const off = (width: number): number => Math.abs(width * 785 + width * 10 + 10 - wanted);
    const [width] = found.experiment.model.hidden;
    expect(found.parameters).toBe(width! * 795 + 10);
    for (let other = 1; other <= 128; other++) expect(off(width!)).toBeLessThanOrEqual(off(other));
    expect(found.experiment.phases[0]?.sparsity.method).toBe('dense');
  });

  test.each([['model.hidden', '300-100'], ['model.hidden', '64-64-64'], ['model.channels', '16-32']])('of %s %s comes within a tenth, with the same shape', (path, widths) => {
    const wide = setPath(path === 'model.channels' ? setPath(rigl, 'model.kind', 'cnn') : rigl, path, widths);
    const wanted = finalParameters(wide);
    const { experiment, parameters } = equalDense(wide, wanted)!;
    expect(Math.abs(parameters / wanted - 1)).toBeLessThan(0.1);
    expect(experiment.model.hidden).toHaveLength(wide.model.hidden.length);
    expect(experiment.model.channels).toHaveLength(wide.model.channels.length);
  });

  test('does not grow, and is none without a hidden layer', () => {
    expect(equalDense(rigl, 1e9)!.experiment.model.hidden).toEqual([128]);
    expect(equalDense(setPath(rigl, 'model.hidden', 'none'), 100)).toBeNull();
  });
});
