import { beforeEach, describe, expect, it } from 'vitest';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { AS_DRAWN, LARGEST, setPlayback, SLOWEST, SPEED_STEP, speedWords, usePlayback } from '../stores/playback.ts';
import { useRun } from '../stores/run.ts';
import { createReplay } from './replay.ts';

const TOTAL = 1500;
/** Steps a second of the usual speed. */
const USUAL = TOTAL / 15;

/** A finished run with mask updates at the given steps. */
function logOf(updates: readonly number[]): RunLog {
  const log = createRunLog();
  append(log, { runId: 'a', seq: 0, type: 'started', experiment: findPreset('rigl-moons').experiment, layers: [], arms: ['main'], totalSteps: TOTAL, cost: [], biases: 0, notes: [] });
  append(log, { runId: 'a', seq: 1, type: 'metrics', rows: [{ arm: 'main', table: 'mask', step: Uint32Array.from(updates), columns: { density: Float32Array.from(updates, () => 0.1) } }] });
  append(log, { runId: 'a', seq: 2, type: 'finished', step: TOTAL, hash: '', variants: {} });
  return log;
}

/** A replay on a screen that draws when the test says so. */
function harness(updates: readonly number[] = []) {
  let waiting: ((now: number) => void) | null = null;
  let now = 0;
  const replay = createReplay(logOf(updates), { next: (act) => ((waiting = act), 1), cancel: () => (waiting = null) });
  const draw = (ms: number): number => {
    now += ms;
    const act = waiting;
    waiting = null;
    act?.(now);
    return useRun.getState().step;
  };
  return { replay, draw, plays: () => waiting !== null };
}

beforeEach(() => setPlayback(0));

describe('a recording', () => {
  it.each([SLOWEST, -0.5, 0, 1, 3, LARGEST])('is played at 2^%f times the usual speed, whatever the rate of pictures', (octave) => {
    setPlayback(octave);
    const { replay, draw } = harness();
    replay.play();
    draw(0);
    const ms = 120 / 2 ** octave;
    for (const share of [0.5, 0.25, 0.125, 0.125]) for (let left = ms * share; left > 0; left -= 100) draw(Math.min(100, left));
    expect(useRun.getState().step).toBeGreaterThanOrEqual(Math.floor(0.12 * USUAL) - 1);
    expect(useRun.getState().step).toBeLessThanOrEqual(Math.ceil(0.12 * USUAL));
  });

  it('follows a change of speed while it plays', () => {
    const { replay, draw } = harness();
    replay.play();
    draw(0);
    expect(draw(100)).toBe(10);
    setPlayback(2);
    expect(draw(100)).toBe(50);
  });

  it('played as fast as it is drawn shows every mask update once, and a picture in between where they are far apart', () => {
    setPlayback(AS_DRAWN);
    const { replay, draw, plays } = harness([3, 4, 700]);
    replay.play();
    const seen: number[] = [];
    while (plays()) seen.push(draw(16));
    expect(seen).toEqual(expect.arrayContaining([3, 4, 700, TOTAL]));
    expect(seen.length).toBeLessThan(130);
    expect(Math.max(...seen.map((step, i) => step - (seen[i - 1] ?? 0)))).toBeLessThanOrEqual(13);
  });

  it('does not run ahead while the page is out of sight', () => {
    const { replay, draw } = harness();
    replay.play();
    draw(0);
    expect(draw(60_000)).toBe(25);
  });

  it('pauses, steps, ends and begins again', () => {
    const { replay, draw, plays } = harness();
    replay.play();
    draw(0);
    draw(100);
    replay.toggle();
    expect([useRun.getState().state, plays(), draw(100)]).toEqual(['paused', false, 10]);
    replay.step();
    expect(useRun.getState()).toMatchObject({ state: 'paused', step: 11 });
    setPlayback(LARGEST);
    replay.toggle();
    for (let i = 0; i < 30; i++) draw(100);
    expect(useRun.getState()).toMatchObject({ state: 'finished', step: TOTAL });
    replay.toggle();
    expect(useRun.getState()).toMatchObject({ state: 'training', step: 0 });
  });
});

it('the speed next to the largest is as fast as it is drawn', () => {
  for (const [octave, words] of [[AS_DRAWN, 'as drawn'], [LARGEST, '64×'], [LARGEST - SPEED_STEP, '45×']] as const) {
    setPlayback(octave);
    expect(speedWords(usePlayback.getState().octave).short).toBe(words);
  }
  expect(AS_DRAWN - SPEED_STEP).toBe(LARGEST);
});

it('speeds lie on a range, and each is said for eye and ear', () => {
  for (const [wished, taken] of [[-9, SLOWEST], [0.2, 0], [0.3, 0.5], [9, AS_DRAWN], [Number.NaN, 0]] as const) {
    setPlayback(wished);
    expect(usePlayback.getState().octave).toBe(taken);
  }
  expect([SLOWEST, 0.5, LARGEST].map((octave) => speedWords(octave).short)).toEqual(['0.25×', '1.4×', '64×']);
  expect(speedWords(AS_DRAWN).long).toContain('drawn');
});
