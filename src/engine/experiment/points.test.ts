import { describe, expect, test } from 'vitest';
import { decodeLink, encodeLink } from './link.ts';
import { parseExperiment } from './parse.ts';
import { getPath, setPath, setPathStrict } from './paths.ts';
import { findPreset } from './presets/index.ts';

const gmp = findPreset('gmp-mnist').experiment;
const rigl = findPreset('rigl-mnist').experiment;
const taken = (experiment: typeof gmp): unknown => [getPath(experiment, 'sparsity.points'), getPath(experiment, 'sparsity.density')];

describe('points in a link', () => {
  test('are readable, bring the final density along, and come back', () => {
    const experiment = setPath(rigl, 'sparsity.points', '0:0.2,0.25:0.5,0.75:0.02');
    expect(taken(experiment)).toEqual(['0:0.2,0.25:0.5,0.75:0.02', 0.02]);
    const link = encodeLink(experiment);
    expect(link).toBe('#preset=rigl-mnist&sparsity.points=0:0.2,0.25:0.5,0.75:0.02&v=1');
    expect(decodeLink(link)).toEqual({ experiment, notes: [] });
  });

  test('give way at their end to a density that stands beside them', () => {
    expect(taken(decodeLink('#preset=rigl-mnist&sparsity.density=0.1&sparsity.points=0:1,0.5:0.3&v=1').experiment)).toEqual(['0:1,0.5:0.1', 0.1]);
  });

  test.each([
    ['0:1,0.5:0.05,0.4:0.04', '0:1,0.5:0.05,0.5:0.04', /point 3: share 0.4 raised to 0.5/],
    ['0:1,500:0.5', '0:1,1:0.5', /share 500 lowered to 1/],
    ['0:0,0.5:0', '0:0.001,0.5:0.001', /density 0 raised to 0.001/],
    ['0:0.2,0.5:0.4,0.9:0.1', '0:0.2,0.5:0.2,0.9:0.1', /point 2: density 0.4 lowered to 0.2/],
    [Array.from({ length: 15 }, (_, i) => `0.${10 + i}:0.5`).join(), Array.from({ length: 12 }, (_, i) => `${(10 + i) / 100}:0.5`).join(), /15 points cut to 12/],
    ['0:1;1:0', 'none', /is no list of share:density, such as 0:1,0.5:0.05; none kept/],
  ])('%s are made to fit where weights do not return, and said', (text, points, note) => {
    const { experiment, notes } = decodeLink(`#preset=gmp-mnist&sparsity.points=${text}&v=1`);
    expect(getPath(experiment, 'sparsity.points')).toBe(points);
    expect(notes.join()).toMatch(note);
    expect(parseExperiment(experiment).notes).toEqual([]);
  });
});

describe('points and the final density', () => {
  test('move together, whichever is set', () => {
    const drawn = setPath(gmp, 'sparsity.points', '0:1,0.5:0.3,0.8:0.1');
    expect(taken(setPath(drawn, 'sparsity.density', 0.02))).toEqual(['0:1,0.5:0.3,0.8:0.02', 0.02]);
    expect(taken(setPath(drawn, 'sparsity.sparsity', 0.98))).toEqual(['0:1,0.5:0.3,0.8:0.02', 0.02]);
    expect(taken(setPath(drawn, 'sparsity.points', 'none'))).toEqual(['none', 0.1]);
  });

  test('a final density above points before it lifts them where weights do not return', () => {
    const drawn = '0:1,0.5:0.3,0.8:0.1';
    expect(taken(setPath(setPath(gmp, 'sparsity.points', drawn), 'sparsity.density', 0.5))).toEqual(['0:1,0.5:0.5,0.8:0.5', 0.5]);
    expect(taken(setPath(setPath(rigl, 'sparsity.points', drawn), 'sparsity.density', 0.5))).toEqual(['0:1,0.5:0.3,0.8:0.5', 0.5]);
  });

  test('that disagree in a file are settled by the points, with a note', () => {
    const phase = { ...rigl.phases[0], sparsity: { ...rigl.phases[0]!.sparsity, density: 0.5, points: '0:1,1:0.1' } };
    const { experiment, notes } = parseExperiment({ ...rigl, phases: [phase] });
    expect(getPath(experiment, 'sparsity.density')).toBe(0.1);
    expect(notes).toEqual(['phases.0.sparsity.density 0.5 is not where the points end; 0.1 taken']);
  });

  test('go over to a method that takes them; one that cannot grow takes only falling ones', () => {
    const falling = setPath(rigl, 'sparsity.points', '0:1,0.5:0.1');
    expect(taken(setPath(falling, 'sparsity.method', 'gmp'))).toEqual(['0:1,0.5:0.1', 0.1]);
    const notes: string[] = [];
    expect(taken(setPath(setPath(rigl, 'sparsity.points', '0:0.1,0.5:0.4'), 'sparsity.method', 'gmp', notes))).toEqual(['none', 0.4]);
    expect(notes.join()).toMatch(/sparsity.points has no place in gmp/);
  });
});

test('the command line takes points, and says what they look like', () => {
  expect(setPathStrict(gmp, 'sparsity.points', '0:1-0.5:0.05')).toMatchObject({ ok: true });
  expect(setPathStrict(gmp, 'sparsity.points', 'half')).toEqual({ ok: false, message: 'sparsity.points must be at most 12 points share:density, such as 0:1,0.5:0.05, or none, not "half"' });
  expect(setPathStrict(findPreset('dense-mnist').experiment, 'sparsity.points', '0:1')).toMatchObject({ ok: false });
});
