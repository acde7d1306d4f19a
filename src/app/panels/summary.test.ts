import { describe, expect, it } from 'vitest';
import { curve, stepTimeUpTo, valueAt } from './reading.ts';
import { sentence, summarise, updateWords, type Summary } from './summary.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { previewEvents } from '../session/preview.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

function logOf(preset: string): RunLog {
  const log = createRunLog();
  previewEvents(PRESETS[preset]!.experiment).forEach((body, seq) => append(log, { runId: 'a', seq, ...body }));
  return log;
}

const summary = (more: Partial<Summary>): Summary => ({ weights: 101_632, active: 5082, density: 0.05, biases: 138, accuracy: {}, loss: undefined, ...more });
const context = { finished: false, step: 400, totalSteps: 2000, finalDensity: 0.05, evaluatedOn: 'test set' };
const at = (value: number) => ({ step: 399, value });

describe('the sentence', () => {
  it('says what will happen before anything has', () => {
    expect(plain(sentence(summary({ density: 1, active: 101_632 }), { ...context, step: 0 }))).toBe('100 % of 101,632 weights are active now; 2,000 steps of training will leave 5 % of them.');
    expect(plain(sentence(summary({}), { ...context, step: 0 }))).toBe('Only 5 % of 101,632 weights are active, chosen at random so far; 2,000 steps of training follow.');
    expect(plain(sentence(summary({}), { ...context, step: 0, finalDensity: 1 }))).toBe('Only 5 % of 101,632 weights are active now; after 2,000 steps it will be 100 %.');
    expect(plain(sentence(summary({ density: 1 }), { ...context, step: 0, finalDensity: 1 }))).toBe('All 101,632 weights stay active for 2,000 steps.');
  });

  it('gives differences with their sign in words, and never says that two are the same', () => {
    const words = plain(sentence(summary({ accuracy: { main: at(0.94), dense: at(0.947), random: at(0.896) } }), context));
    expect(words).toBe('5 % of the weights left, 94.0 % of the test set right: 0.7 points below its dense twin, 4.4 above a random mask.');
    const level = plain(sentence(summary({ accuracy: { main: at(0.94), dense: at(0.94) } }), { ...context, finished: true }));
    expect(level).toBe('Finished with 5 % of the weights left, 94.0 % of the test set right: 0.0 points from its dense twin.');
  });

  it('does without twins', () => {
    expect(plain(sentence(summary({ density: 1, accuracy: { main: at(0.947) } }), context))).toBe('All weights active, 94.7 % of the test set right.');
  });
});

describe('the summary', () => {
  it('counts maskable weights exactly and leaves biases out', () => {
    expect(summarise(logOf('rigl-mnist'), 0)).toMatchObject({ weights: 101_632, active: 1016, biases: 138 });
    expect(summarise(logOf('hello-mnist'), 0)).toMatchObject({ weights: 101_632, active: 101_632, density: 1 });
  });

  it('reads the accuracy at the step looked at', () => {
    const log = logOf('hello-mnist');
    append(log, { runId: 'a', seq: 9, type: 'metrics', rows: [{ arm: 'main', table: 'test', step: Uint32Array.of(0, 50, 100), columns: { accuracy: Float32Array.of(0.125, 0.5, 0.75) } }] });
    expect(summarise(log, 99).accuracy.main).toEqual({ step: 50, value: 0.5 });
    expect(summarise(log, 100).accuracy.main).toEqual({ step: 100, value: 0.75 });
  });
});

describe('the last update in words', () => {
  it('counts a regrown weight among the dropped and the grown, as it was both', () => {
    const log = logOf('hello-mnist');
    const words = log.layers[0]!.words + log.layers[1]!.words;
    const mask = new Uint32Array(words);
    const previous = new Uint32Array(words);
    const regrown = new Uint32Array(words);
    mask[0] = 0b0111;
    previous[0] = 0b1011;
    regrown[0] = 0b0001;
    append(log, { runId: 'a', seq: 9, type: 'masks', snapshot: { arm: 'main', step: 5, update: 17, mask, previous, regrown, fired: previous } });
    expect(updateWords(log, 'main', 'fc1', 5)).toBe('fc1, update 17: 2 dropped, 2 grown, 1 of them regrown, 1 kept.');
  });

  it('says that the initial mask is one', () => {
    expect(updateWords(logOf('rigl-mnist'), 'main', 'fc1', 0)).toMatch(/^fc1, initial mask: 8\d\d of 100,352 weights active\.$/);
  });
});

describe('reading the log', () => {
  it('has no values where there is no such column', () => {
    const log = createRunLog();
    expect(curve(log, 'main', 'test', 'accuracy', 10).steps.length).toBe(0);
    expect(valueAt(log, 'main', 'test', 'accuracy', 10)).toBeUndefined();
    expect(stepTimeUpTo(log, 10)).toBeUndefined();
  });

  it('takes submits that were told of at once together, and looks no further than asked', () => {
    const log = createRunLog();
    append(log, { runId: 'a', seq: 0, type: 'metrics', rows: [{ arm: 'main', table: 'time', step: Uint32Array.of(51, 61, 71, 81), columns: { stepMs: Float32Array.of(2, 0, 4, 90) } }] });
    expect(stepTimeUpTo(log, 71)).toEqual({ stepMs: 2, n: 21 });
  });
});
