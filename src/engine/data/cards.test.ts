import { expect, it } from 'vitest';
import { DATASETS } from './cards.ts';
import { evaluatedExamples } from './heldOut.ts';
import { loadDataset } from './index.ts';

const GENERATED = ['moons', 'spirals', 'teacher'] as const;
const PACKED = ['mnist-10k', 'mnist', 'fashion-mnist-10k', 'fashion-mnist'] as const;

it.each(GENERATED.flatMap((set) => (['test', 'validation'] as const).map((evaluateOn) => [set, evaluateOn] as const)))('it is known before %s is made how many examples its %s half has', async (set, evaluateOn) => {
  const spec = { set, batch: 32, noise: 0.1, samples: 104, evaluateOn, context: 16 };
  const dataset = await loadDataset(spec, 1, () => Promise.reject(new Error('needs no file')));
  expect(dataset.test.count).toBe(evaluatedExamples(spec));
});

it.each(PACKED)('the card of %s says the same numbers in its sentence', (set) => {
  const { sentence, trainExamples, testExamples } = DATASETS[set];
  for (const part of [`${trainExamples.toLocaleString('en-US')} + `, `+ ${testExamples.toLocaleString('en-US')} `]) expect(sentence).toContain(part);
});

it.each(PACKED)('a fifth of the training set of %s is the validation split', (set) => {
  expect(evaluatedExamples({ set, samples: 16, evaluateOn: 'validation' })).toBe(DATASETS[set].trainExamples / 5);
});
