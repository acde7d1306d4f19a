import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { readArguments } from './arguments.ts';
import { chooseExperiment, EXPERIMENT_OPTIONS } from './chooseExperiment.ts';
import { UsageError } from './usageError.ts';

const folder = mkdtempSync(join(tmpdir(), 'sparseland-choose-'));
afterAll(() => rmSync(folder, { recursive: true }));

const choose = (...args: string[]): ReturnType<typeof chooseExperiment> => chooseExperiment(readArguments(args, EXPERIMENT_OPTIONS));
const fileWith = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('without changes it is the preset', () => {
  for (const [id, preset] of Object.entries(PRESETS)) expect(choose('--preset', id)).toEqual(preset.experiment);
});

test('settings are applied in order, then seed and steps', () => {
  const chosen = choose('--seed', '7', '--steps=12', '--preset', 'rigl-mnist', '--set', 'sparsity.density=0.5', '--set', 'sparsity.density=0.02', '--set', 'model.hidden=16-8', '--set', 'seed=3');
  expect([chosen.seed, chosen.phases[0]?.steps, chosen.phases[0]?.sparsity.density, chosen.model.hidden]).toEqual([7, 12, 0.02, [16, 8]]);
});

test('the experiment of a run can be run again', () => {
  const experiment = choose('--preset', 'set-mnist', '--set', 'optimizer.rate=0.02');
  expect(choose('--experiment', fileWith('good.json', JSON.stringify(experiment)))).toEqual(experiment);
});

test.each([
  [[], /--preset ID.*hello-mnist/],
  [['--preset', 'toString'], /"toString".*Known: hello-mnist/],
  [['--preset', 'HELLO-MNIST'], /Known: hello-mnist/],
  [['--preset', 'rigl-mnist', '--set', 'sparsity'], /PATH=VALUE/],
  [['--preset', 'rigl-mnist', '--set', '=1'], /PATH=VALUE/],
  [['--preset', 'rigl-mnist', '--set', 'sparsity.densty=0.1'], /"sparsity\.densty" is unknown; known: .*sparsity\.density/],
  [['--preset', 'rigl-mnist', '--set', '__proto__.x=1'], /unknown/],
  [['--preset', 'rigl-mnist', '--set', 'sparsity.density=2'], /a number from/],
  [['--preset', 'rigl-mnist', '--set', 'sparsity.density=NaN'], /a number from/],
  [['--preset', 'rigl-mnist', '--set', 'sparsity.method=magic'], /one of dense/],
  [['--preset', 'rigl-mnist', '--set', 'data.batch=1.5'], /a whole number/],
  [['--preset', 'rigl-mnist', '--seed', '-1'], /--seed must be a whole number/],
  [['--preset', 'rigl-mnist', '--seed', '4294967296'], /--seed/],
  [['--preset', 'rigl-mnist', '--steps', '0'], /--steps must be a whole number from 1/],
  [['--preset', 'dense-then-prune-mnist', '--steps', '10'], /2.*--set phases\.0\.steps=\d+ --set phases\.1\.steps=\d+/],
  [['--preset', 'dense-then-prune-mnist', '--set', 'optimizer.rate=0.1'], /phases\.0\.optimizer\.rate/],
  [['--preset', 'rigl-mnist', '--experiment', 'x.json'], /not both/],
  [['--experiment', '/nowhere/x.json'], /cannot be read/],
])('%j is refused with what is known', (args, message) => {
  expect(() => choose(...args)).toThrow(message);
  expect(() => choose(...args)).toThrow(UsageError);
});

test.each([
  ['half.json', '{"version": 1, "pre', /cannot be read as an experiment/],
  ['list.json', '[]', /experiment/],
  ['range.json', '{"preset": "rigl-mnist", "seed": -5}', /seed/],
  ['key.json', '{"preset": "rigl-mnist", "sede": 5}', /sede/],
])('a file that is not wholly an experiment is refused: %s', (name, text, message) => {
  expect(() => choose('--experiment', fileWith(name, text))).toThrow(message);
});

test('whatever is set, the answer is a valid experiment or one line', () => {
  const paths = fc.constantFrom('seed', 'steps', 'phases', 'model.hidden', 'sparsity.method', 'data.set', 'edits', 'phases.9.steps', 'constructor');
  fc.assert(fc.property(fc.oneof(paths, fc.string()), fc.string(), (path, value) => {
    try {
      choose('--preset', 'rigl-moons', `--set=${path}=${value}`);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
    }
  }), { numRuns: 500 });
});
