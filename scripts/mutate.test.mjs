import { expect, test } from 'vitest';
import { mutate, table } from './mutate.mjs';

test('a line that is there exactly once is replaced, even by text with dollar signs', () => {
  expect(mutate('a\nb\nc', { find: 'b', replace: '$&$1' })).toBe('a\n$&$1\nc');
});

test('a line that is gone or ambiguous is not guessed at', () => {
  expect(mutate('a\nb', { find: 'x', replace: 'y' })).toBeUndefined();
  expect(mutate('b\nb', { find: 'b', replace: 'y' })).toBeUndefined();
});

test('the table keeps pipes inside their cell', () => {
  const row = table([{ file: 'f', find: 'a | b', replace: 'a & b', project: 'unit', tests: 't', outcome: 'noticed' }]).split('\n').at(-2);
  expect(row).toBe('| f | `a \\| b` | `a & b` | t | noticed |');
});
