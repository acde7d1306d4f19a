import { expect, test } from 'vitest';
import { createProgress, duration } from './progress.ts';

/** A stream that remembers, and a clock that the test moves. */
function screen(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { ms: 0 };
  return { written, clock, progress: createProgress({ isTTY, columns, write: (text) => void written.push(text) }, { now: () => clock.ms }) };
}

test('on a terminal the line is drawn over itself, with the time left', () => {
  const { written, clock, progress } = screen(true);
  progress.at(0, 100, '');
  clock.ms = 5000;
  progress.at(25, 100, 'loss 0.5');
  expect(written.at(-1)).toBe('\r 25 %  step 25 of 100, 15 s left  loss 0.5\u001b[K');
  progress.clear();
  expect(written.at(-1)).toBe('\r\u001b[K');
});

test('a resumed run reckons with its own steps', () => {
  const { written, clock, progress } = screen(true);
  progress.at(50, 100, '');
  clock.ms = 1000;
  progress.at(60, 100, '');
  expect(written.at(-1)).toContain('4.0 s left');
});

test('it is drawn ten times a second at most, and at the end', () => {
  const { written, clock, progress } = screen(true);
  for (let step = 0; step <= 1000; step++) {
    clock.ms = step;
    progress.at(step, 1000, '');
  }
  expect(written.length).toBeLessThanOrEqual(12);
  expect(written.at(-1)).toContain('100 %  step 1000 of 1000  ');
});

test('no line is wider than the terminal', () => {
  const { written, progress } = screen(true, 30);
  progress.at(1, 100, 'x'.repeat(200));
  expect(written[0]?.replace('\r', '').replace('\u001b[K', '').length).toBe(29);
});

test('elsewhere nothing is written', () => {
  const { written, progress } = screen(false);
  progress.tell('compiling');
  progress.at(1, 2, '');
  progress.clear();
  expect(written).toEqual([]);
});

test.each([[0, '0.0 s'], [440, '0.4 s'], [9_900, '9.9 s'], [9_960, '10 s'], [59_400, '59 s'], [60_000, '1 min 0 s'], [185_000, '3 min 5 s'], [7_800_000, '2 h 10 min']])('%d ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});
