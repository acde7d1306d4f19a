import { expect, it } from 'vitest';
import { createFrames, type Frame } from './frames.ts';

/** Frames whose painting ends when it is told to. */
function held() {
  const painted: Frame<string, string>[] = [];
  const failures: unknown[] = [];
  let end: ((error?: Error) => void) | undefined;
  const push = createFrames<string, string>((frame) => {
    painted.push(frame);
    return new Promise((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())));
  }, (error) => failures.push(error));
  const settle = async (error?: Error): Promise<void> => {
    end?.(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { painted, failures, push, settle };
}

it('paints one frame at a time, and of those that came meanwhile the newest', async () => {
  const { painted, push, settle } = held();
  for (const scene of ['a', 'b', 'c', 'd']) push({ scene });
  expect(painted.map(({ scene }) => scene)).toEqual(['a']);
  await settle();
  expect(painted.map(({ scene }) => scene)).toEqual(['a', 'd']);
  await settle();
  push({ scene: 'e' });
  expect(painted.map(({ scene }) => scene)).toEqual(['a', 'd', 'e']);
});

it('keeps codes of a frame that is passed over, the newest of them', async () => {
  const { painted, push, settle } = held();
  push({ scene: 'a', codes: '1' });
  push({ scene: 'b', codes: '2' });
  push({ scene: 'c', codes: '3' });
  push({ scene: 'd' });
  await settle();
  expect(painted.at(-1)).toEqual({ scene: 'd', codes: '3' });
  await settle();
  push({ scene: 'e' });
  expect(painted.at(-1)?.codes).toBeUndefined();
});

it('tells a failure and paints what comes after it', async () => {
  const { painted, failures, push, settle } = held();
  push({ scene: 'a' });
  push({ scene: 'b' });
  await settle(new Error('lost'));
  expect(failures).toEqual([new Error('lost')]);
  push({ scene: 'c' });
  expect(painted.map(({ scene }) => scene)).toEqual(['a', 'c']);
});
