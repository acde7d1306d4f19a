import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createTuningCache, type Finding, MOST_VERDICTS, parseVerdicts, type TextStore, writeVerdicts } from './tuningCache.ts';

const key = (i: number): string => i.toString(16).padStart(64, '0');

/** A store in memory; `now` is what a disk would hold. */
function memory(text?: string): TextStore & { now: string | undefined } {
  const store = { now: text, read: async () => store.now, write: async (text: string) => void (store.now = text) };
  return store;
}

describe('the text of a table', () => {
  test('gives back what was written, in order', () => {
    const verdicts = new Map<string, Finding>([[key(2), { ratio: 0.5 }], [key(3), { ms: [0, 0.25, 1e5] }], [key(1), { leftOut: 'other bits' }]]);
    expect([...parseVerdicts(writeVerdicts(verdicts, 'b'), 'b')]).toEqual([...verdicts]);
  });

  test('holds no more than the newest, and nothing that would not be read again', () => {
    const many = new Map(Array.from({ length: MOST_VERDICTS + 3 }, (_, i) => [key(i), { ratio: 1 }]));
    const read = parseVerdicts(writeVerdicts(many, ''), '');
    expect([read.size, read.has(key(2)), read.has(key(3))]).toEqual([MOST_VERDICTS, false, true]);
    const odd = new Map<string, Finding>([[key(4), { ms: [Infinity] }], [key(1), { ratio: Number.NaN }], [key(2), { ratio: 1e9 }], [key(3), { leftOut: 'x'.repeat(10_000) }]]);
    const [only, ...rest] = parseVerdicts(writeVerdicts(odd, ''), '');
    expect([only?.[0], only?.[1], rest]).toEqual([key(3), { leftOut: 'x'.repeat(300) }, []]);
  });

  const good = { version: 1, build: 'b', verdicts: [[key(1), 0.5, '']] };
  test.each([
    ['another build', { ...good, build: 'c' }],
    ['another version', { ...good, version: 2 }],
    ['no list', { ...good, verdicts: { [key(1)]: 0.5 } }],
    ['no key', { ...good, verdicts: [['__proto__', 0.5, '']] }],
    ['a ratio that is no time', { ...good, verdicts: [[key(1), -1, '']] }],
    ['a ratio of text', { ...good, verdicts: [[key(1), '0.5', '']] }],
    ['a verdict with more in it', { ...good, verdicts: [[key(1), 0.5, '', 1]] }],
    ['a time below zero', { ...good, verdicts: [[key(1), [-1]]] }],
    ['times without end', { ...good, verdicts: [[key(1), Array(65).fill(1)]] }],
    ['times with more behind', { ...good, verdicts: [[key(1), [1], '']] }],
    ['a reason without end', { ...good, verdicts: [[key(1), 0, 'x'.repeat(301)]] }],
    ['too many', { ...good, verdicts: Array.from({ length: MOST_VERDICTS + 1 }, () => good.verdicts[0]) }],
    ['null', null],
  ])('of %s is no table', (_, value) => {
    expect(parseVerdicts(JSON.stringify(good), 'b').size).toBe(1);
    expect(parseVerdicts(JSON.stringify(value), 'b').size).toBe(0);
  });

  test('of any kind is read without an error, and what is read is a verdict', () => {
    const near = fc.record({ version: fc.constantFrom(1, 2), build: fc.constant('b'), verdicts: fc.array(fc.tuple(fc.constantFrom(key(1), 'x'), fc.oneof(fc.double(), fc.array(fc.double()), fc.jsonValue()), fc.oneof(fc.string(), fc.jsonValue()))) });
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), near.map((value) => JSON.stringify(value)), near.map((value) => JSON.stringify(value).slice(0, -9))), (text) => {
      for (const said of parseVerdicts(text, 'b').values()) expect('ms' in said ? said.ms.every((ms) => ms >= 0 && ms <= 1e6) : 'ratio' in said ? said.ratio > 0 && said.ratio <= 1000 : typeof said.leftOut === 'string').toBe(true);
    }));
  });
});

describe('a cache', () => {
  test('remembers at once, and in the store for the next session of the same build', async () => {
    const store = memory();
    const cache = createTuningCache(store, 'b');
    expect(await cache.isEmpty()).toBe(true);
    cache.set(key(1), { ratio: 0.5 });
    expect([await cache.isEmpty(), await cache.get(key(1)), await cache.get(key(2))]).toEqual([false, { ratio: 0.5 }, undefined]);
    await vi.waitFor(() => expect(store.now).toContain(key(1)));
    expect(await createTuningCache(store, 'b').get(key(1))).toEqual({ ratio: 0.5 });
    expect(await createTuningCache(store, 'c').isEmpty()).toBe(true);
  });

  test('keeps times and verdicts apart', async () => {
    const store = memory();
    const cache = createTuningCache(store, 'b');
    cache.set(key(1), { ratio: 0.5 });
    cache.setTimes(key(2), [1, 0]);
    await vi.waitFor(() => expect(store.now).toContain(key(2)));
    for (const one of [cache, createTuningCache(store, 'b')]) {
      expect([await one.getTimes(key(1)), await one.getTimes(key(2)), await one.get(key(2))]).toEqual([undefined, [1, 0], undefined]);
    }
  });

  test('keeps what another session wrote meanwhile', async () => {
    const store = memory();
    const [one, two] = [createTuningCache(store, 'b'), createTuningCache(store, 'b')];
    await Promise.all([one.isEmpty(), two.isEmpty()]);
    one.set(key(1), { ratio: 0.5 });
    await vi.waitFor(() => expect(store.now).toBeDefined());
    two.set(key(2), { leftOut: 'x' });
    await vi.waitFor(() => expect([...parseVerdicts(store.now, 'b').keys()]).toEqual([key(1), key(2)]));
  });

  test('of a store that fails is empty, and remembers for as long as it lives', async () => {
    const broken: TextStore = { read: async () => Promise.reject(new Error('no')), write: async () => Promise.reject(new Error('quota')) };
    const cache = createTuningCache(broken, 'b');
    expect(await cache.isEmpty()).toBe(true);
    cache.set(key(1), { ratio: 0.5 });
    cache.set(key(2), { ratio: 0.25 });
    expect([await cache.get(key(1)), await cache.get(key(2))]).toEqual([{ ratio: 0.5 }, { ratio: 0.25 }]);
  });
});
