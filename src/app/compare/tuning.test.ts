import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { comparisonOf, type ComparisonChoice } from './comparison.ts';
import { RATE_FACTORS, tuned, tuningOf } from './tuning.ts';

const CHOICE: ComparisonChoice = { methods: ['rigl', 'set'], smallDense: false, seeds: 3, equal: 'steps', tune: true, densities: [] };
const compared = comparisonOf(setPath(findPreset('rigl-mnist').experiment, 'optimizer.rate', 0.05), CHOICE);
const rateOf = (id: string, of = compared): number => of.arms.find((arm) => arm.id === id)!.experiment.phases[0]!.optimizer.rate;

describe('learning rates chosen for each arm', () => {
  test('are tried at a third, once and three times its own, and never looked at on the test set', () => {
    const { arms } = tuningOf(compared);
    expect(arms).toHaveLength(3 * compared.arms.length);
    expect(arms.every(({ experiment }) => experiment.data.evaluateOn === 'validation')).toBe(true);
    expect(arms.slice(0, 3).map(({ title, experiment }) => [title, experiment.phases[0]!.optimizer.rate])).toEqual([['RigL, rate 0.017', 0.017], ['RigL, rate 0.05', 0.05], ['RigL, rate 0.15', 0.15]]);
  });

  test('are those that did best on the validation split; the smaller of equal ones', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 }), (values) => {
      const runs = tuningOf(compared).arms.map(({ id }, i) => ({ arm: id, seed: 1, value: values[i] as number, edits: 0 }));
      const chosen = tuned(compared, runs);
      compared.arms.forEach(({ id, experiment }, a) => {
        const own = values.slice(3 * a, 3 * a + 3);
        const factor = RATE_FACTORS[own.indexOf(Math.max(...own))] as number;
        expect(rateOf(id, chosen)).toBeCloseTo(experiment.phases[0]!.optimizer.rate * factor, 3);
      });
      // Only the rates are others, and the arms look at the test set.
      expect(chosen.arms.map(({ experiment }) => setPath(experiment, 'optimizer.rate', 0.05))).toEqual(compared.arms.map(({ experiment }) => experiment));
      expect(chosen.parts).toBe(compared.parts);
    }));
  });

  test('are told with the verdict, and so is an arm at the edge of what was tried', () => {
    const best = { rigl: 1, set: 0, random: 1, dense: 1 } as Record<string, number>;
    const runs = tuningOf(compared).arms.map(({ id }, i) => ({ arm: id, seed: 1, value: best[compared.arms[Math.floor(i / 3)]!.id] === i % 3 ? 0.9 : 0.5, edits: 0 }));
    expect(tuned(compared, runs).tuning).toBe('Learning rate chosen for each arm on a validation split, among 3 rates, one seed: RigL 0.05, SET 0.017, random mask 0.05, dense 0.05. At an edge of what was tried: SET.');
  });

  test('change in all phases of an experiment', () => {
    const twoPhases = comparisonOf(findPreset('dense-then-prune-mnist').experiment, { ...CHOICE, methods: ['random'] });
    const lead = tuningOf(twoPhases).arms[2]!.experiment;
    const before = twoPhases.arms[0]!.experiment;
    expect(before.phases.length).toBeGreaterThan(1);
    lead.phases.forEach(({ optimizer }, i) => expect(optimizer.rate).toBeCloseTo(3 * before.phases[i]!.optimizer.rate, 6));
  });
});
