import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OptionTable, readArguments, wholeNumber } from './arguments.ts';
import { UsageError } from './usageError.ts';

const TABLE: OptionTable = {
  preset: { kind: 'value', placeholder: 'ID', help: '' },
  set: { kind: 'list', placeholder: 'PATH=VALUE', help: '' },
  full: { kind: 'flag', help: '' },
};

test('options are read in both forms, lists keep their order', () => {
  const given = readArguments(['--preset', 'a', '--set=x=1', '--full', '--set', 'y=-2'], TABLE);
  expect([given.value('preset'), given.values('set'), given.has('full')]).toEqual(['a', ['x=1', 'y=-2'], true]);
});

test('plain words are taken where the command takes them', () => {
  expect(readArguments(['presets'], {}, 1).words).toEqual(['presets']);
});

test.each([
  [['--prset', 'a'], /"--prset".*Known: --preset ID, --set PATH=VALUE, --full/],
  [['--constructor', 'a'], /"--constructor".*Known/],
  [['--__proto__', 'a'], /Known/],
  [['-p'], /"-p".*Known/],
  [['--'], /"--"/],
  [['--preset'], /--preset ID/],
  [['--preset', ''], /--preset ID/],
  [['--preset='], /--preset ID/],
  [['--preset', '--full'], /--preset ID/],
  [['--preset', 'a', '--preset', 'b'], /twice/],
  [['--full=yes'], /no value/],
  [['stray'], /"stray"/],
])('%j is refused with what is known', (args, message) => {
  expect(() => readArguments(args, TABLE)).toThrow(message);
  expect(() => readArguments(args, TABLE)).toThrow(UsageError);
});

test('whatever is typed is read or refused, in one line', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('--preset', '--set', '--full', '--', '-', '--set=', 'toString', '\n'));
  fc.assert(fc.property(fc.array(word, { maxLength: 8 }), (args) => {
    try {
      readArguments(args, TABLE, 2);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).not.toContain('\n');
    }
  }), { numRuns: 1000 });
});

test.each(['', '-1', '1.5', '1e3', '0x10', ' 1', '4294967296', 'NaN', '9'.repeat(400)])('%j is no seed', (text) => {
  expect(() => wholeNumber('seed', text, 0, 4294967295)).toThrow(/--seed must be a whole number from 0 to 4294967295/);
});

test('the ends of a range belong to it', () => {
  expect([wholeNumber('seed', '0', 0, 9), wholeNumber('seed', '9', 0, 9)]).toEqual([0, 9]);
});
