import { expect, test } from 'vitest';
import type { MetricRows } from '../engine/experiment/events.ts';
import { PRESETS } from '../engine/experiment/presets/index.ts';
import type { Preset } from '../engine/experiment/presets/index.ts';
import { lastValue, makeReport, type RunResult } from './report.ts';

const row = (arm: MetricRows['arm'], table: MetricRows['table'], step: number[], columns: Record<string, number[]>): MetricRows =>
  ({ arm, table, step: Uint32Array.from(step), columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])) });
const times = (...measured: [step: number, stepMs: number][]): MetricRows[] => measured.map(([step, stepMs]) => row('main', 'time', [step], { stepMs: [stepMs] }));

const RESULT: RunResult = {
  status: 'finished',
  experiment: (PRESETS['rigl-moons'] as Preset).experiment,
  dataset: { id: 'bytes', title: '', features: 2, classes: 2, scale: 1 / 255 / 0.25, shift: -2, mean: 0.5, std: 0.25, licence: 'CC0', source: 'here', train: { count: 1, values: new Uint8Array(2), labels: new Uint8Array(1) }, test: { count: 1, values: new Uint8Array(2), labels: new Uint8Array(1) } },
  adapterName: 'a GPU, hardware',
  adapter: { vendor: 'v', architecture: 'a', device: 'd', description: 'e', software: false, lanes: 0, features: [] },
  arms: ['main', 'dense'],
  fromStep: 0,
  rows: [row('main', 'test', [0], { loss: [3], accuracy: [0.1] }), row('main', 'train', [1, 2], { loss: [1, 0.1] }), row('dense', 'test', [2], { loss: [0.3], accuracy: [0.5] }), row('main', 'test', [2], { loss: [0.2], accuracy: [0.7] }), ...times([1, 30], [2, 40])],
  cost: [{ arm: 'main', dispatches: 1, flops: 10, denseFlops: 100, bytes: 5, plannedBytes: 6, peakBytes: 7, format: 'masked' }],
  storage: [{ arm: 'main', layer: 'fc1', format: 'csr', density: 0.25, lines: [{ format: 'masked', fixedMs: 3, densityMs: 0 }, { format: 'csr', fixedMs: 1, densityMs: 4 }], passes: [] }],
  trainingFlops: { sparse: 20, dense: 200 },
  wallMs: 71.23456,
  variants: { 'forward fc1.weight': 'tiled' },
  hash: 'abc',
  network: {
    step: 2,
    layers: [{ name: 'layers.0', column: 'fc1', shape: [2, 2], activation: 'none', format: 'masked', weights: 4, active: 1 }],
    tensors: [{ name: 'layers.0.weight', dtype: 'F32', shape: [2, 2], values: Float32Array.of(1, 0, 0, 0) }, { name: 'layers.0.weight.mask', dtype: 'U8', shape: [2, 2], values: Uint8Array.of(1, 0, 0, 0) }],
  },
};

test('the report names what was run, on what, and what came out', async () => {
  expect(await makeReport(RESULT)).toMatchObject({
    status: 'finished', preset: 'rigl-moons', seed: 1, steps: 2, execution: 'hardware', adapter: { name: 'a GPU, hardware', vendor: 'v' }, variants: { 'forward fc1.weight': 'tiled' },
    wallMs: 71.2346, stepMs: { median: 35, n: 2 }, final: { step: 2, trainLoss: 0.1, testLoss: 0.2, testAccuracy: 0.7 }, controls: { dense: { testLoss: 0.3, testAccuracy: 0.5 } },
    layers: [{ name: 'layers.0', shape: [2, 2], activation: 'none', format: 'masked', density: 0.25, active: 1 }], storage: [{ layer: 'fc1', format: 'csr', density: 0.25, ms: { masked: 3, csr: 2 }, crossover: 0.5 }], density: 0.25, active: 1, weights: 4,
    flops: { step: 10, denseStep: 100, training: 20, denseTraining: 200 },
  });
});

test('of a text it tells bits per character beside those of counts, and what was written', async () => {
  // Two characters in turn: single counts know nothing, pairs nearly all.
  const turns = { count: 990, values: Uint8Array.from({ length: 1000 }, (_, i) => i % 2), labels: new Uint8Array(0) };
  const written = { arm: 'main', step: 2, prompt: '\n', text: 'abab', temperature: 0.7, asked: false } as const;
  const { final } = (await makeReport({ ...RESULT, dataset: { ...RESULT.dataset, train: turns, test: turns, text: { characters: 'ab', stride: { train: 1, test: 1 } } }, written })) as { final: { bitsPerCharacter: Record<string, number>; text: string } };
  expect(final.bitsPerCharacter.test).toBeCloseTo(0.2 / Math.LN2, 6);
  expect(final.bitsPerCharacter.unigram).toBeCloseTo(1, 3);
  expect(final.bitsPerCharacter.bigram).toBeLessThan(0.02);
  expect(final.text).toBe('abab');
});

test('the input is described so that stored values can be prepared elsewhere', async () => {
  const { input } = (await makeReport(RESULT)) as { input: { scale: number; mean: number; std: number } };
  const { scale, shift } = RESULT.dataset;
  for (const byte of [0, 100, 255]) expect((byte * input.scale - input.mean) / input.std).toBeCloseTo(byte * scale + shift, 12);
});

test('the hashes are those of the bytes in the weights file', async () => {
  const { sha256 } = (await makeReport(RESULT)) as { sha256: Record<string, string> };
  // printf '\x00\x00\x80\x3f' and twelve zeros; printf '\x01\x00\x00\x00'; both through sha256sum.
  expect(sha256).toEqual({
    parameters: 'ccaf6f183579497e8bfcd71045c04286fd3c2e60f3641e3eea164b761a4494b7',
    masks: '67abdd721024f0ff4e0b3f4c2fc13bc5bad42d0b7851d456d88d203d15aaa450',
    run: 'abc',
  });
});

test('a run that diverged says so, and holds nothing that JSON cannot', async () => {
  const report = await makeReport({ ...RESULT, status: 'diverged', message: 'At step 3 ...', rows: [row('main', 'train', [1], { loss: [Number.NaN] })] });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({ status: 'diverged', message: 'At step 3 ...', final: { trainLoss: null, testLoss: null }, stepMs: { median: null, n: 0 } });
});

test('the last value of a column is that of the last row that has it', () => {
  expect(lastValue(RESULT.rows, 'main', 'test', 'accuracy')).toBe(0.7);
  expect(lastValue(RESULT.rows, 'random', 'test', 'accuracy')).toBeNull();
});
