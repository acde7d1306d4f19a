import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLAIMS } from '../../engine/claims/index.ts';
import { judge } from '../../engine/claims/judge.ts';
import { outcomeOf, rulingWords } from '../../engine/claims/words.ts';
import { arbitraryExperiment } from '../../engine/experiment/arbitrary.testing.ts';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { armTitle, CHOOSABLE, comparisonOf, usualChoice, type ComparisonChoice } from './comparison.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { plannedFlops } from './equalFlops.ts';

const rigl = setPath(findPreset('rigl-mnist').experiment, 'sparsity.density', 0.05);
const CHOICE: ComparisonChoice = { methods: ['rigl', 'gmp'], smallDense: true, seeds: 3, equal: 'steps', tune: false, densities: [] };
const compared = comparisonOf(rigl, CHOICE);
const armOf = (id: string, of = compared) => of.arms.find((arm) => arm.id === id)!.experiment;

describe('a comparison of methods', () => {
  test('always has the fixed random mask and the dense network among its arms', () => {
    expect(compared.arms.map(({ id }) => id)).toEqual(['rigl', 'gmp', 'random', 'dense', 'small-dense']);
    fc.assert(fc.property(arbitraryExperiment, fc.subarray(CHOOSABLE, { minLength: 1, maxLength: 3 }), (experiment, methods) => {
      const { arms } = comparisonOf(experiment, { methods, smallDense: false, seeds: 1, equal: 'steps', tune: false, densities: [] });
      expect(arms.map(({ id }) => id)).toEqual([...methods, 'random', 'dense']);
      arms.forEach((arm) => expect(parseExperiment(structuredClone(arm.experiment)).notes).toEqual([]));
    }), { numRuns: 20 });
  });

  test('arms differ in their method alone, and the density stays', () => {
    const without = (id: string) => ({ ...armOf(id), phases: armOf(id).phases.map((phase) => ({ ...phase, sparsity: {} })) });
    ['gmp', 'random', 'dense'].forEach((id) => expect(without(id)).toEqual(without('rigl')));
    ['rigl', 'gmp', 'random'].forEach((id) => expect(armOf(id).phases[0]!.sparsity.density).toBe(0.05));
    expect(armOf('rigl')).toMatchObject({ edits: [], beside: { random: false, dense: false } });
  });

  test('every pair of methods shares density, placement and period, whatever is usual on their cards', () => {
    const read = (experiment: typeof rigl, key: string) => experiment.phases.at(-1)!.sparsity[key];
    for (const preset of ['rigl-mnist', 'dense-mnist', 'gmp-mnist', 'lottery-mnist']) {
      for (const lead of CHOOSABLE) {
        const { arms } = comparisonOf(findPreset(preset).experiment, { ...CHOICE, methods: [lead, ...CHOOSABLE.filter((id) => id !== lead)], smallDense: false });
        for (const key of ['density', 'distribution', 'updatePeriod']) {
          const values = arms.map(({ experiment }) => read(experiment, key)).filter((value) => value !== undefined);
          const own = read(arms[0]!.experiment, key);
          if (own !== undefined) expect([preset, lead, key, ...new Set(values)]).toEqual([preset, lead, key, own]);
        }
      }
    }
  });

  test('an experiment of several phases keeps them for its own method, others take one of as many steps', () => {
    const phased = findPreset('dense-then-prune-mnist').experiment;
    const own = phased.phases.at(-1)!.sparsity.method as 'gmp';
    const other = own === 'gmp' ? 'rigl' : 'gmp';
    const of = comparisonOf(phased, { ...CHOICE, methods: [own, other] });
    expect([armOf(own, of).phases.length, armOf(other, of).phases.length]).toEqual([phased.phases.length, 1]);
    of.arms.forEach(({ experiment }) => expect(totalSteps(experiment)).toBe(totalSteps(phased)));
  });

  test('by FLOPs, every arm gets as many as the first', () => {
    const of = comparisonOf(rigl, { ...CHOICE, equal: 'flops' });
    const wanted = plannedFlops(armOf('rigl', of));
    expect(totalSteps(armOf('rigl', of))).toBe(totalSteps(rigl));
    of.arms.filter(({ id }) => id !== 'whole-dense').forEach(({ experiment }) => expect(plannedFlops(experiment) / wanted).toBeCloseTo(1, 1));
    // Whether the task can be learnt is told by a dense network that trains to the end.
    expect(totalSteps(armOf('whole-dense', of))).toBe(totalSteps(rigl));
    expect(new Set(of.parts.map(({ check }) => check.dense))).toEqual(new Set(['whole-dense']));
    expect(totalSteps(armOf('dense', of))).toBeLessThan(totalSteps(rigl) / 5);
  });

  test('a sweep has each method and the random mask at each density, and the dense network once', () => {
    const of = comparisonOf(rigl, { ...CHOICE, smallDense: false, densities: [0.01, 0.1] });
    expect(of.arms.map(({ id, experiment }) => [id, experiment.phases[0]!.sparsity.density])).toEqual([
      ['rigl-1', 0.01], ['gmp-1', 0.01], ['random-1', 0.01], ['dense-1', undefined], ['rigl-2', 0.1], ['gmp-2', 0.1], ['random-2', 0.1],
    ]);
    expect(of.parts.map(({ title, comparison, check }) => [title.replace(/\s/, ' '), 'arm' in comparison && comparison.arm, check.dense, check.control])).toEqual([
      ['1 % density', 'rigl-1', 'dense-1', 'random-1'], ['1 % density', 'rigl-1', 'dense-1', 'random-1'],
      ['1 % density', 'gmp-1', 'dense-1', 'random-1'], ['1 % density', 'gmp-1', 'dense-1', 'random-1'],
      ['10 % density', 'rigl-2', 'dense-1', 'random-2'], ['10 % density', 'rigl-2', 'dense-1', 'random-2'],
      ['10 % density', 'gmp-2', 'dense-1', 'random-2'], ['10 % density', 'gmp-2', 'dense-1', 'random-2'],
    ]);
    const known = new Set(of.arms.map(({ id }) => id));
    of.parts.forEach(({ comparison }) => comparison.kind === 'best' && comparison.against.forEach((id) => expect(known).toContain(id)));
  });

  test('each method is judged against those after it and the controls, and against dense', () => {
    expect(compared.parts.map(({ comparison }) => comparison)).toEqual([
      { kind: 'best', arm: 'rigl', against: ['gmp', 'random', 'small-dense'] }, { kind: 'as good as', arm: 'rigl', against: 'dense' },
      { kind: 'best', arm: 'gmp', against: ['random', 'small-dense'] }, { kind: 'as good as', arm: 'gmp', against: 'dense' },
    ]);
    expect(compared.parts[0]!.check.target).toBeCloseTo(0.55);
  });

  test('its verdict names setting and sizes; one seed gives none, and a task that dense does not learn decides nothing', () => {
    const runs = (values: Record<string, number>, seeds: number) => compared.arms.flatMap(({ id }) => Array.from({ length: seeds }, (_, i) => ({ arm: id, seed: i + 1, value: values[id]! + i / 1000, edits: 0 })));
    const clear = { rigl: 0.94, gmp: 0.93, random: 0.8, dense: 0.95, 'small-dense': 0.7 };
    const judgement = judge(compared, runs(clear, 3));
    const part = judgement.parts[0]!;
    expect(part.rulings.map(({ ruling }) => outcomeOf(part, ruling))).toEqual(['shown', 'shown', 'shown']);
    expect(rulingWords(compared, 'best', part.rulings[1]!)).toMatch(/^RigL - random mask = \+14\.0 points, 9[78].* CI \[.*\], delta 0\.5$/);
    expect(compared.setting).toBe('Digits, 10,000, MLP 128, 2,000 steps of 128');
    const one = judge(compared, runs(clear, 1)).parts[0]!;
    expect(outcomeOf(one, one.rulings[0]!.ruling)).toBe('no verdict');
    const lost = judge(compared, runs({ ...clear, dense: 0.5 }, 3)).parts[0]!;
    expect(outcomeOf(lost, lost.rulings[1]!.ruling)).toBe('inconclusive');
  });

  test('arms of one title are told apart by their density', () => {
    const { arms } = CLAIMS.granet!;
    const titles = arms.map((arm) => armTitle({ arms }, arm));
    expect(new Set(titles).size).toBe(arms.length);
    expect(titles.slice(0, 2)).toEqual(['dense', expect.stringMatching(/^GraNet, 5\s%$/)]);
  });

  test.each([['rigl-mnist', 'rigl'], ['dense-mnist', 'rigl'], ['gmp-mnist', 'gmp']])('%s suggests %s', (preset, method) => {
    expect(usualChoice(findPreset(preset).experiment).methods).toEqual([method]);
  });
});
