import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import v1 from './fixtures/expected.v1.json' with { type: 'json' };
import { accuracyTolerance, agreementOf, MAX_ADAPTER_LENGTH, readExpected, writeExpected, type Expected } from './expected.ts';
import { decodeLink, encodeLink } from './link.ts';
import { PRESETS } from './presets/index.ts';

const expected: Expected = { hash: 'ab'.repeat(32), accuracy: 0.9405, loss: 0.2031, adapter: 'nvidia ampere (software)' };

describe('expected numbers', () => {
  it('stand readably behind the settings, and leave these as they are', () => {
    const link = `#preset=rigl-mnist&v=1&${writeExpected(expected)}`;
    expect(link).toBe(`#preset=rigl-mnist&v=1&expect.accuracy=0.9405&expect.loss=0.2031&expect.hash=${'ab'.repeat(32)}&expect.adapter=nvidia%20ampere%20(software)`);
    expect(readExpected(link)).toEqual({ expected, notes: [] });
    expect(decodeLink(link)).toEqual(decodeLink('#preset=rigl-mnist&v=1'));
  });

  it.each(Object.entries(v1.links))('of version 1 still mean what they meant: %s', (link, numbers) => {
    expect(readExpected(link)).toEqual({ expected: numbers, notes: [] });
  });

  it.each(Object.keys(PRESETS))('leave the link of %s under 2,000 characters', (id) => {
    const longest = { ...expected, accuracy: 0.1234567, loss: 0.000001234567, adapter: '\u5168'.repeat(MAX_ADAPTER_LENGTH) };
    expect(encodeLink((PRESETS[id] as (typeof PRESETS)[string]).experiment).length + 1 + writeExpected(longest).length).toBeLessThan(1_900);
  });

  it.each([
    ['expect.accuracy', '1.5', /^expect\.accuracy "1\.5" is no number from 0 to 1/],
    ['expect.accuracy', 'NaN', /^expect\.accuracy "NaN" is no number/],
    ['expect.loss', '-1', /^expect\.loss "-1" is no number/],
    ['expect.loss', '1e999', /^expect\.loss "1e999" is no number/],
    ['expect.hash', 'xyz', /^expect\.hash "xyz" is no sha256/],
    ['expect.adapter', '%E2%80%AE', /^expect\.adapter names no adapter/],
    ['expect.adapter', 'x'.repeat(1500), /^expect\.adapter has more than 1000 characters/],
    ['expect.__proto__', '1', /^expect\.__proto__ is unknown/],
  ])('with %s=%s are left out as a whole, with a note', (key, value, note) => {
    const { expected: read, notes } = readExpected(`#${writeExpected(expected)}&${key}=${value}`);
    expect(read).toBeNull();
    expect(notes[0]).toMatch(note);
  });

  it('are null in a link that has none', () => {
    expect(readExpected('#preset=rigl-mnist&v=1')).toEqual({ expected: null, notes: [] });
  });

  it('survive any text in a link', () => {
    const piece = fc.tuple(fc.constantFrom('accuracy', 'loss', 'hash', 'adapter', 'x'), fc.string({ maxLength: 90, unit: 'binary' })).map(([key, value]) => `expect.${key}=${value}`);
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const { expected: read } = readExpected(`#${pieces.join('&')}`);
      if (read && !(read.accuracy <= 1 && read.loss >= 0 && read.hash.length === 64 && [...read.adapter].length <= MAX_ADAPTER_LENGTH && readExpected(writeExpected(read)).expected?.adapter === read.adapter)) throw new Error('took what it should not');
    }), { numRuns: 300 });
  });
});

describe('a run beside what was expected', () => {
  const found = (change: Partial<Expected>): Expected => ({ ...expected, hash: 'cd'.repeat(32), ...change });

  it('matches by its hash alone', () => {
    expect(agreementOf(expected, found({ hash: expected.hash, adapter: 'another' }), 2000)).toBe('match');
    expect(agreementOf(expected, found({}), 2000)).toBe('within tolerance');
  });

  it('is within tolerance up to the binomial error of the test set', () => {
    // By hand: p = (0.9405 * 2000 + 2) / 2004 = 0.939621, 2 sqrt(p (1 - p) / 2004) = 0.010642.
    expect(accuracyTolerance(0.9405, 2000)).toBeCloseTo(0.010642, 5);
    expect(agreementOf(expected, found({ accuracy: 0.93 }), 2000)).toBe('within tolerance');
    expect(agreementOf(expected, found({ accuracy: 0.9515 }), 2000)).toBe('differs');
    expect(agreementOf(expected, found({ accuracy: 0.93 }), 10_000)).toBe('differs');
  });

  it('has room for chance at an accuracy of 1', () => {
    expect(agreementOf({ ...expected, accuracy: 1 }, found({ accuracy: 1998 / 2000 }), 2000)).toBe('within tolerance');
    expect(agreementOf({ ...expected, accuracy: 1 }, found({ accuracy: 0.98 }), 2000)).toBe('differs');
  });
});
