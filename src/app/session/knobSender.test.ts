import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createKnobSender } from './knobSender.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function recorder() {
  const sent: [string, number][] = [];
  return { sent, sender: createKnobSender((path, value) => sent.push([path, value]), 150) };
}

it('sends the first value at once and of a drag only the newest', () => {
  const { sent, sender } = recorder();
  for (let i = 0; i < 10; i++) sender.send('optimizer.rate', i);
  expect(sent).toEqual([['optimizer.rate', 0]]);
  vi.advanceTimersByTime(150);
  expect(sent).toEqual([['optimizer.rate', 0], ['optimizer.rate', 9]]);
});

it('keeps knobs apart', () => {
  const { sent, sender } = recorder();
  sender.send('optimizer.rate', 1);
  sender.send('sparsity.density', 2);
  expect(sent).toHaveLength(2);
});

it('sends at once again after a rest', () => {
  const { sent, sender } = recorder();
  sender.send('optimizer.rate', 1);
  vi.advanceTimersByTime(200);
  sender.send('optimizer.rate', 2);
  expect(sent).toHaveLength(2);
});

it('forgets what waits when the run is over', () => {
  const { sent, sender } = recorder();
  sender.send('optimizer.rate', 1);
  sender.send('optimizer.rate', 2);
  sender.cancel();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([['optimizer.rate', 1]]);
});
