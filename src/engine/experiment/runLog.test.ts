import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAnswers, createAnswerHistory, type AnswerHistory } from './answerHistory.ts';
import { answersAt } from './answers.ts';
import { appendRows, createTable, thinTable } from './columns.ts';
import type { MaskSnapshot, MetricRows, RunEvent, RunEventBody } from './events.ts';
import { arbitrarySnapshots, mulberry, snapshotsOf } from './logs.testing.ts';
import { addSnapshot, createMaskHistory, snapshotAt, snapshotNumber } from './maskHistory.ts';
import { DEFAULT_PRESET } from './presets/index.ts';
import { append, createRunLog, editsUpTo, MAX_STORAGE, maskAt, phaseIndexAt, series, statusOf, storageAt, type RunLog } from './runLog.ts';

const started: RunEventBody = {
  type: 'started', experiment: DEFAULT_PRESET.experiment, layers: [], arms: ['main'], totalSteps: 100, cost: [], biases: 5, notes: ['a note'],
};
const train = (step: number[], loss: number[]): MetricRows => ({ arm: 'main', table: 'train', step: Uint32Array.from(step), columns: { loss: Float32Array.from(loss) } });
const metrics = (...rows: MetricRows[]): RunEventBody => ({ type: 'metrics', rows });

function logOf(...bodies: RunEventBody[]): RunLog {
  const log = createRunLog();
  bodies.forEach((body, seq) => append(log, { runId: 'a', seq, ...body } as RunEvent));
  return log;
}

describe('a log', () => {
  it('holds what a run says at its start', () => {
    expect(logOf(started)).toMatchObject({ experiment: DEFAULT_PRESET.experiment, arms: ['main'], totalSteps: 100, biases: 5, notes: ['a note'] });
  });

  it('has a version that grows with every event', () => {
    const log = createRunLog();
    const versions = [log.version];
    for (const [seq, body] of [started, metrics(train([1], [2])), started].entries()) {
      append(log, { runId: 'a', seq, ...body } as RunEvent);
      versions.push(log.version);
    }
    expect(versions).toEqual([0, 1, 2, 3]);
  });

  it('names the adapter of a run that follows another, whose first words it did not hear', () => {
    const adapter = { vendor: 'v', architecture: 'a', device: '', description: 'd', software: true, lanes: 0, features: [] };
    const log = logOf(started);
    append(log, { runId: 'b', seq: 0, type: 'ready', adapter });
    expect(log.adapter).toBeUndefined();
    append(log, { runId: 'b', seq: 1, ...started, adapter } as RunEvent);
    expect(log.adapter).toEqual(adapter);
  });

  it('ignores events of other runs, until one of them starts', () => {
    const log = logOf(started, metrics(train([1], [2])));
    append(log, { runId: 'b', seq: 0, ...metrics(train([2], [9])) });
    append(log, { runId: 'b', seq: 0, type: 'failed', message: 'late' });
    expect([log.step, statusOf(log).state]).toEqual([1, 'training']);
    append(log, { runId: 'b', seq: 1, ...started } as RunEvent);
    expect([log.runId, log.step, log.tables.size]).toEqual(['b', 0, 0]);
  });

  it.each<[string, RunEventBody[], object]>([
    ['idle', [], { state: 'idle', stepsDone: 0, totalSteps: 0 }],
    ['compiling', [{ type: 'compiling', done: 1, total: 3 }], { state: 'compiling', done: 1, total: 3 }],
    ['training', [started], { state: 'training', stepsDone: 0, totalSteps: 100 }],
    ['training further', [started, metrics(train([1, 2], [1, 1]))], { state: 'training', stepsDone: 2 }],
    ['paused', [started, { type: 'paused', step: 7 }], { state: 'paused', step: 7, stepsDone: 7 }],
    ['paused, with rows that come late', [started, { type: 'paused', step: 7 }, metrics(train([6, 7], [1, 1]))], { state: 'paused' }],
    ['training again', [started, { type: 'paused', step: 7 }, metrics(train([8], [1]))], { state: 'training', stepsDone: 8 }],
    ['finished', [started, { type: 'finished', step: 100, hash: 'abc', variants: {} }], { state: 'finished', hash: 'abc', stepsDone: 100 }],
    ['finished, whatever pauses come late', [started, { type: 'finished', step: 100, hash: 'abc', variants: {} }, { type: 'paused', step: 100 }], { state: 'finished' }],
    ['diverged', [started, { type: 'diverged', step: 9, arm: 'main', layer: 'fc1', message: 'so' }], { state: 'diverged', layer: 'fc1', step: 9 }],
    ['lost', [started, { type: 'lost', message: 'gone' }], { state: 'lost', message: 'gone' }],
  ])('says from its events alone that it is %s', (_, bodies, status) => {
    expect(statusOf(logOf(...bodies))).toMatchObject(status);
  });

  it('gives columns up to a step, which later rows do not change', () => {
    const log = logOf(started, metrics(train([1, 2, 3], [5, 6, 7])));
    const before = series(log, 'main', 'train', 'loss', 2);
    append(log, { runId: 'a', seq: 9, ...metrics(train(Array.from({ length: 500 }, (_, i) => i + 4), new Array(500).fill(0))) });
    expect([...before.steps, ...before.values]).toEqual([1, 2, 5, 6]);
    expect(series(log, 'main', 'train', 'loss').steps).toHaveLength(503);
    expect(series(log, 'dense', 'train', 'loss').steps).toHaveLength(0);
    expect(series(log, 'main', 'train', 'nothing').values).toHaveLength(0);
  });

  it('has NaN where a column has no value', () => {
    const log = logOf(started, metrics(train([1], [5]), { ...train([2], []), columns: { accuracy: Float32Array.of(0.5) } }));
    expect([...series(log, 'main', 'train', 'loss').values]).toEqual([5, Number.NaN]);
    expect([...series(log, 'main', 'train', 'accuracy').values]).toEqual([Number.NaN, 0.5]);
  });

  it('knows how layers were stored at a step, as the newest word on each tells, and keeps no more than the newest', () => {
    const facts = (layer: string, format: 'masked' | 'csr', arm: 'main' | 'random' = 'main') => ({ arm, layer, format, density: 0.1, lines: [], passes: [] });
    const layers = ['fc1', 'fc2'].map((name) => ({ name, out: 1, in: 1, maskable: true, wordOffset: 0, words: 1, activation: 'none' }));
    const log = logOf({ ...started, layers },
      { type: 'storage', step: 10, layers: [facts('fc2', 'masked'), facts('fc1', 'masked'), facts('fc1', 'masked', 'random')] },
      { type: 'storage', step: 30, layers: [facts('fc1', 'csr')] });
    const told = (step: number): string[] => storageAt(log, 'main', step).map(({ layer, format }) => `${layer} ${format}`);
    expect([told(9), told(10), told(30)]).toEqual([[], ['fc1 masked', 'fc2 masked'], ['fc1 csr', 'fc2 masked']]);
    for (let i = 0; i < MAX_STORAGE; i++) append(log, { runId: 'a', seq: 9 + i, type: 'storage', step: 40 + i, layers: [facts('fc2', 'csr')] });
    expect(log.storage).toHaveLength(MAX_STORAGE);
    expect(told(1000)).toEqual(['fc2 csr']);
  });

  it('knows the phase and the edits at a step', () => {
    const log = logOf(started, { type: 'phase', index: 0, step: 0 }, { type: 'phase', index: 1, step: 50 }, { type: 'edit', step: 60, path: 'optimizer.rate', value: 1 });
    expect([0, 49, 50, 99].map((step) => phaseIndexAt(log, step))).toEqual([0, 0, 1, 1]);
    expect([59, 60].map((step) => editsUpTo(log, step).length)).toEqual([0, 1]);
  });
});

describe('rows', () => {
  const column = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => Math.fround(x) + 0), { minLength: 1, maxLength: 400 });

  it('never go back in time', () => {
    const table = createTable();
    appendRows(table, Uint32Array.of(5, 3, 5, 8), { x: Float32Array.of(1, 2, 3, 4) });
    appendRows(table, Uint32Array.of(7, 9), { x: Float32Array.of(5, 6) });
    expect([...table.step.subarray(0, table.length)]).toEqual([5, 5, 8, 9]);
    expect([...(table.columns.get('x') as Float32Array).subarray(0, table.length)]).toEqual([1, 3, 4, 6]);
  });

  it('when thinned keep the first, the last and the extremes of every column, and are a part of what was', () => {
    fc.assert(fc.property(column, fc.integer({ min: 8, max: 60 }), (loss, rows) => {
      const other = loss.map((x, i) => Math.fround((x * 7919 + i) % 101));
      const table = createTable();
      appendRows(table, Uint32Array.from(loss.keys()), { loss: Float32Array.from(loss), other: Float32Array.from(other) });
      thinTable(table, rows);
      expect(table.length).toBeLessThanOrEqual(Math.max(rows, 1));
      const steps = [...table.step.subarray(0, table.length)];
      expect([steps[0], steps.at(-1)]).toEqual([0, loss.length - 1]);
      for (const [name, all] of [['loss', loss], ['other', other]] as const) {
        const kept = [...(table.columns.get(name) as Float32Array).subarray(0, table.length)];
        expect(kept).toEqual(steps.map((step) => all[step]));
        expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...all), Math.max(...all)]);
      }
    }));
  });

  it('stay within their limit however many come', () => {
    const table = createTable();
    for (let i = 0; i < 3000; i++) appendRows(table, Uint32Array.of(2 * i, 2 * i + 1), { loss: Float32Array.of(i === 1234 ? 99 : Math.sin(i), 0) }, 400);
    expect(table.length).toBeLessThanOrEqual(200);
    expect([table.step[0], table.step[table.length - 1]]).toEqual([0, 5999]);
    expect(Math.max(...(table.columns.get('loss') as Float32Array).subarray(0, table.length))).toBe(99);
  });

  it('are thinned no more at the beginning of a long run than at its end', () => {
    const table = createTable();
    for (let i = 0; i < 20_000; i++) appendRows(table, Uint32Array.of(i), { loss: Float32Array.of(Math.sin(i)) }, 400);
    const quarters = [0, 0, 0, 0];
    for (const step of table.step.subarray(0, table.length)) quarters[Math.floor(step / 5000)]! += 1;
    expect(Math.min(...quarters)).toBeGreaterThan(10);
  });
});

describe('a log of 100,000 steps and three networks', () => {
  const ARMS = ['main', 'random', 'dense'] as const;
  const STEPS = 100_000;
  const EVERY = 50;
  const SPIKE = 41_234;
  const wave = (step: number): number => (step === SPIKE ? 1e6 : 2 + Math.sin(step));

  it('takes at most 64 MiB and keeps its ends, extremes, edits and evaluations', () => {
    const log = createRunLog();
    let seq = 0;
    const tell = (body: RunEventBody): void => append(log, { runId: 'a', seq: seq++, ...body } as RunEvent);
    tell({ ...started, arms: [...ARMS], totalSteps: STEPS } as RunEventBody);
    // A million weights, of which an update moves many.
    const snapshots = snapshotsOf({ words: 2 ** 15, count: 3, every: 1, density: 0.2, flips: 0.2, seed: 4 });
    for (let from = 0; from < STEPS; from += EVERY) {
      const step = Uint32Array.from({ length: EVERY }, (_, i) => from + i + 1);
      const columns = Object.fromEntries(['loss', 'gradientNorm', 'rate', 'clipped', 'decay'].map((name) => [name, Float32Array.from(step, wave)]));
      const at = from + EVERY;
      const one = { step: Uint32Array.of(at), columns: { accuracy: Float32Array.of(at / STEPS), loss: Float32Array.of(1) } };
      tell(metrics(...ARMS.flatMap((arm): MetricRows[] => [{ arm, table: 'train', step, columns }, { arm, table: 'test', ...one }])));
      for (const arm of ARMS) tell({ type: 'answers', answers: { arm, step: at, bytes: new Uint8Array(48 ** 2).fill(from % 254) } });
      if (from % 1000 === 0) for (const arm of ARMS) tell({ type: 'masks', snapshot: { ...snapshots[from % 3] as MaskSnapshot, arm, step: at, update: at } });
    }
    tell({ type: 'edit', step: 777, path: 'optimizer.rate', value: 0.01 });
    const tables = [...log.tables.values()];
    const bytes = tables.reduce((sum, { step, columns }) => sum + step.byteLength + [...columns.values()].reduce((all, values) => all + values.byteLength, 0), 0)
      + [...log.masks.values(), ...log.answers.values()].reduce((sum, history) => sum + history.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(64 * 2 ** 20);
    expect(bytes).toBeGreaterThan(24 * 2 ** 20);
    const loss = series(log, 'main', 'train', 'loss');
    expect([loss.steps[0], loss.steps.at(-1)]).toEqual([1, STEPS]);
    expect([...loss.steps]).toContain(SPIKE);
    expect(series(log, 'random', 'test', 'accuracy').steps).toHaveLength(STEPS / EVERY);
    expect(log.edits).toHaveLength(1);
    expect(maskAt(log, 'dense', STEPS)?.step).toBe(STEPS - 1000 + EVERY);
    // Wherever the scrubber stands, the answers are of its neighbourhood.
    for (let step = 1000; step <= STEPS; step += 1000) expect(step - (answersAt(log, 'random', step)?.step ?? 0)).toBeLessThan(STEPS / 50);
  }, 60_000);
});

describe('masks', () => {
  it('are read back exactly, in any order', () => {
    fc.assert(fc.property(arbitrarySnapshots, fc.infiniteStream(fc.nat()), (snapshots, order) => {
      const history = createMaskHistory('main', snapshots[0]?.mask.length ?? 0);
      for (const snapshot of snapshots) addSnapshot(history, snapshot);
      for (const at of [...snapshots.keys(), ...order.take(60).map((n) => n % snapshots.length)]) {
        expect(snapshotNumber(history, at)).toEqual(snapshots[at]);
      }
    }), { numRuns: 60 });
  });

  it('at a step are those of the newest update before it, and the first before all', () => {
    const snapshots = snapshotsOf({ words: 3, count: 40, every: 10, density: 0.3, flips: 0.2, seed: 1 });
    const log = logOf(started, ...snapshots.map((snapshot): RunEventBody => ({ type: 'masks', snapshot })));
    expect([0, 5, 9, 10, 39, 395, 1e9].map((step) => maskAt(log, 'main', step)?.update)).toEqual([0, 0, 0, 1, 3, 39, 39]);
    expect(maskAt(log, 'main', 25)).toEqual(snapshots[2]);
    expect(maskAt(log, 'random', 25)).toBeUndefined();
  });

  it('of sparse changes take less room than the bits themselves', () => {
    const history = createMaskHistory('main', 1000);
    for (const snapshot of snapshotsOf({ words: 1000, count: 64, every: 1, density: 0.01, flips: 0.01, seed: 2 })) addSnapshot(history, snapshot);
    expect(history.bytes).toBeLessThan((64 * 4 * 4000) / 3);
  });

  it('stay within their limits, and what is kept is unchanged: the first, the last and the extremes among them', () => {
    fc.assert(fc.property(fc.integer({ min: 30, max: 120 }), fc.nat(), (count, seed) => {
      const snapshots = snapshotsOf({ words: 5, count, every: 3, density: 0.4, flips: 0.3, seed });
      const loudest = count >> 1;
      const loud = snapshots[loudest] as MaskSnapshot;
      loud.mask.fill(0xffffffff);
      loud.previous.fill(0);
      const history = createMaskHistory('main', 5);
      for (const snapshot of snapshots) addSnapshot(history, snapshot, { entries: 24, bytes: 1500 });
      expect(history.bytes).toBeLessThanOrEqual(1500);
      expect(history.entries.length).toBeLessThanOrEqual(24);
      const kept = history.entries.map((_, i) => snapshotNumber(history, i) as MaskSnapshot);
      for (const snapshot of kept) expect(snapshot).toEqual(snapshots[snapshot.update]);
      expect([kept[0]?.update, kept.at(-1)?.update]).toEqual([0, count - 1]);
      expect(kept.map((snapshot) => snapshot.update)).toContain(loudest);
      const gaps = kept.slice(1).map((snapshot, i) => snapshot.update - (kept[i] as MaskSnapshot).update);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(count / 2);
    }), { numRuns: 40 });
  });

  it('share nothing with the events that brought them', () => {
    const [snapshot] = snapshotsOf({ words: 4, count: 1, every: 1, density: 0.5, flips: 0, seed: mulberry(3)() });
    const history = createMaskHistory('main', 4);
    addSnapshot(history, snapshot as MaskSnapshot);
    const copy = structuredClone(snapshot);
    snapshot?.mask.fill(0);
    expect(snapshotAt(history, 0)).toEqual(copy);
  });
});

describe('answers', () => {
  const told = (steps: readonly number[], bytes = (step: number): number => step % 250): AnswerHistory => {
    const history = createAnswerHistory('main');
    for (const step of steps) addAnswers(history, { arm: 'main', step, bytes: Uint8Array.of(bytes(step), 1) }, { entries: 100, bytes: 1000 });
    return history;
  };
  const stepsOf = (history: AnswerHistory): number[] => history.entries.map(({ step }) => step);

  it('at a step are the newest at or before it, and the first before all', () => {
    const log = logOf(started, ...[10, 20, 35].map((step): RunEventBody => ({ type: 'answers', answers: { arm: 'main', step, bytes: Uint8Array.of(step) } })));
    expect([0, 10, 19, 20, 34, 35, 1e9].map((step) => answersAt(log, 'main', step)?.bytes[0])).toEqual([10, 10, 10, 20, 20, 35, 35]);
    expect(answersAt(log, 'dense', 5)).toBeUndefined();
  });

  it('never go back in time, and a second word on a step replaces the first', () => {
    const history = told([10, 20]);
    addAnswers(history, { arm: 'main', step: 15, bytes: Uint8Array.of(1, 1) });
    addAnswers(history, { arm: 'main', step: 20, bytes: Uint8Array.of(9, 9) });
    expect([stepsOf(history), history.entries.at(-1)?.bytes, history.bytes]).toEqual([[10, 20], Uint8Array.of(9, 9), 4]);
  });

  it('stay within their limits: the first, the last and the largest change among them, unchanged and evenly spread', () => {
    const loudest = 371;
    const steps = Array.from({ length: 1000 }, (_, i) => i);
    const history = told(steps, (step) => (step < loudest ? 0 : 200 + (step % 2)));
    expect(history.entries.length).toBeLessThanOrEqual(100);
    expect(stepsOf(history)).toEqual(expect.arrayContaining([0, 999]));
    expect(stepsOf(history)).toContain(loudest);
    for (const { step, bytes } of history.entries) expect(bytes[0]).toBe(step < loudest ? 0 : 200 + (step % 2));
    const gaps = stepsOf(history).slice(1).map((step, i) => step - stepsOf(history)[i]!);
    expect(Math.max(...gaps)).toBeLessThan(60);
  });

  it('of many bytes are thinned by these', () => {
    const history = createAnswerHistory('main');
    for (let step = 0; step < 100; step++) addAnswers(history, { arm: 'main', step, bytes: new Uint8Array(100) }, { entries: 50, bytes: 1000 });
    expect(history.bytes).toBeLessThanOrEqual(1000);
    expect([stepsOf(history)[0], stepsOf(history).at(-1)]).toEqual([0, 99]);
  });
});
