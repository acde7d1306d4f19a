import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryExperiment } from '../../engine/experiment/arbitrary.testing.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { changesBetween, changeWords } from './changes.ts';

const rigl = findPreset('rigl-mnist').experiment;
const words = (path: string, value: unknown, from = rigl): string[] => changesBetween(from, setPath(from, path, value)).map(changeWords);

describe('changes between two runs', () => {
  test('an experiment differs from itself in nothing, whatever its preset is called', () => {
    fc.assert(fc.property(arbitraryExperiment, (experiment) => {
      expect(changesBetween(experiment, { ...experiment, preset: 'hello-mnist' })).toEqual([]);
    }), { numRuns: 50 });
  });

  test.each([
    ['seed', 7, ['Seed 1 to 7']],
    ['optimizer.rate', 0.05, ['Learning rate 0.1 to 0.05']],
    ['model.hidden', '64-32', ['Hidden widths 128 to 64-32']],
  ])('%s as %j reads %j', (path, value, expected) => {
    const from = setPath(rigl, 'optimizer.rate', 0.1);
    expect(words(path, value, from)).toEqual(expected);
  });

  test('another method is told, and its knobs only where they are not as usual', () => {
    expect(words('sparsity.method', 'set')[0]).toBe('Method rigl to set');
    const random = setPath(rigl, 'sparsity.method', 'random');
    const told = changesBetween(random, setPath(setPath(random, 'sparsity.method', 'rigl'), 'sparsity.dropFraction', 0.123)).map(changeWords);
    expect(told).toContain('Method random to rigl');
    expect(told.filter((line) => line.endsWith(' 0.123'))).toHaveLength(1);
    expect(told).toHaveLength(2);
  });

  test('edits while running are told by their number, also where only a value differs', () => {
    const edited = { ...rigl, edits: [{ step: 3, path: 'optimizer.rate', value: 0.2 }] };
    expect(changesBetween(rigl, edited).map(changeWords)).toEqual(['Changes while running 0 to 1']);
    expect(changesBetween(edited, { ...edited, edits: [{ step: 3, path: 'optimizer.rate', value: 0.3 }] })).toHaveLength(1);
  });
});
