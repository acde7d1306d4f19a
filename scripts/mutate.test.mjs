import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './install.mjs';
import { mutate, table, verdict } from './mutate.mjs';

test('a line that is there exactly once is replaced, even by text with dollar signs', () => {
  expect(mutate('a\nb\nc', { find: 'b', replace: '$&$1' })).toBe('a\n$&$1\nc');
});

test('a line that is gone or ambiguous is not guessed at', () => {
  expect(mutate('a\nb', { find: 'x', replace: 'y' })).toBeUndefined();
  expect(mutate('b\nb', { find: 'b', replace: 'y' })).toBeUndefined();
});

describe('a run', () => {
  const run = (/** @type {[status: string, message: string][]} */ ...tests) => verdict({
    numPassedTests: tests.filter(([status]) => status === 'passed').length,
    testResults: [{ assertionResults: tests.map(([status, message], i) => ({ status, fullName: `test ${i}`, failureMessages: [message] })) }],
  });

  test('notices by its first failing test', () => {
    expect(run(['passed', ''], ['failed', '1 is not 2'], ['failed', 'no'])).toEqual({ outcome: 'noticed', by: 'test 1' });
  });

  test('does not notice where all pass, and says so where none ran', () => {
    expect(run(['passed', ''], ['skipped', ''])).toMatchObject({ outcome: 'NOT NOTICED' });
    expect(run(['skipped', ''])).toMatchObject({ outcome: 'no test ran' });
    expect(verdict(undefined)).toMatchObject({ outcome: 'no test ran' });
  });

  test('does not count a shader that no longer compiles', () => {
    expect(run(['failed', 'Error: add/base does not compile: expected ;'])).toMatchObject({ outcome: 'does not compile' });
  });
});

describe('the table', () => {
  /** @type {import('./mutate.mjs').Tried} */
  const one = { file: 'f', find: 'a | b', replace: ' ', project: 'unit', tests: 't', outcome: 'noticed', by: 'x | y' };

  test('keeps pipes inside their cell, and names an empty replacement', () => {
    expect(table([one]).split('\n').at(-2)).toBe('| f | `a \\| b` | (nothing) | x \\| y |');
  });

  test('counts what was noticed', () => {
    expect(table([one, { ...one, outcome: 'NOT NOTICED', by: '' }])).toContain('1 of 2 broken lines, in 1 files, were noticed.');
  });
});

test('every line of the list is in its file exactly once', () => {
  /** @type {import('./mutate.mjs').Mutation[]} */
  const list = JSON.parse(readFileSync(join(ROOT, 'scripts/mutations.json'), 'utf8'));
  expect(list.filter((one) => mutate(readFileSync(join(ROOT, one.file), 'utf8'), one) === undefined)).toEqual([]);
});
