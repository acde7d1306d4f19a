import { beforeAll, expect, test } from 'vitest';
import { openTestGpu } from '../testGpu.ts';
import { runCommandLine } from './runCommand.ts';

// Chooses the adapter of the process before the command opens it.
beforeAll(() => openTestGpu());

test('the quick self-test names the adapter', async () => {
  const out: string[] = [];
  const code = await runCommandLine(['selftest'], { say: (line) => void out.push(line), warn: (line) => void out.push(line), progress: { write: () => undefined } });
  expect([code, out]).toEqual([0, [expect.stringMatching(/\((software|hardware)\) computes correctly\.$/)]]);
});
