import { expect, test } from 'vitest';
import { closingLine, countPlaywright, countVitest, withExitCode } from './count-tests.mjs';

test('a Vitest file that does not load is a failure of its own', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 2, failed: 2, skipped: 0 });
});

test('a flaky browser test and an error outside tests are failures', () => {
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] };
  expect(countPlaywright(report)).toEqual({ passed: 3, failed: 3, skipped: 2 });
});

test.each([
  [{ passed: 3, failed: 0, skipped: 0 }, 0, 0],
  [{ passed: 3, failed: 0, skipped: 0 }, 1, 1],
  [{ passed: 0, failed: 0, skipped: 4 }, 0, 1],
  [{ passed: 3, failed: 2, skipped: 0 }, 1, 2],
])('%j with exit code %i has %i failures', (counts, code, failed) => {
  expect(withExitCode(counts, code).failed).toBe(failed);
});

test('the closing line sums all groups', () => {
  expect(closingLine([{ passed: 1, failed: 0, skipped: 9 }, { passed: 4, failed: 2, skipped: 0 }])).toBe('5 passed, 2 failed');
});
