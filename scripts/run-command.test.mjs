import { expect, test } from 'vitest';
import { runCommand } from './run-command.mjs';

const node = (/** @type {string} */ code) => [process.execPath, '-e', code];

test('the exit code comes back', async () => {
  expect(await runCommand(node('process.exit(3)'), { timeoutMs: 20_000 })).toMatchObject({ code: 3, timedOut: false });
});

test('a command that hangs is stopped, and says so', async () => {
  expect(await runCommand(node('setInterval(() => {}, 1000)'), { timeoutMs: 300 })).toMatchObject({ code: 1, timedOut: true });
});

test('the environment is added to ours', async () => {
  const ended = await runCommand(node('process.exit(process.env.PATH && process.env.SPARSELAND_PROBE === "7" ? 0 : 1)'), {
    timeoutMs: 20_000,
    env: { SPARSELAND_PROBE: '7' },
  });
  expect(ended.code).toBe(0);
});

test('a program that does not exist fails instead of throwing', async () => {
  expect(await runCommand(['sparseland-no-such-program'], { timeoutMs: 1000 })).toMatchObject({ code: 1, timedOut: false });
});
