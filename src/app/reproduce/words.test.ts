import { expect, it } from 'vitest';
import { agreementWords } from './words.ts';

const expected = { hash: 'ab'.repeat(32), accuracy: 0.9405, loss: 0.2031, adapter: 'nvidia ampere' };
const found = { ...expected, adapter: 'swiftshader (software)' };

it.each([
  ['Match', found],
  ['Within tolerance', { ...found, hash: 'cd'.repeat(32), accuracy: 0.9395 }],
  ['Differs', { ...found, hash: 'cd'.repeat(32), accuracy: 0.9 }],
])('says %s, and names both adapters', (word, numbers) => {
  const words = agreementWords(expected, numbers, 2000);
  expect(words).toContain(word);
  expect(words).toContain('Expected on nvidia ampere; run here on swiftshader (software)');
  if (word !== 'Match') expect(words).toContain('two binomial standard errors of 2,000 test examples');
});
