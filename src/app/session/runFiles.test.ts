import { beforeEach, describe, expect, it } from 'vitest';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog, series, type RunLog } from '../../engine/experiment/runLog.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useOfferedRun } from '../stores/offeredRun.ts';
import { useRun } from '../stores/run.ts';
import { answerOffer, openRunFile, readRunFile, runFileOf, type RunFile } from './runFiles.ts';

const { experiment } = findPreset('rigl-moons');
const edit = { step: 2, path: 'optimizer.rate', value: 0.5 };

function logOf(steps: number): RunLog {
  const log = createRunLog();
  append(log, { runId: 'a', seq: 0, type: 'started', experiment, layers: [], arms: ['main'], totalSteps: 100, cost: [], biases: 0, notes: [] });
  append(log, { runId: 'a', seq: 1, type: 'edit', ...edit });
  for (let step = 1; step <= steps; step++) append(log, { runId: 'a', seq: 1 + step, type: 'metrics', rows: [{ arm: 'main', table: 'train', step: Uint32Array.of(step), columns: { loss: Float32Array.of(1 / step) } }] });
  return log;
}

const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'x.sparseland'): RunFile => ({ name, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) });

/** What is shown in place of what was. */
const shown: unknown[] = [];
const session = { show: (...run: unknown[]) => Promise.resolve(void shown.push(run)) };
beforeEach(() => {
  shown.length = 0;
  useExperiment.setState({ notes: { from: 'setting', lines: [] } });
  useOfferedRun.setState({ offered: null });
  useRun.setState({ source: 'preview', state: 'idle' });
});

describe('a run in a file', () => {
  it('comes back with its curves, its settings and every edit made while it ran', async () => {
    const { name, bytes } = runFileOf(logOf(5));
    expect(name).toBe(`rigl-moons-seed-${experiment.seed}-step-5.sparseland`);
    const read = await readRunFile(fileOf(bytes));
    if ('sentence' in read) throw new Error(read.sentence);
    expect(series(read.log, 'main', 'train', 'loss')).toEqual(series(logOf(5), 'main', 'train', 'loss'));
    expect(read.experiment).toEqual({ ...experiment, edits: [edit] });
    await openRunFile(fileOf(bytes), session);
    expect(shown).toHaveLength(1);
  });

  it.each<[string, RunFile]>([
    ['is no recording', fileOf(new Uint8Array(40))],
    ['is damaged', fileOf(runFileOf(logOf(5)).bytes.map((byte, i) => (i === 30 ? byte ^ 1 : byte)))],
    ['holds no step', fileOf(runFileOf(logOf(0)).bytes)],
    ['is too large', { ...fileOf(new Uint8Array(0)), size: 2 ** 30 }],
    ['cannot be read', { ...fileOf(new Uint8Array(0)), arrayBuffer: () => Promise.reject(new Error('gone')) }],
  ])('that %s is told in one sentence, and nothing else changes', async (_, file) => {
    const before = useExperiment.getState();
    await openRunFile(file, session);
    const { notes, ...rest } = useExperiment.getState();
    expect(notes).toEqual({ from: 'file', lines: [expect.stringMatching(/^x\.sparseland could not be opened: [^.]+$/)] });
    const { notes: _before, ...others } = before;
    expect([shown, rest]).toEqual([[], others]);
  });
});

describe('while a run is under way', () => {
  const file = fileOf(runFileOf(logOf(5)).bytes);
  beforeEach(() => useRun.setState({ source: 'live', state: 'training' }));

  it.each(['training', 'paused', 'compiling', 'replaying'] as const)('(%s) a file is offered and takes no place', async (state) => {
    useRun.setState({ state });
    await openRunFile(file, session);
    expect([shown.length, useOfferedRun.getState().offered?.file]).toEqual([0, 'x.sparseland']);
  });

  it('it opens when the reader says so, and is forgotten when not', async () => {
    await openRunFile(file, session);
    await answerOffer(false, session);
    expect([shown.length, useOfferedRun.getState().offered]).toEqual([0, null]);
    await openRunFile(file, session);
    await answerOffer(true, session);
    expect([shown.length, useOfferedRun.getState().offered]).toEqual([1, null]);
  });

  it.each([['live', 'finished'], ['recording', 'training']] as const)('only then: a %s run that is %s gives way', async (source, state) => {
    useRun.setState({ source, state });
    await openRunFile(file, session);
    expect(shown).toHaveLength(1);
  });
});
