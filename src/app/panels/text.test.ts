import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody, Written } from '../../engine/experiment/events.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { useRun, type RunStore } from '../stores/run.ts';
import { bitsModel, bitsWords, lossShown } from './bitsModel.ts';
import { classesOf } from './reading.ts';
import { evaluatedOn } from './summary.ts';
import { linesOf, stagesOf, textShown, whyNoWriting } from './textShown.ts';

const sample = (step: number, more: Partial<Written> = {}): Written => ({ arm: 'main', step, prompt: '\n', text: `${step}`, temperature: 0.7, asked: false, ...more });
const wrote = (written: Written): RunEventBody => ({ type: 'written', written });

function logOf(preset: string, ...bodies: readonly RunEventBody[]): RunLog {
  const log = createRunLog();
  const { experiment } = PRESETS[preset]!;
  const started: RunEventBody = { type: 'started', experiment, layers: [], arms: ['main', 'dense'], totalSteps: 2000, cost: [], biases: 0, notes: [], baselines: [{ name: 'unigram', loss: 3 * Math.LN2 }, { name: 'bigram', loss: 2 * Math.LN2 }] };
  [started, ...bodies].forEach((body, seq) => append(log, { runId: 'a', seq, ...body } as RunEvent));
  return log;
}

const tested = (arm: 'main' | 'dense', steps: number[], losses: number[], table: 'test' | 'train' = 'test'): RunEventBody => ({ type: 'metrics', rows: [{ arm, table, step: Uint32Array.from(steps), columns: { loss: Float32Array.from(losses) } }] });

describe('the texts of a run', () => {
  const log = logOf('dense-moby', ...Array.from({ length: 21 }, (_, i) => wrote(sample(100 * i))), ...[150, 250, 350, 450].map((step) => wrote(sample(step, { asked: true, prompt: 'Call me ' }))));

  it('go back in time with the step looked at', () => {
    expect([0, 99, 100, 1234, 2000].map((cursor) => textShown(log, cursor, 2000).now?.step)).toEqual([0, 0, 100, 1200, 2000]);
    expect(textShown(log, 300, 2000).asked.map(({ step }) => step)).toEqual([250, 150]);
    expect(textShown(log, 2000, 2000).asked.map(({ step }) => step)).toEqual([450, 350, 250]);
  });

  it('show how it came there: from the first on, each twice as far as the one before', () => {
    expect(textShown(log, 2000, 2000).stages.map(({ step }) => step)).toEqual([0, 100, 200, 400, 800, 1600]);
    // What is looked at stands above; the way back to the newest stays.
    expect(textShown(log, 200, 2000).stages.map(({ step }) => step)).toEqual([0, 100, 200, 400, 800, 1600, 2000]);
  });

  it('have room for as many stages as there will be in the end', () => {
    expect(stagesOf(log)).toBe(textShown(log, 2000, 2000).stages.length);
    for (const texts of [1, 2, 3, 4, 5, 6, 9, 10]) {
      const run = { written: Array.from({ length: texts }, (_, i) => sample(100 * i)), experiment: log.experiment!, totalSteps: 100 * (texts - 1) };
      expect(textShown(run, run.totalSteps, run.totalSteps).stages.length).toBe(texts === 1 ? 0 : stagesOf(run));
    }
  });

  it('of a recording go no further than it is played', () => {
    const { now, all, stages } = textShown(log, 250, 250);
    expect([now?.step, all.length, stages.map(({ step }) => step)]).toEqual([200, 3, [0, 100]]);
    expect(textShown(createRunLog(), 0, 0)).toEqual({ now: undefined, all: [], stages: [], asked: [] });
  });

  it('begin with their first letter, and keep their lines', () => {
    expect(linesOf('\n\nCall me\n\nIshmael')).toEqual(['Call me', '', 'Ishmael']);
  });
});

describe('a network', () => {
  const run = (more: Partial<RunStore>): RunStore => ({ ...useRun.getState(), source: 'live', state: 'training', problem: null, ...more });

  it('can be asked to write while it trains, rests, and when it is done', () => {
    for (const state of ['training', 'paused', 'finished'] as const) expect(whyNoWriting(run({ state }), false)).toBeUndefined();
  });

  it.each<[string, Partial<RunStore>, boolean, RegExp]>([
    ['a recording', { source: 'recording', state: 'paused' }, false, /recording/],
    ['a run that is not there yet', { source: 'preview', state: 'idle' }, false, /Press Play/],
    ['a run that is made ready', { state: 'compiling' }, false, /Press Play/],
    ['a run that diverged', { state: 'diverged', problem: { kind: 'diverged', sentence: '', action: null } }, false, /ended/],
    ['a run whose device was lost', { state: 'recovering' }, false, /on its way/],
    ['a step that is past', {}, true, /newest step/],
  ])('cannot be asked of %s, which is said', (_, more, looksBack, words) => {
    expect(whyNoWriting(run(more), looksBack)).toMatch(words);
  });
});

describe('the loss of a text', () => {
  const log = logOf('dense-moby', tested('main', [0, 100], [4 * Math.LN2, 2.5 * Math.LN2]), tested('dense', [0], [4 * Math.LN2]), tested('main', [1, 2], [3.5 * Math.LN2, 3.25 * Math.LN2], 'train'));

  it('is drawn in bits per character, with counts of characters and of pairs as levels', () => {
    const { curves, levels, title, y } = bitsModel(log, 2000, 0);
    expect([title, y]).toEqual(['Bits per character', [1, 4]]);
    expect(curves.map(({ label, values }) => [label, ...Array.from(values, (value) => Number(value.toFixed(5)))])).toEqual([['training', 3.5, 3.25], ['this', 4, 2.5], ['dense', 4]]);
    expect(levels).toEqual([{ value: 3, label: 'characters' }, { value: 2, label: 'pairs' }]);
  });

  it('is told in words at the step looked at', () => {
    expect(bitsWords(log, 99)).toBe('4.00 on the test characters as of step 0. Dotted: by counts of single characters 3.00, of pairs 2.00.');
    expect(bitsWords(log, 100)).toContain('2.50 on the test characters as of step 100.');
    expect(bitsWords({ ...createRunLog(), experiment: log.experiment! }, 0)).toBe('');
  });

  it('is that of the field alone where the data are a text, and so are its words', () => {
    expect([lossShown(log, 2000, 0).id, lossShown(logOf('hello-mnist'), 2000, 0).id]).toEqual(['bits', 'loss']);
    expect([evaluatedOn(log.experiment), evaluatedOn(PRESETS['hello-mnist']!.experiment), evaluatedOn(undefined)]).toEqual(['test characters', 'test set', 'test set']);
    expect([classesOf(log), classesOf(logOf('rigl-moons'))]).toEqual([75, 2]);
  });
});
