import { beforeEach, describe, expect, test } from 'vitest';
import { maskAt, series } from '../../engine/experiment/runLog.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { collectRuns } from './collect.ts';
import { memorableName } from './names.ts';
import { trainingTime } from '../../engine/experiment/progress.ts';
import { heldAverage, pastRunOf } from './pastRun.ts';
import { comparedWith, deleteRun, keepRun, setNote, toggleBaseline, toggleShown, undoDelete, usePastRuns } from './pastRuns.ts';
import { madeUpLog, MOONS } from './runs.testing.ts';

const runs = () => usePastRuns.getState().runs;
const idOf = (place: number): string => runs()[place]!.id;
const keep = (hash: string) => keepRun(madeUpLog({ hash }));

beforeEach(() => usePastRuns.setState(usePastRuns.getInitialState()));

describe('a past run', () => {
  test('has the figures of its end, and its name from its hash', () => {
    const run = pastRunOf(madeUpLog({ steps: 100, accuracies: [0.5, 0.75], densities: [1, 0.5, 0.25, 0.25], hash: 'h1' }));
    expect(run.figures).toMatchObject({ accuracy: 0.75, loss: 0.25, density: 0.25, averageDensity: 0.5 });
    expect([run.name, run.ending, run.steps]).toEqual([memorableName('h1'), 'finished', 100]);
    expect(run.progress.time.values.at(-1)).toBeCloseTo(200);
    expect(run.figures.flops).toBeGreaterThan(0);
  });

  test('that was stopped is told from one that went further', () => {
    const [short, long] = [60, 80].map((steps) => pastRunOf(madeUpLog({ hash: null, steps })));
    expect(short!.ending).toBe('stopped');
    expect(short!.id).not.toBe(long!.id);
  });

  test('of many steps is thinned with its extremes, and keeps one mask without the history', () => {
    const log = madeUpLog({ steps: 20_000 });
    const { log: thin, bytes } = pastRunOf(log);
    const losses = series(thin, 'main', 'train', 'loss').values;
    expect(losses.length).toBeLessThanOrEqual(600);
    expect([Math.max(...losses), losses.at(-1)]).toEqual([1, series(log, 'main', 'train', 'loss').values.at(-1)]);
    expect(series(log, 'main', 'train', 'loss').values).toHaveLength(20_000);
    expect(maskAt(thin, 'main', 20_000)?.mask).toEqual(maskAt(log, 'main', 0)?.mask);
    expect(bytes).toBeLessThan(20_000);
  });

  test('time sums the steps between rows, each at the mean that its row tells', () => {
    expect([...trainingTime({ steps: Uint32Array.of(1, 5, 6), values: Float32Array.of(2, 3, 1) }).values]).toEqual([2, 14, 15]);
  });

  test.each([[[0, 50], [1, 0.5], 100, 0.75], [[0], [0.2], 100, 0.2], [[0, 90], [1, 0], 10, 1], [[50, 75], [1, 0], 100, 0.5]])('values at %j of %j held until step %d are %d on average', (steps, values, end, expected) => {
    expect(heldAverage({ steps: Uint32Array.from(steps), values: Float32Array.from(values) }, end)).toBeCloseTo(expected, 6);
  });
});

describe('the runs of a session', () => {
  test('are drawn with different looks, and no ninth at once', () => {
    for (let i = 0; i < 9; i++) keep(`h${i}`);
    expect(runs().map(({ look }) => look)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, null]);
    toggleShown(idOf(8));
    expect(runs()[8]!.look).toBeNull();
    toggleShown(idOf(2));
    toggleShown(idOf(8));
    expect([runs()[2]!.look, runs()[8]!.look]).toEqual([null, 2]);
  });

  test('a run with the same numbers takes the place of the one before, with its note and look', () => {
    keep('a');
    keep('b');
    setNote(idOf(0), 'mine');
    keep('a');
    expect(runs().map(({ note, look }) => [note, look])).toEqual([['', 1], ['mine', 0]]);
  });

  test('are compared with the one before, or all with the baseline', () => {
    ['a', 'b', 'c'].forEach(keep);
    const against = () => runs().map((run) => comparedWith(runs(), usePastRuns.getState().baseline, run)?.id);
    expect(against()).toEqual([undefined, idOf(0), idOf(1)]);
    toggleBaseline(idOf(1));
    expect(against()).toEqual([idOf(1), idOf(1), idOf(1)]);
    toggleBaseline(idOf(1));
    expect(against()[0]).toBeUndefined();
  });

  test('a deleted run comes back to its place, baseline and all', () => {
    ['a', 'b', 'c'].forEach(keep);
    toggleBaseline(idOf(1));
    const before = usePastRuns.getState();
    deleteRun(idOf(1));
    expect(runs()).toHaveLength(2);
    expect(usePastRuns.getState().baseline).toBeNull();
    undoDelete();
    expect(usePastRuns.getState()).toEqual(before);
  });

  test('what there is no room for goes, the oldest first, and never the baseline or the newest', () => {
    const limits = { runs: 2, bytes: Infinity };
    keep('a');
    toggleBaseline(idOf(0));
    const baseline = idOf(0);
    ['b', 'c'].forEach((hash) => keepRun(madeUpLog({ hash }), null, limits));
    expect(runs().map(({ id }) => id)).toEqual([baseline, expect.stringContaining(' c')]);
    expect(usePastRuns.getState().forgotten).toBe(1);
    keepRun(madeUpLog({ hash: 'd' }), null, { runs: 9, bytes: 1 });
    expect(runs()).toHaveLength(2);
  });

  test('runs of a comparison are hidden at first', () => {
    keepRun(madeUpLog({}), 'RigL, seed 1');
    expect(runs()[0]).toMatchObject({ look: null, purpose: 'RigL, seed 1' });
  });
});

describe('the collector', () => {
  test('keeps live runs once: as they end, or where another log takes their place', () => {
    const show = (log: ReturnType<typeof madeUpLog>) => useLog.setState(({ version }) => ({ log, version: version + 1 }));
    const publish = () => useLog.setState(({ version }) => ({ version: version + 1 }));
    useRun.setState({ source: 'recording' });
    collectRuns();
    collectRuns();
    show(madeUpLog({ hash: 'recorded' }));
    // A run goes over from the recording: its log comes after the source has changed.
    useRun.setState({ source: 'live' });
    show(madeUpLog({ hash: 'live' }));
    publish();
    expect(runs().map(({ id }) => id.split(' ').at(-1))).toEqual(['live']);
    const first = runs()[0];
    publish();
    expect(runs()[0]).toBe(first);
    show(madeUpLog({ hash: null, experiment: { ...MOONS, seed: 2 } }));
    show(madeUpLog({ hash: 'next' }));
    expect(runs().map(({ ending }) => ending)).toEqual(['finished', 'stopped', 'finished']);
    expect(runs()).toHaveLength(3);
  });

  test('keeps a branch with its mark, but not one that was given up before it became a run of its own', () => {
    const branchOf = (log: ReturnType<typeof madeUpLog>, step: number) => Object.assign(log, { branch: { from: 'calm otter', step } });
    const show = (log: ReturnType<typeof madeUpLog>) => useLog.setState(({ version }) => ({ log, version: version + 1 }));
    useRun.setState({ source: 'live' });
    collectRuns();
    show(Object.assign(madeUpLog({ hash: null, steps: 40 }), { runId: undefined }));
    show(branchOf(madeUpLog({ hash: null, steps: 50 }), 50));
    show(branchOf(madeUpLog({ hash: null, steps: 60 }), 50));
    show(branchOf(madeUpLog({ hash: 'own' }), 50));
    expect(runs().map(({ steps, log }) => [steps, log.branch?.step])).toEqual([[60, 50], [100, 50]]);
  });
});
