import { describe, expect, test } from 'vitest';
import { indices } from '../data/samplers.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { networkSpec } from '../experiment/model.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { totalSteps } from '../experiment/phases.ts';
import { sha256 } from '../gpu/hash.ts';
import { networkLayout } from '../nn/layers.ts';
import { initialParams } from '../nn/layout.ts';
import type { Comparison } from './claim.ts';
import { CLAIMS } from './index.ts';
import { evaluatedFrom } from './value.ts';

/** Groups of arms whose differences are taken. */
function compared(comparison: Comparison): string[][] {
  switch (comparison.kind) {
    case 'ordering': return [[...comparison.arms]];
    case 'best': return [[comparison.arm, ...comparison.against]];
    case 'each': return [[...comparison.arms, comparison.against]];
    case 'trend': return comparison.points.map(({ arm, against }) => [arm, against]);
    default: return [[comparison.arm, comparison.against]];
  }
}

describe.each(Object.entries(CLAIMS))('claim %s', (id, claim) => {
  const experimentOf = (arm: string): Experiment => {
    const found = claim.arms.find((one) => one.id === arm);
    if (!found) throw new Error(`${id} compares the arm ${arm}, which it does not have`);
    return found.experiment;
  };
  const groups = claim.parts.flatMap(({ comparison, check }) => [...compared(comparison), [check.dense, check.control]]);

  test('has its own id, and arms with ids that files can have', () => {
    expect(claim.id).toBe(id);
    expect(new Set(claim.arms.map((arm) => arm.id)).size).toBe(claim.arms.length);
    claim.arms.forEach((arm) => expect(arm.id).toMatch(/^[a-z0-9-]+$/));
    expect([...claim.sentence].at(-1)).toBe('.');
  });

  test('arms are valid experiments without controls and edits', () => {
    for (const { experiment } of claim.arms) {
      expect(parseExperiment(structuredClone(experiment))).toEqual({ experiment, notes: [] });
      expect([experiment.beside, experiment.edits]).toEqual([{ random: false, dense: false }, []]);
    }
  });

  test('what is compared differs in its method and its storage alone', () => {
    for (const group of groups) {
      const masks = group.map(experimentOf).find(({ phases }) => phases[0]?.sparsity.method !== 'dense')?.masks;
      // A dense network has no masks, whatever unit its experiment names for them.
      const masksOf = ({ masks: own, phases }: Experiment): unknown => (phases.every(({ sparsity }) => sparsity.method === 'dense') ? masks : own);
      const [first, ...others] = group.map(experimentOf).map((experiment) => ({ ...experiment, preset: '', masks: masksOf(experiment), phases: experiment.phases.map((phase) => ({ ...phase, sparsity: {}, format: '' })) }));
      others.forEach((other) => expect(other).toEqual(first));
    }
  });

  test('a seed gives what is compared the same initial dense weights and the same batches', async () => {
    for (const group of groups) {
      const starts = await Promise.all(group.map(async (arm) => {
        const experiment = { ...experimentOf(arm), seed: 3 };
        const layout = networkLayout(networkSpec(experiment, { features: 784, classes: 10 }));
        const order = indices(experiment.phases[0]?.sampler ?? '', { seed: experiment.seed, cursor: 9_900, count: 256, size: 10_000 });
        const params = initialParams(layout, experiment.seed);
        // Tensors lie in another order where other layers have masks.
        const tensors = layout.tensors.map(({ name, offset, length }) => [name, params.subarray(offset, offset + length)] as const).sort(([a], [b]) => a.localeCompare(b));
        return [await Promise.all(tensors.map(async ([name, values]) => [name, await sha256(values.slice())])), await sha256(order)];
      }));
      starts.slice(1).forEach((start) => expect(start).toEqual(starts[0]));
    }
  });

  test('the value is the mean of three evaluations at the end', () => {
    for (const { experiment } of claim.arms) {
      expect(totalSteps(experiment) - evaluatedFrom(experiment)).toBe(2 * experiment.evaluateEvery);
    }
  });
});

test.each([[1200, 50, 1100], [1210, 50, 1150], [100, 100, 0], [3, 1, 1]])('of %d steps with an evaluation every %d the last three begin at %d', (steps, evaluateEvery, first) => {
  const [arm] = CLAIMS.granet?.arms ?? [];
  const experiment = arm?.experiment as Experiment;
  expect(evaluatedFrom({ ...experiment, evaluateEvery, phases: experiment.phases.map((phase) => ({ ...phase, steps })) })).toBe(first);
});
