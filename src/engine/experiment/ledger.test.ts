import { describe, expect, it } from 'vitest';
import { datasetCard } from '../data/cards.ts';
import type { MetricRows } from './events.ts';
import { ledgerAt, ledgerUpTo, totalOf, trainingFlops } from './ledger.ts';
import { layerSizes, networkSpec } from './model.ts';
import { networkLayers } from '../nn/layers.ts';
import { setPath } from './paths.ts';
import { findPreset } from './presets/index.ts';
import { append, createRunLog, type RunLog } from './runLog.ts';

const STEPS = 100;
const DATA = datasetCard('mnist-10k')!;
const REST = 1e6;
/** FLOPs of one product of 784-256-256-10 on batches of 128. */
const [FC1, FC2, FC3] = [784 * 256, 256 * 256, 256 * 10].map((weights) => 2 * 128 * weights) as [number, number, number];

/** A run of 100 steps at 2:8 in the square layer alone, whose masks were told at these steps. */
function logOf(method: string, masks: readonly (readonly [step: number, density: number])[], settings: readonly (readonly [string, unknown])[] = [], edits: readonly { step: number; path: string; value: number }[] = []): RunLog {
  const all = [['steps', STEPS], ['model.hidden', '256-256'], ['masks.granularity', 'nm'], ['masks.n', 2], ['masks.m', 8], ['sparsity.method', method], ['sparsity.denseFirst', true], ['sparsity.denseLast', true], ...settings] as const;
  const experiment = all.reduce((e, [path, value]) => setPath(e, path, value), findPreset('rigl-mnist').experiment);
  const spec = networkSpec(experiment, DATA);
  const layers = networkLayers(spec).map((layer, l) => ({ ...layerSizes(layer), maskable: spec.maskable[l] ?? false, wordOffset: 0, words: 0 }));
  const log = createRunLog();
  append(log, { runId: 'r', seq: 0, type: 'started', experiment, layers, arms: ['main'], totalSteps: STEPS, biases: 0, notes: [], cost: [{ arm: 'main', dispatches: 1, flops: 1, denseFlops: 2 * FC1 + 3 * FC2 + 3 * FC3 + REST, bytes: 1, plannedBytes: 1, peakBytes: 1, format: 'masked' }] });
  append(log, { runId: 'r', seq: 1, type: 'metrics', rows: masks.map(([step, density]): MetricRows => ({ arm: 'main', table: 'mask', step: Uint32Array.of(step), columns: { 'fc2.density': Float32Array.of(density) } })) });
  edits.forEach((edit, i) => append(log, { runId: 'r', seq: 2 + i, type: 'edit', ...edit }));
  append(log, { runId: 'r', seq: 9, type: 'finished', step: STEPS, hash: '', variants: {} });
  return log;
}

/** Shares of the square layer's passes in a step. */
const square = (log: RunLog, step: number): Record<string, number> =>
  Object.fromEntries((ledgerAt(log, DATA, step)?.layers.find(({ name }) => name === 'fc2')?.passes ?? []).map(({ pass, theory, dense }) => [pass, theory / dense]));

describe('the ledger of a step', () => {
  it('has the passes that there are: inputs of the first layer need no gradient, dense layers count in full', () => {
    const { layers, rest } = ledgerAt(logOf('sr-ste', [[0, 0.25]]), DATA, 50)!;
    expect(rest).toBe(REST);
    expect(layers.map(({ name, passes }) => [name, passes.map(({ pass }) => pass)])).toEqual([
      ['fc1', ['forward', 'weight gradient']], ['fc2', ['forward', 'input gradient', 'weight gradient']], ['fc3', ['forward', 'input gradient', 'weight gradient']],
    ]);
    expect(layers[0]?.passes).toEqual(['forward', 'weight gradient'].map((pass) => ({ pass, dense: FC1, theory: FC1, executable: FC1 })));
    expect(layers[1]?.passes).toEqual([
      { pass: 'forward', dense: FC2, theory: FC2 / 4, executable: FC2 / 4 },
      { pass: 'input gradient', dense: FC2, theory: FC2 / 4, executable: FC2 },
      { pass: 'weight gradient', dense: FC2, theory: FC2, executable: FC2 },
    ]);
  });

  it('adds up, over all and for each pass', () => {
    const ledger = ledgerAt(logOf('sr-ste', [[0, 0.25]]), DATA, 50)!;
    expect(totalOf(ledger, 'input gradient')).toEqual({ dense: FC2 + FC3, theory: FC2 / 4 + FC3, executable: FC2 + FC3 });
    expect(totalOf(ledger).dense).toBe(2 * FC1 + 3 * FC2 + 3 * FC3 + REST);
  });

  it('sees all weights before the first mask, and dense gradients where an update asks for them', () => {
    expect(square(logOf('sr-ste', [[0, 1], [41, 0.25]]), 40)).toEqual({ forward: 1, 'input gradient': 1, 'weight gradient': 1 });
    expect(square(logOf('sr-ste', [[0, 1], [41, 0.25]]), 41)).toEqual({ forward: 0.25, 'input gradient': 0.25, 'weight gradient': 1 });
    const rigl = logOf('rigl', [[0, 0.25], [41, 0.25]]);
    expect([39, 40, 41].map((step) => square(rigl, step)['weight gradient'])).toEqual([0.25, 1, 0.25]);
  });

  it('follows beta as it is turned by hand', () => {
    const log = logOf('mdgf', [[0, 0.25]], [['sparsity.decay', 'manual'], ['sparsity.beta', 1]], [{ step: 30, path: 'sparsity.beta', value: 0 }, { step: 60, path: 'sparsity.beta', value: 0.5 }]);
    expect([29, 30, 59, 60, 79, 80].map((step) => square(log, step).forward)).toEqual([1, 0.25, 0.25, 1, 1, 0.25]);
  });

  it('is none before a run began', () => {
    expect(ledgerAt(createRunLog(), DATA, 0)).toBeUndefined();
    expect(ledgerUpTo(createRunLog(), DATA, 0)).toBeUndefined();
  });
});

describe('the ledger of a run', () => {
  it.each([
    ['sr-ste', [[0, 1], [41, 0.25], [81, 0.25]], []],
    ['rigl', [[0, 0.25], [11, 0.25], [12, 0.25], [100, 0.25]], []],
    ['mdgf', [[0, 1], [6, 0.25], [50, 0.25]], [['sparsity.decay', 'linear'], ['sparsity.eta', 0.05]]],
    ['mdgf', [[0, 0.25]], [['sparsity.fineTune', 0.33]]],
    ['bdwp', [[0, 1], [1, 0.25]], []],
  ] as const)('of %s is the sum of its steps, %j %j', (method, masks, settings) => {
    const log = logOf(method, masks, settings);
    let sum = 0;
    for (let step = 0; step < STEPS; step++) {
      sum += totalOf(ledgerAt(log, DATA, step)!).theory;
      expect(totalOf(ledgerUpTo(log, DATA, step + 1)!).theory / sum).toBeCloseTo(1, 9);
    }
    const { steps, values } = trainingFlops(log, DATA);
    expect([steps.at(-1), values.at(-1)! / sum]).toEqual([STEPS, expect.closeTo(1, 6)]);
  });

  it('of MdGf bends where beta reaches 0, between two masks', () => {
    // 1 - 0.05 t is 0 at the twentieth step behind a dense beginning of five.
    const { steps } = trainingFlops(logOf('mdgf', [[0, 1], [6, 0.25]], [['sparsity.decay', 'linear'], ['sparsity.eta', 0.05]]), DATA);
    expect([...steps]).toEqual([0, 6, 25, 100]);
  });
});
