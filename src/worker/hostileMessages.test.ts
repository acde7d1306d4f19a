import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryExperiment } from '../engine/experiment/arbitrary.testing.ts';
import type { RunCommand, RunEvent } from '../engine/experiment/events.ts';
import { parseExperiment } from '../engine/experiment/parse.ts';
import { parseEvent } from './parseEvent.ts';
import { parseMessage } from './parseMessage.ts';
import type { ToWorker } from './protocol.ts';

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true, withNullPrototype: true, maxDepth: 2 });
const detached = (): Uint32Array => {
  const array = Uint32Array.of(1, 2, 3);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
};
/** What could stand where a good message has something else. */
const nasty = fc.oneof(
  anything,
  fc.constantFrom<unknown>(Number.NaN, Infinity, -Infinity, -1, 0.5, 1e308, 2 ** 53, -0, '', 'x'.repeat(100_000), '__proto__', 'constructor', null, undefined, [], {}),
  fc.constant(null).map(() => JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as unknown),
  fc.constant(null).map(detached),
  fc.constant(null).map(() => Array.from({ length: 20_000 }, () => 0)),
);

/** Places in a plain message, each as the keys that lead to it. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...places(inner, [...path, key])]);
}

/** A good message of which one place holds something else, or something more, or which lacks a place. */
function mutated<Message>(good: fc.Arbitrary<Message>): fc.Arbitrary<unknown> {
  return fc.tuple(good, fc.nat(), nasty, fc.constantFrom('replace', 'remove', 'add', 'pollute')).map(([message, at, value, how]) => {
    const copy = structuredClone(message) as unknown;
    const all = places(copy);
    const path = all[at % all.length] ?? [];
    const key = path.at(-1) ?? '';
    let place = copy as Record<string, unknown>;
    for (const step of path.slice(0, -1)) place = place[step] as Record<string, unknown>;
    if (how === 'remove') delete place[key];
    else Object.defineProperty(place, { replace: key, add: `${key}2`, pollute: '__proto__' }[how], { value, enumerable: true, configurable: true, writable: true });
    return copy;
  });
}

const command: fc.Arbitrary<RunCommand> = fc.constantFrom<RunCommand>(
  { type: 'pause' }, { type: 'resume' }, { type: 'step' }, { type: 'step', count: 40 }, { type: 'stop' }, { type: 'slowUpdate' }, { type: 'checkpoint' }, { type: 'pace', stepsPerSecond: 133 },
  { type: 'setKnob', path: 'optimizer.rate', value: 0.1 }, { type: 'setKnob', path: 'sparsity.density', value: 0.05 },
  { type: 'inspect', what: 'weights', arm: 'main', layer: 'fc1' }, { type: 'inspect', what: 'gradients', arm: 'dense', layer: 'fc2' },
  { type: 'write', arm: 'main', prompt: 'Call me ', temperature: 0.7, characters: 160 },
);
const start: fc.Arbitrary<ToWorker> = fc.tuple(arbitraryExperiment, fc.boolean(), fc.boolean(), fc.boolean()).map(([experiment, paused, judged, resumed]) => ({
  type: 'start', runId: 'run-1', experiment, dataUrl: 'https://example.org/data/', ...(paused && { paused }), ...(judged && { judged }), ...(resumed && { checkpoint: Uint8Array.of(1, 2), branch: { step: 40, silent: true } }),
}));
const message: fc.Arbitrary<ToWorker> = fc.oneof(start, command.map((given): ToWorker => ({ type: 'command', runId: 'run-1', command: given })));

/** Fails unless nothing but what the engine may be given comes through. */
function expectHarmless(data: unknown): void {
  const parsed = parseMessage(data);
  if (!parsed.ok) {
    expect(parsed.error).toMatch(/\.$/);
    return;
  }
  const { message: taken } = parsed;
  if (taken.type === 'start') {
    expect(parseExperiment(taken.experiment)).toEqual({ experiment: taken.experiment, notes: [] });
    expect(taken.checkpoint?.byteLength).not.toBe(0);
  } else {
    // Numbers are the only values of a command that reach the device.
    for (const value of Object.values(taken.command)) if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0).toBe(true);
  }
}

describe('messages to the worker', () => {
  it('that are good are taken as they are', () => {
    fc.assert(fc.property(message, (good) => {
      expect(parseMessage(good)).toEqual({ ok: true, message: good, notes: [] });
    }), { numRuns: 500 });
  });

  it('that are not never throw, and bring nothing unchecked to the engine', () => {
    fc.assert(fc.property(anything, expectHarmless), { numRuns: 2000 });
    fc.assert(fc.property(mutated(command.map((given) => ({ type: 'command', runId: 'run-1', command: given }))), expectHarmless), { numRuns: 7000 });
    fc.assert(fc.property(mutated(start), expectHarmless), { numRuns: 1000 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  }, 60_000);

  it.each([
    [{ type: 'start', runId: 'a', experiment: {}, dataUrl: 'javascript:0' }, /dataUrl/],
    [{ type: 'start', runId: 'a', experiment: 3, dataUrl: 'https://example.org/' }, /experiment/],
    [{ type: 'start', runId: 'a', experiment: {}, dataUrl: 'https://example.org/', checkpoint: new Uint8Array(0) }, /checkpoint/],
    [{ type: 'command', runId: 'a', command: { type: 'setKnob', path: '__proto__', value: 1 } }, /live knob: .*optimizer\.rate/],
    [{ type: 'command', runId: 'a', command: { type: 'setKnob', path: 'optimizer.rate', value: Number.NaN } }, /finite/],
    [{ type: 'command', runId: 'a', command: { type: 'inspect', what: 'predictions', arm: 'main', layer: 'fc1' } }, /weights or gradients/],
    [{ type: 'command', runId: 'a', command: { type: 'write', arm: 'main', prompt: '', temperature: -1, characters: 3 } }, /temperature is/],
    [{ type: 'command', runId: 'a', command: { type: 'write', arm: 'main', prompt: '', temperature: 1, characters: 1e9 } }, /characters is/],
    [{ type: 'command', runId: 'a', command: { type: 'pace', stepsPerSecond: Infinity } }, /stepsPerSecond/],
    [{ type: 'command', runId: 'a', command: { type: 'toString' } }, /pause, resume/],
    [{ type: 'command', runId: 'x'.repeat(300), command: { type: 'pause' } }, /runId/],
  ])('say what is wrong: %j', (data, words) => {
    const parsed = parseMessage(data);
    expect(parsed.ok ? '' : parsed.error).toMatch(words);
  });

  it('clamp a live value into the range of its knob', () => {
    const parsed = parseMessage({ type: 'command', runId: 'a', command: { type: 'setKnob', path: 'optimizer.rate', value: 1e30 } });
    expect(parsed.ok && parsed.message.type === 'command' && parsed.message.command).toMatchObject({ type: 'setKnob', value: 10 });
  });
});

const row = { arm: 'main', table: 'train', step: Uint32Array.of(1, 2), columns: { loss: Float32Array.of(1, Number.NaN) } } as const;
const masks = (): Uint32Array => Uint32Array.of(5);
const EVENTS = [
  { type: 'loading', done: 5, total: 10 },
  { type: 'compiling', done: 1, total: 4 },
  { type: 'metrics', rows: [row] },
  { type: 'masks', snapshot: { arm: 'main', step: 3, update: 1, mask: masks(), previous: masks(), regrown: masks(), fired: masks() } },
  { type: 'snapshot', step: 3, inspection: { what: 'weights', arm: 'main', layer: 'fc1', values: Float32Array.of(1) } },
  { type: 'snapshot', step: 3, inspection: { what: 'gradients', arm: 'main', layer: 'fc1', average: false, dense: true, values: Float32Array.of(1) } },
  { type: 'written', written: { arm: 'main', step: 3, prompt: 'Call me ', text: 'Ishmael.', temperature: 0.7, asked: true } },
  { type: 'answers', answers: { arm: 'main', step: 3, bytes: Uint8Array.of(1) } },
  { type: 'slowUpdate', update: { step: 3, update: 1, drop: { score: 'magnitude', counts: masks(), cuts: masks() }, before: masks(), kept: masks(), after: masks(), losses: Float32Array.of(1, 2, 3) } },
  { type: 'edit', step: 3, path: 'optimizer.rate', value: 0.1 },
  { type: 'phase', index: 1, step: 5 },
  { type: 'checkpoint', checkpoint: { step: 3, phase: 0, bytes: Uint8Array.of(1) } },
  { type: 'paused', step: 3 },
  { type: 'replaying', step: 3, to: 9, leftMs: 12.5 },
  { type: 'finished', step: 9, hash: 'ab', variants: { matmul: 'base' } },
  { type: 'diverged', step: 3, arm: 'main', layer: 'fc1.weight', message: 'no longer finite' },
  { type: 'lost', message: 'driver reset' },
  { type: 'failed', message: 'no' },
  { type: 'started', experiment: { seed: 1, phases: [{ steps: 5 }], edits: [] }, layers: [], arms: ['main'], totalSteps: 5, cost: [], biases: 3, notes: [], baselines: [{ name: 'unigram', loss: 3.1 }, { name: 'bigram', loss: 2.4 }] },
] as const;
const event: fc.Arbitrary<RunEvent> = fc.constantFrom(...EVENTS).map((body) => ({ runId: 'run-1', seq: 4, ...body }) as RunEvent);

describe('events of the worker', () => {
  it('that are good are taken as they are, arrays without a copy', () => {
    for (const body of EVENTS) expect(parseEvent({ runId: 'run-1', seq: 4, ...body })).toEqual({ runId: 'run-1', seq: 4, ...body });
    const taken = parseEvent({ runId: 'run-1', seq: 4, ...EVENTS[2] });
    expect(typeof taken === 'object' && taken.type === 'metrics' && taken.rows[0]?.step).toBe(row.step);
  });

  it('that are not never throw, and are refused in words or leave whole what the log is made of', () => {
    const expectWhole = (data: unknown): void => {
      const taken = parseEvent(data);
      if (typeof taken === 'string') {
        expect(taken).not.toBe('');
        return;
      }
      expect(Number.isSafeInteger(taken.seq)).toBe(true);
      if (taken.type === 'metrics') for (const { step, columns } of taken.rows) for (const column of Object.values(columns)) expect(column.length).toBe(step.length);
      if (taken.type === 'masks') expect(taken.snapshot.fired.length).toBe(taken.snapshot.mask.length);
      if (taken.type === 'started') for (const { name, loss } of taken.baselines ?? []) expect([/^(uni|bi)gram$/.test(name), Number.isFinite(loss)]).toEqual([true, true]);
      if (taken.type === 'written') expect([typeof taken.written.text, taken.written.text.length <= 1000, Number.isFinite(taken.written.temperature)]).toEqual(['string', true, true]);
      if ('step' in taken) expect(Number.isSafeInteger(taken.step)).toBe(true);
    };
    fc.assert(fc.property(anything, expectWhole), { numRuns: 2000 });
    fc.assert(fc.property(mutated(event), expectWhole), { numRuns: 8000 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  }, 60_000);

  it('with a buffer that was handed on are refused where others of the event are whole', () => {
    expect(parseEvent({ runId: 'a', seq: 0, type: 'masks', snapshot: { ...EVENTS[3].snapshot, mask: detached() } })).toMatch(/differ in length/);
    expect(parseEvent({ runId: 'a', seq: 0, type: 'metrics', rows: [{ ...row, step: detached() }] })).toMatch(/differ in length/);
  });
});
