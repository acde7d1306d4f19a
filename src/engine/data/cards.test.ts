import { expect, it } from 'vitest';
import { DATASETS } from './cards.ts';
import { loadDataset } from './index.ts';

it.each(['moons', 'spirals', 'teacher'] as const)('the card of %s tells how many test examples there are', async (set) => {
  const dataset = await loadDataset({ set, batch: 32, noise: 0.1, samples: 100, evaluateOn: 'test', context: 16 }, 1, () => Promise.reject(new Error('needs no file')));
  expect(dataset.test.count).toBe(DATASETS[set].testExamples);
});

it.each(['mnist-10k', 'mnist', 'fashion-mnist-10k', 'fashion-mnist'] as const)('the card of %s says the same number in its sentence', (set) => {
  const { sentence, testExamples } = DATASETS[set];
  expect(sentence).toContain(`+ ${testExamples.toLocaleString('en-US')} `);
});
