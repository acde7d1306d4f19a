import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { SCORE_BINS } from '../sparsity/scoreBins.ts';
import { answersAt } from './answers.ts';
import { checksum, concat, packBitset, packFloats, packSteps, packWords, unpackBitset, unpackFloats, unpackSteps, unpackWords } from './bytes.ts';
import type { Answers, LayerFacts, Probe, RunEvent, RunEventBody, SlowMove, SlowUpdate } from './events.ts';
import { mulberry, snapshotsOf } from './logs.testing.ts';
import { MAX_INFLATED, openRecording, readRecording, RecordingError, saveRecording } from './recording.ts';
import { DEFAULT_PRESET } from './presets/index.ts';
import { append, createRunLog, MAX_SLOW_UPDATES, maskAt, series, statusOf, type RunLog } from './runLog.ts';

const layers: LayerFacts[] = [
  { name: 'fc1', out: 8, in: 40, maskable: true, wordOffset: 0, words: 10, activation: 'relu' },
  { name: 'fc2', out: 3, in: 8, maskable: false, wordOffset: 0, words: 0, activation: 'none' },
];

const PROBES: readonly Probe[] = [
  { what: 'images', width: 3, height: 2, pixels: Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 256), labels: Uint8Array.of(3, 0, 9, 1) },
  { what: 'plane', side: 4, reach: [-1, 1.5, 0, 2], points: Float32Array.of(0.1, 0.2, -0.5, 1, 1e-3, 2), labels: Uint8Array.of(0, 1, 1) },
];

/** What an arm would answer to a probe at some steps. */
function exampleAnswers(probe: Probe, arm: Answers['arm'], steps: readonly number[]): RunEventBody[] {
  const length = probe.what === 'images' ? 8 : 16;
  return steps.map((step) => ({ type: 'answers', answers: { arm, step, bytes: Uint8Array.from({ length }, (_, i) => (i * 61 + step * 7) % 256) } }));
}

/** A short run that was told as a worker would; the probe was put to it at each tenth step. */
function exampleLog(steps = 300, probe?: Probe): RunLog {
  const log = createRunLog();
  const random = mulberry(steps);
  const snapshots = snapshotsOf({ words: 10, count: 20, every: 10, density: 0.3, flips: 0.1, seed: 5 });
  const all = Array.from({ length: steps }, (_, i) => i + 1);
  const bodies: RunEventBody[] = [
    { type: 'ready', adapter: { vendor: 'v', architecture: 'a', device: '', description: 'd', software: true, lanes: 0, features: ['x'] } },
    { type: 'started', experiment: DEFAULT_PRESET.experiment, layers, arms: ['main', 'random'], totalSteps: steps, biases: 11, notes: ['n'], probe, cost: [{ arm: 'main', dispatches: 3, flops: 2.5, denseFlops: 5, bytes: 7, plannedBytes: 1, peakBytes: 2, format: 'masked' }] },
    ...snapshots.map((snapshot): RunEventBody => ({ type: 'masks', snapshot })),
    { type: 'masks', snapshot: { ...snapshots[0]!, arm: 'random' } },
    { type: 'metrics', rows: [
      { arm: 'main', table: 'train', step: Uint32Array.from(all), columns: { loss: Float32Array.from(all, () => random()), rate: Float32Array.from(all, () => 0.1) } },
      { arm: 'main', table: 'test', step: Uint32Array.of(100, 200), columns: { accuracy: Float32Array.of(0.5, Number.NaN) } },
    ] },
    ...(probe ? (['main', 'dense'] as const).flatMap((arm) => exampleAnswers(probe, arm, all.filter((step) => step % 10 === 0))) : []),
    { type: 'phase', index: 0, step: 0 },
    { type: 'storage', step: 10, layers: [{ arm: 'main', layer: 'fc1', format: 'csr', density: 0.1, lines: [{ format: 'masked', fixedMs: 1, densityMs: 0 }], passes: [{ pass: 'forward', format: 'masked', fixedMs: 1, densityMs: 0 }] }] },
    { type: 'edit', step: 20, path: 'optimizer.rate', value: 0.01 },
    { type: 'finished', step: steps, hash: 'abc', variants: { 'fc1 forward': 'tiled' } },
  ];
  bodies.forEach((body, seq) => append(log, { runId: 'run', seq, ...body } as RunEvent));
  log.branch = { from: 'calm-otter', step: 40 };
  return log;
}

/** The update of step 100 as slow motion would tell it. */
function slowUpdatesOf(log: RunLog): SlowUpdate[] {
  const { previous, mask } = maskAt(log, 'main', 100)!;
  const move: SlowMove = { score: 'magnitude', counts: new Uint32Array(SCORE_BINS), cuts: Uint32Array.of(5) };
  return [{ step: 100, update: 10, before: previous, kept: mask.map((word, w) => word & previous[w]!), after: mask, losses: Float32Array.of(1, 2, 3), drop: move, grow: move }];
}

/** All that can be read from a log. */
function contentOf(log: RunLog): unknown {
  const { runId, experiment, adapter, layers: found, arms, totalSteps, cost, biases, notes, edits, phases, storage, branch } = log;
  const tables = [...log.tables.keys()].map((key) => {
    const [arm, table] = key.split('/') as ['main', 'train'];
    return [key, [...(log.tables.get(key)?.columns.keys() ?? [])].map((name) => [name, series(log, arm, table, name)])];
  });
  const masks = [...log.masks].map(([arm, history]) => [arm, history.entries.map(({ step }) => maskAt(log, arm, step))]);
  const answers = [...log.answers].map(([arm, { entries }]) => entries.map(({ step }) => answersAt(log, arm, step)));
  return { runId, experiment, adapter, found, arms, totalSteps, cost, biases, notes, edits, phases, storage, branch, status: statusOf(log), tables, masks, probe: log.probe, answers };
}

/** Bytes with a true checksum around any body. */
function packed(body: Uint8Array, announced = body.length): Uint8Array {
  const bytes = concat([packHead(announced), deflateSync(body)]);
  new DataView(bytes.buffer).setUint32(8, checksum(bytes.subarray(12)), true);
  return bytes;
}

function packHead(length: number): Uint8Array {
  const head = new Uint8Array(16);
  new TextEncoder().encodeInto('SPLR', head);
  const view = new DataView(head.buffer);
  view.setUint32(4, 1, true);
  view.setUint32(12, length, true);
  return head;
}

const withHeader = (header: string, rest = new Uint8Array(0)): Uint8Array => {
  const text = new TextEncoder().encode(header);
  return packed(concat([packWords(Uint32Array.of(text.length)), text, rest]));
};

const inflatedLength = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);

const faultOf = (bytes: Uint8Array): string => {
  const opened = readRecording(bytes);
  return opened.ok ? 'none' : opened.error.fault;
};

describe('a recording', () => {
  it('opened is the log that was saved', () => {
    const log = exampleLog();
    expect(contentOf(openRecording(saveRecording(log)))).toEqual(contentOf(log));
  });

  it.each(PROBES)('keeps what networks answered to a probe, $what, byte for byte', (probe) => {
    const log = exampleLog(100, probe);
    const opened = openRecording(saveRecording(log));
    expect(contentOf(opened)).toEqual(contentOf(log));
    expect(opened.answers.get('dense')?.entries).toHaveLength(10);
    const thin = openRecording(saveRecording(log, { thin: { rows: 400, masks: 40, answers: 4 } }));
    expect(thin.answers.get('main')?.entries.map(({ step }) => step)).toEqual(expect.arrayContaining([10, 100]));
    expect(thin.answers.get('main')?.entries.length).toBeLessThanOrEqual(4);
    for (const { step } of thin.answers.get('main')!.entries) expect(answersAt(thin, 'main', step)).toEqual(answersAt(log, 'main', step));
    expect(contentOf(log)).toEqual(contentOf(exampleLog(100, probe)));
  });

  it('keeps what networks wrote, thinned over the steps, and what counts of characters reach', () => {
    const log = exampleLog(20);
    log.baselines = [{ name: 'unigram', loss: 3.1 }, { name: 'bigram', loss: 2.4 }];
    const write = (step: number, asked: boolean): void => append(log, { runId: 'run', seq: 0, type: 'written', written: { arm: 'main', step, prompt: '\n', text: `"It's ${step}"\n\ud83d, said`, temperature: 0.7, asked } });
    for (let step = 0; step < 40; step++) write(step, step % 10 === 5);
    const opened = openRecording(saveRecording(log));
    expect([opened.written, opened.baselines]).toEqual([log.written, log.baselines]);
    const thin = openRecording(saveRecording(log, { thin: { rows: 400, masks: 40, answers: 12 } }));
    expect(thin.written.filter(({ asked }) => asked).map(({ step }) => step)).toEqual([5, 15, 25, 35]);
    const samples = thin.written.filter(({ asked }) => !asked).map(({ step }) => step);
    expect(samples.length).toBeLessThanOrEqual(6);
    expect([samples[0], samples.at(-1)]).toEqual([0, 39]);
  });

  it('from before there were answers opens as what it was', () => {
    const old = openRecording(readFileSync(new URL('fixtures/recording.v1.bin', import.meta.url)));
    // Its experiment is read as today's would be, whatever the preset is by now.
    expect(contentOf({ ...old, experiment: DEFAULT_PRESET.experiment })).toEqual(contentOf({ ...exampleLog(60), branch: undefined }));
    expect(old.experiment?.preset).toBe(DEFAULT_PRESET.id);
    expect(old.slowUpdates.map(({ step, losses }) => [step, ...losses])).toEqual([[30, 0.5, 0.7, 0.6].map(Math.fround)]);
    expect([old.probe, old.answers.size, old.written, old.baselines]).toEqual([undefined, 0, [], []]);
  });

  it('keeps mask updates in slow motion, the newest of them, bit for bit', () => {
    const log = exampleLog();
    const layers = log.layers.filter(({ maskable }) => maskable).length;
    const words = snapshotsOf({ words: 10, count: 3, every: 1, density: 0.4, flips: 0.2, seed: 3 }).map(({ mask }) => mask) as [Uint32Array, Uint32Array, Uint32Array];
    const move = (score: 'magnitude' | 'random', from: number): SlowMove => ({ score, counts: Uint32Array.from({ length: layers * SCORE_BINS }, (_, i) => (i * from) % 7), cuts: Uint32Array.from({ length: layers }, (_, i) => 0xffffffff - i * from) });
    for (let step = 1; step <= 2 * MAX_SLOW_UPDATES; step++) {
      const update: SlowUpdate = { step, update: step, before: words[0], kept: words[1], after: words[2], losses: Float32Array.of(0.5, 0.1 * step, Number.NaN), drop: move('magnitude', step), ...(step % 2 === 0 && { grow: move('random', 3) }) };
      append(log, { runId: 'run', seq: 0, type: 'slowUpdate', update });
    }
    const opened = openRecording(saveRecording(log));
    expect(opened.slowUpdates.map(({ step }) => step)).toEqual(Array.from({ length: MAX_SLOW_UPDATES }, (_, i) => MAX_SLOW_UPDATES + 1 + i));
    expect(opened.slowUpdates).toEqual(log.slowUpdates);
    expect(faultOf(saveRecording({ ...log, slowUpdates: [{ ...log.slowUpdates[0]!, before: words[0].slice(1) }] }))).toBe('malformed');
  });

  it('of version 2 opens as what it was: with answers, and an update in slow motion told apart from a snapshot', () => {
    const old = openRecording(readFileSync(new URL('fixtures/recording.v2.bin', import.meta.url)));
    const log = exampleLog(60, PROBES[0]);
    expect(contentOf({ ...old, experiment: DEFAULT_PRESET.experiment })).toEqual(contentOf({ ...log, branch: undefined }));
    expect(old.slowUpdates).toEqual(slowUpdatesOf(log));
  });

  it('tells an update in slow motion apart from the snapshot that it made, where that is there', () => {
    const log = exampleLog(200);
    log.slowUpdates = slowUpdatesOf(log);
    const bytes = saveRecording(log);
    expect(openRecording(bytes).slowUpdates).toEqual(log.slowUpdates);
    expect(openRecording(saveRecording({ ...log, masks: new Map() })).slowUpdates).toEqual(log.slowUpdates);
    // An update of another step has to tell all of its masks.
    expect(bytes.length).toBeLessThan(saveRecording({ ...log, slowUpdates: [{ ...log.slowUpdates[0]!, step: 105 }] }).length);
  });

  it('of a log without events opens too', () => {
    expect(contentOf(openRecording(saveRecording(createRunLog())))).toEqual({ ...(contentOf(createRunLog()) as object), runId: '' });
  });

  it('thinned is smaller, keeps beginning and end, and leaves the log as it was', () => {
    const log = exampleLog(3000);
    const before = contentOf(log);
    const bytes = saveRecording(log, { thin: { rows: 200, masks: 6, answers: 5 } });
    expect(contentOf(log)).toEqual(before);
    expect(bytes.length).toBeLessThan(saveRecording(log).length / 5);
    const thin = openRecording(bytes);
    const { steps, values } = series(thin, 'main', 'train', 'loss');
    expect(steps.length).toBeLessThanOrEqual(200);
    expect([steps[0], steps.at(-1)]).toEqual([1, 3000]);
    const full = series(log, 'main', 'train', 'loss');
    steps.forEach((step, i) => expect(values[i]).toBeCloseTo(full.values[step - 1] as number, 3));
    expect(thin.masks.get('main')?.entries.length).toBeLessThanOrEqual(6);
    expect(maskAt(thin, 'main', 1e6)).toEqual(maskAt(log, 'main', 1e6));
  });

  it('of a run that said too much opens, with as much of it as there is room for', () => {
    const log = exampleLog(20);
    log.notes = Array.from({ length: 130 }, (_, i) => `note ${i}`);
    log.status = { state: 'failed', message: 'x'.repeat(70_000) };
    const opened = openRecording(saveRecording(log));
    expect(opened.notes).toEqual([...log.notes.slice(0, 99), 'and 31 more like these']);
    expect(opened.status).toMatchObject({ state: 'failed', message: expect.stringMatching(/^x{1000,4000}\.\.\.$/) });
  });

  it('never holds more than may be opened: curves stay whole, masks thin out, and those of the main network last', () => {
    const arms = ['main', 'random'] as const;
    fc.assert(fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), (extra, count, words) => {
      const log = exampleLog(50);
      log.masks.clear();
      const snapshots = snapshotsOf({ words: 10 * words, count, every: 5, density: 0.2, flips: 0.1, seed: extra });
      for (const arm of arms) for (const snapshot of snapshots) append(log, { runId: 'run', seq: 0, type: 'masks', snapshot: { ...snapshot, arm } });
      const most = inflatedLength(saveRecording({ ...log, masks: new Map() })) + extra;
      const bytes = saveRecording(log, { most });
      expect(inflatedLength(bytes)).toBeLessThanOrEqual(most);
      const opened = openRecording(bytes);
      expect(series(opened, 'main', 'train', 'loss')).toEqual(series(log, 'main', 'train', 'loss'));
      for (const [arm, history] of opened.masks) {
        for (const { step } of history.entries) expect(maskAt(opened, arm, step)).toEqual(maskAt(log, arm, step));
        expect([history.entries[0]?.step, history.entries.at(-1)?.step]).toEqual([0, (count - 1) * 5]);
      }
      if (opened.masks.has('random')) expect(opened.masks.has('main')).toBe(true);
      // Four bitsets a snapshot, and what the header says of it.
      const all = 2 * (count * (4 * 40 * words + 64) + 128);
      if (extra >= all) expect(arms.map((arm) => opened.masks.get(arm)?.entries.length)).toEqual([count, count]);
    }), { numRuns: 60 });
  });

  it('without room for all masks keeps some of them, and no control alone', () => {
    const log = exampleLog(20);
    const random = log.masks.get('random');
    expect([log.masks.get('main')?.entries.length, random?.entries.length]).toEqual([20, 1]);
    const bare = inflatedLength(saveRecording({ ...log, masks: new Map() }));
    const kept = (extra: number): (number | undefined)[] => {
      const { masks } = openRecording(saveRecording(log, { most: bare + extra }));
      return [masks.get('main')?.entries.length, masks.get('random')?.entries.length];
    };
    const some = kept(5000)[0] ?? 0;
    expect(some).toBeGreaterThanOrEqual(8);
    expect(some).toBeLessThan(20);
    // Enough for the one snapshot of the control, not for the main network.
    expect(kept(400)).toEqual([undefined, undefined]);
  });

  it('cannot be opened by those who read no further than its version', () => {
    const bytes = saveRecording(exampleLog());
    bytes[4] = 3;
    expect(() => openRecording(bytes)).toThrow(RecordingError);
    expect(() => openRecording(bytes)).toThrow('The recording has version 3; this Sparseland reads version 1 and 2.');
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'not a recording'],
    ['other bytes', new TextEncoder().encode('PK\u0003\u0004 something else entirely'), 'not a recording'],
    ['a head alone', packHead(10), 'damaged'],
    ['a body that is announced shorter than it is', packed(new Uint8Array(100), 50), 'too large'],
    ['a body that is announced longer than it is', packed(new Uint8Array(100), 500), 'damaged'],
    ['a body that is announced beyond the limit', packed(new Uint8Array(100), MAX_INFLATED + 1), 'too large'],
    ['a bomb', packed(new Uint8Array(30 * 2 ** 20), 1000), 'too large'],
    ['an empty body', packed(new Uint8Array(0)), 'malformed'],
    ['a header that is no JSON', withHeader('{'), 'malformed'],
    ['a header that is none', withHeader('[]'), 'malformed'],
    ['a header with too much in it', withHeader(JSON.stringify({ layers: [{}] })), 'malformed'],
  ])('is not %s', (_, bytes, fault) => {
    expect(faultOf(bytes)).toBe(fault);
  });

  it('that announces more than it holds, or layers without bits, is malformed', () => {
    const header = {
      runId: '', status: { state: 'idle' }, layers, arms: ['main'], totalSteps: 1, cost: [], biases: 0, notes: [], step: 0, edits: [], phases: [],
      tables: [] as unknown[], masks: [{ arm: 'main', words: 10, entries: [] as unknown[] }],
    };
    const text = (change: object): Uint8Array => withHeader(JSON.stringify({ ...header, ...change }), new Uint8Array(100));
    expect(faultOf(text({}))).toBe('none');
    expect(faultOf(text({ tables: [{ name: 'main/train', rows: 1e9, columns: ['loss'] }] }))).toBe('malformed');
    expect(faultOf(text({ tables: [{ name: 'main/other', rows: 1, columns: [] }] }))).toBe('malformed');
    expect(faultOf(text({ masks: [{ arm: 'main', words: 10, entries: [{ step: 0, update: 0 }] }] }))).toBe('malformed');
    expect(faultOf(text({ masks: [{ arm: 'main', words: 9, entries: [] }] }))).toBe('malformed');
    expect(faultOf(text({ masks: [{ arm: 'main', words: 2 ** 40, entries: [] }] }))).toBe('malformed');
    expect(faultOf(text({ layers: [{ ...layers[0], words: 9 }] }))).toBe('malformed');
    expect(faultOf(text({ probe: { what: 'images', examples: 2, width: 3, height: 2 }, answers: [{ arm: 'main', entries: 2 }] }))).toBe('none');
    expect(faultOf(text({ probe: { what: 'images', examples: 20, width: 3, height: 2 } }))).toBe('malformed');
    expect(faultOf(text({ answers: [{ arm: 'main', entries: 2 }] }))).toBe('malformed');
    expect(faultOf(text({ slow: [{ step: 1, update: 1, words: 10, layers: 1, drop: 'magnitude', snapshot: 3 }] }))).toBe('malformed');
    expect(faultOf(text({ probe: { what: 'plane', examples: 1, side: 1e6, reach: [0, 1, 0, 1] } }))).toBe('malformed');
    const written = { arm: 'main', step: 1, prompt: 'a', text: 'b', temperature: 1, asked: false };
    expect(faultOf(text({ written: [written], baselines: [{ name: 'unigram', loss: 1 }] }))).toBe('none');
    for (const wrong of [{ text: 'x'.repeat(1001) }, { prompt: 3 }, { step: -1 }, { temperature: null }, { asked: 'no' }, { arm: '__proto__' }]) expect(faultOf(text({ written: [{ ...written, ...wrong }] }))).toBe('malformed');
    expect(faultOf(text({ written: Array.from({ length: 201 }, () => written) }))).toBe('malformed');
    expect(faultOf(text({ baselines: [{ name: 'trigram', loss: 1 }] }))).toBe('malformed');
    expect(faultOf(text({ experiment: { seed: 'x', preset: 5 } }))).toBe('none');
  });

  it('with any bytes changed, cut or added is refused or holds the same', () => {
    const log = exampleLog(60, PROBES[0]);
    const bytes = saveRecording(log);
    const content = contentOf(log);
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.integer({ min: -20, max: 20 }), (changes, more) => {
      const damaged = new Uint8Array(bytes.length + more);
      damaged.set(bytes.subarray(0, damaged.length));
      for (const { at, to } of changes) if (at < damaged.length) damaged[at] = to;
      const opened = readRecording(damaged);
      if (opened.ok) expect(contentOf(opened.log)).toEqual(content);
    }), { numRuns: 2000 });
  });

  it('with a true checksum around a changed body never breaks the reader', () => {
    const body = new TextEncoder().encode(JSON.stringify({
      runId: '', status: { state: 'idle' }, layers, arms: ['main'], totalSteps: 1, cost: [], biases: 0, notes: [], step: 0, edits: [], phases: [],
      tables: [{ name: 'main/train', rows: 2, columns: ['loss'] }], masks: [{ arm: 'main', words: 10, entries: [{ step: 0, update: 0 }] }],
    }));
    const whole = concat([packWords(Uint32Array.of(body.length)), body, new Uint8Array(200)]);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 32, max: 126 })), { minLength: 1, maxLength: 6 }), (changes) => {
      const changed = whole.slice();
      for (const [at, to] of changes) changed[at] = to;
      const opened = readRecording(packed(changed));
      if (opened.ok) contentOf(opened.log);
    }), { numRuns: 1000 });
  });
});

describe('packed numbers', () => {
  it('come back bit for bit', () => {
    fc.assert(fc.property(fc.uint32Array(), fc.float32Array(), (words, floats) => {
      expect(unpackWords(packWords(words))).toEqual(words);
      expect(unpackSteps(packSteps(words))).toEqual(words);
      const contexts = [words.map((word) => ~word), words.map((word) => word >>> 7)].slice(0, words.length % 3);
      expect(unpackBitset(packBitset(words, ...contexts), ...contexts)).toEqual(words);
      expect(new Uint32Array(unpackFloats(packFloats(floats)).buffer)).toEqual(new Uint32Array(floats.slice().buffer));
    }));
  });
});
