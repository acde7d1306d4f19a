import { describe, expect, it } from 'vitest';
import { defaultKnobs } from './knobs.ts';
import { decayingPatterns, patternAt } from './masterPlan.ts';
import type { PlanContext } from './method.ts';
import { METHODS } from './methods/index.ts';
import { grouped, SINGLE_WEIGHTS } from './granularity.ts';

const layers = [{ name: 'fc1', out: 12, in: 64 }, { name: 'fc2', out: 8, in: 12 }];
const context = (id: keyof typeof METHODS, knobs: object, masks: object = {}): PlanContext => ({
  steps: 100, layers: grouped(layers, { ...SINGLE_WEIGHTS, granularity: 'nm', n: 1, m: 8, ...masks }), knobs: { ...defaultKnobs(METHODS[id].card.knobs), ...knobs },
});

describe('patterns that grow stricter', () => {
  const starts = (decay: 'stepwise' | 'geometric', n: number, m: number): string[] => {
    const patterns = decayingPatterns(decay, { n, m });
    const at = (step: number): string => { const { n: now, m: of } = patternAt(patterns, step, 10, 90); return `${now}:${of}`; };
    return Array.from({ length: 100 }, (_, step) => step).filter((step) => step === 10 || (step > 10 && at(step) !== at(step - 1))).map((step) => `${step} ${at(step)}`);
  };

  it('share the steps between the dense beginning and the fine-tuning equally', () => {
    expect(starts('stepwise', 1, 8)).toEqual(['10 7:8', '30 4:8', '50 2:8', '70 1:8']);
    expect(starts('stepwise', 1, 16)).toEqual(['10 15:16', '26 8:16', '42 4:16', '58 2:16', '74 1:16']);
    expect(starts('stepwise', 2, 8).map((start) => start.split(' ')[1])).toEqual(['7:8', '4:8', '2:8']);
    expect(starts('geometric', 1, 16)).toEqual(['10 8:128', '30 4:64', '50 2:32', '70 1:16']);
  });

  it('of 1:32 are six', () => expect(decayingPatterns('stepwise', { n: 1, m: 32 }).map(({ n }) => n)).toEqual([31, 16, 8, 4, 2, 1]));

  it('end with N of M, whatever they are', () => {
    for (let m = 1; m <= 32; m++) for (let n = 1; n <= m; n++) for (const decay of ['stepwise', 'geometric'] as const) {
      const patterns = decayingPatterns(decay, { n, m });
      expect(patterns.at(-1)).toEqual({ n, m });
      expect(patterns.every((pattern) => pattern.n >= 1 && pattern.n <= pattern.m && pattern.m <= 256)).toBe(true);
    }
  });
});

describe('the factor of hidden weights', () => {
  const factor = (knobs: object, step: number): number => METHODS.mdgf.plan(context('mdgf', { denseShare: 0.1, fineTune: 0.1, eta: 0.02, ...knobs })).outside?.factor?.(step) ?? 0;

  it('is 1 in the dense beginning, falls, and is 0 in the fine-tuning', () => {
    expect([0, 9, 10, 20, 60, 89, 90, 99].map((step) => Number(factor({ decay: 'linear' }, step).toFixed(6)))).toEqual([1, 1, 1, 0.8, 0, 0, 0, 0]);
    expect(factor({ decay: 'exponential', eta: 1e-4 }, 10 + 50)).toBeCloseTo(Math.exp(-0.005), 12);
  });

  it('is what the slider says by hand', () => expect([factor({ decay: 'manual', beta: 0.3 }, 50), factor({ decay: 'manual', beta: 0.3 }, 95)]).toEqual([0.3, 0]));
});

describe('a mask over a dense master', () => {
  it('is chosen behind the dense beginning, every so many steps, and keeps what the pattern says', () => {
    const plan = METHODS.ste.plan(context('ste', { denseShare: 0.1, updatePeriod: 20 }));
    expect(Array.from({ length: 100 }, (_, step) => step).filter((step) => plan.isUpdate(step))).toEqual([10, 30, 50, 70, 90]);
    expect(plan.initial()).toEqual({ counts: [768, 96], choose: 'all' });
    // 12 inputs are a group of 8 and one of 4, which keeps a half rounded up.
    expect(plan.counts(10, [768, 96])).toEqual({ keep: [12 * 8, 8 * 2], grow: [0, 0] });
    expect([plan.keepsInactive, plan.outside?.factor]).toEqual([true, undefined]);
  });

  it('changes with its pattern', () => {
    const plan = METHODS.sdgf.plan(context('sdgf', { denseShare: 0.1, fineTune: 0.1, updatePeriod: 1000 }));
    expect(Array.from({ length: 100 }, (_, step) => step).filter((step) => plan.isUpdate(step))).toEqual([10, 30, 50, 70]);
    expect(plan.counts(30, [])).toEqual({ keep: [12 * 32, 8 * 6], grow: [0, 0], pattern: { n: 4, m: 8 } });
    expect([plan.density(0), plan.density(99)]).toEqual([1, (12 * 8 + 8 * 2) / (768 + 96)]);
  });
});
