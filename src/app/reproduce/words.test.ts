import { expect, it } from 'vitest';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { MOONS } from '../compare/runs.testing.ts';
import { agreementWords, evaluatedBy, shortAgreementWords } from './words.ts';

const expected = { hash: 'ab'.repeat(32), accuracy: 0.9405, loss: 0.2031, adapter: 'nvidia ampere' };
const found = { ...expected, adapter: 'swiftshader (software)' };

it.each([
  ['Match', found],
  ['Within tolerance', { ...found, hash: 'cd'.repeat(32), accuracy: 0.9395 }],
  ['Differs', { ...found, hash: 'cd'.repeat(32), accuracy: 0.9 }],
])('says %s, and names both adapters', (word, numbers) => {
  const words = agreementWords(expected, numbers, { split: 'test set', examples: 2000 });
  expect(words).toContain(word);
  expect(words).toContain('Expected on nvidia ampere; run here on swiftshader (software)');
  if (word !== 'Match') expect(words).toContain('two binomial standard errors on the 2,000 examples of the test set');
});

it('names the validation split where accuracies are measured there, and judges by its size', () => {
  const evaluated = evaluatedBy({ ...MOONS, data: { ...MOONS.data, samples: 500, evaluateOn: 'validation' } });
  expect(evaluated).toEqual({ split: 'validation split', examples: 100 });
  // Two standard errors of 100 answers are 5 points, of the 1,000 of the test set 1.5.
  const far = { ...found, hash: 'cd'.repeat(32), accuracy: 0.915 };
  expect(agreementWords(expected, far, evaluated)).toMatch(/^≈ Within tolerance.* on the 100 examples of the validation split/);
  expect(agreementWords(expected, far, evaluatedBy(MOONS))).toMatch(/^✗ Differs.* on the 1,000 examples of the test set/);
});

it('counts each character of a text that is guessed', () => {
  const { experiment } = PRESETS['dense-moby']!;
  const evaluated = evaluatedBy(experiment);
  expect(evaluated.examples).toBe(128 * experiment.data.context);
  expect(agreementWords(expected, { ...found, hash: 'cd'.repeat(32) }, evaluated)).toContain('on the 8,192 examples of the text held out');
});

it.each([
  [found, '✓ Match: the same bits as on nvidia ampere.'],
  [{ ...found, hash: 'cd'.repeat(32), accuracy: 0.9 }, '✗ Differs: 90.00\u202f% here, 94.05\u202f% on nvidia ampere.'],
])('in a figure one line tells all', (numbers, words) => {
  expect(shortAgreementWords(expected, numbers, { split: 'test set', examples: 2000 })).toBe(words);
});
