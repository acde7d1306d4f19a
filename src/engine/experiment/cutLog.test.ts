import { expect, it } from 'vitest';
import { answersAt } from './answers.ts';
import { cutLog } from './cutLog.ts';
import type { Probe, RunEvent, RunEventBody } from './events.ts';
import { snapshotsOf } from './logs.testing.ts';
import { DEFAULT_PRESET } from './presets/index.ts';
import { append, createRunLog, maskAt, series, type RunLog } from './runLog.ts';

const snapshots = snapshotsOf({ words: 6, count: 40, every: 10, density: 0.3, flips: 0.1, seed: 5 });
const rows = (from: number, to: number): RunEventBody => {
  const steps = Array.from({ length: to - from }, (_, i) => from + i + 1);
  return { type: 'metrics', rows: [{ arm: 'main', table: 'train', step: Uint32Array.from(steps), columns: { loss: Float32Array.from(steps, (step) => 1 / step) } }] };
};
const begin: RunEventBody = { type: 'started', experiment: DEFAULT_PRESET.experiment, layers: [], arms: ['main'], totalSteps: 400, biases: 1, notes: [], cost: [] };

/** A log of events, in order. */
function logOf(...bodies: readonly RunEventBody[]): RunLog {
  const log = createRunLog();
  bodies.forEach((body, seq) => append(log, { runId: 'run', seq, ...body } as RunEvent));
  return log;
}

const edit = (step: number): RunEventBody => ({ type: 'edit', step, path: 'optimizer.rate', value: 1 / step });
const masks = (to: number): RunEventBody[] => snapshots.filter(({ step }) => step <= to).map((snapshot) => ({ type: 'masks', snapshot }));
const contentOf = (log: RunLog): unknown => ({
  losses: series(log, 'main', 'train', 'loss'), masks: log.masks.get('main')?.entries.map(({ step }) => maskAt(log, 'main', step)), edits: log.edits, step: log.step, phases: log.phases,
});

const whole = logOf(begin, ...masks(390), rows(0, 400), edit(50), edit(200), edit(300), { type: 'phase', index: 1, step: 250 }, { type: 'finished', step: 400, hash: 'x', variants: {} });

it.each([0, 1, 155, 200, 250, 399])('a log cut at step %i is what the run had told until there', (step) => {
  const edits = [50, 200, 300].filter((at) => at < step).map(edit);
  const told = logOf(begin, ...masks(step), rows(0, step), ...edits, ...(step >= 250 ? [{ type: 'phase', index: 1, step: 250 } as const] : []));
  const cut = cutLog(whole, step);
  expect(contentOf(cut)).toEqual(step === 0 ? { ...(contentOf(told) as object), losses: { steps: new Uint32Array(0), values: new Float32Array(0) } } : contentOf(told));
  expect([cut.runId, cut.status.state]).toEqual([undefined, 'loading']);
});

it('a log cut at a step has what networks answered until there, and what they were asked', () => {
  const probe: Probe = { what: 'images', width: 1, height: 1, pixels: Uint8Array.of(9), labels: Uint8Array.of(1) };
  const answered = (step: number): RunEventBody => ({ type: 'answers', answers: { arm: 'main', step, bytes: Uint8Array.of(step, 1) } });
  const log = logOf({ ...begin, probe } as RunEventBody, answered(0), answered(100), answered(200));
  const cut = cutLog(log, 150);
  expect([cut.probe, answersAt(cut, 'main', 400), cut.answers.get('main')?.entries.length]).toEqual([probe, answersAt(log, 'main', 100), 2]);
  append(cut, { runId: 'other', seq: 0, type: 'answers', answers: { arm: 'main', step: 200, bytes: Uint8Array.of(7, 7) } });
  expect(answersAt(log, 'main', 200)?.bytes).toEqual(Uint8Array.of(200, 1));
});

it('a log cut at a step has what was written until there, and what counts reach', () => {
  const wrote = (step: number): RunEventBody => ({ type: 'written', written: { arm: 'main', step, prompt: '', text: `${step}`, temperature: 1, asked: false } });
  const baselines = [{ name: 'unigram', loss: 3 }] as const;
  const cut = cutLog(logOf({ ...begin, baselines } as RunEventBody, wrote(0), wrote(100), wrote(200)), 150);
  expect([cut.written.map(({ step }) => step), cut.baselines]).toEqual([[0, 100], baselines]);
});

it('what is told behind a cut stands as in a log that was never cut, and the log that was cut stays whole', () => {
  const before = contentOf(whole);
  const cut = cutLog(whole, 155);
  for (const body of [...snapshots.filter(({ step }) => step > 155 && step <= 390).map((snapshot): RunEventBody => ({ type: 'masks', snapshot })), rows(155, 400), edit(200), edit(300), { type: 'phase', index: 1, step: 250 } as const]) {
    append(cut, { runId: 'branch', seq: 0, ...body } as RunEvent);
  }
  expect(contentOf(cut)).toEqual(before);
  expect(contentOf(whole)).toEqual(before);
});
