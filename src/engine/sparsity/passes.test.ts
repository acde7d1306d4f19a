import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SINGLE_WEIGHTS } from './granularity.ts';
import { findMethod, METHODS, type MethodId } from './methods/index.ts';
import { defaultKnobs } from './knobs.ts';
import type { LayerShape } from './method.ts';
import { densityBehind, executableShares, PASSES, passRule, type PassShares, skippingOf, theoreticalShares, WHOLE } from './passes.ts';
import type { Axis } from './pattern.ts';

const SQUARE: LayerShape = { name: 'fc2', out: 256, in: 256 };

/** Both shares of a square layer in the middle of a phase of 100 steps, as forward, input gradient, weight gradient. */
function sharesOf(id: MethodId, n: number, m: number, { step = 50, updates = false, axis = 'in' as Axis, knobs = {} } = {}): { theory: number[]; executable: number[] } {
  const method = findMethod(id);
  const masks = { ...SINGLE_WEIGHTS, granularity: 'nm', n, m, axis } as const;
  const plan = method.plan({ layers: [{ ...SQUARE, pattern: { n, m }, kept: (256 * 256 * n) / m, groups: 256 * 256, keptOf: (p) => (256 * 256 * p.n) / p.m }], steps: 100, knobs: { ...defaultKnobs(method.card.knobs), ...knobs } });
  const rule = passRule(method, plan, step, updates);
  const theory = theoreticalShares(rule, { density: id === 'dense' ? 1 : n / m, behind: densityBehind(masks, SQUARE) });
  const list = (shares: PassShares): number[] => PASSES.map((pass) => shares[pass]);
  return { theory: list(theory), executable: list(executableShares(theory, rule, masks, SQUARE)) };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('the share of its dense products that a layer needs', () => {
  it.each([
    ['dense', {}, [1, 1, 1], [1, 1, 1]],
    ['random', {}, [0.25, 0.25, 0.25], [0.25, 1, 1]],
    ['asp', {}, [0.25, 0.25, 0.25], [0.25, 1, 1]],
    ['ste', {}, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['sr-ste', {}, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['ast', {}, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['sdgf', {}, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['bdwp', {}, [0.25, 0.25, 1], [0.25, 0.25, 1]],
    ['ste, transposable', { axis: 'both' }, [0.25, 0.25, 1], [0.25, 0.25, 1]],
    ['ste, along the outputs', { axis: 'out' }, [0.25, 0.25, 1], [1, 0.25, 1]],
    ['mdgf while beta is above 0', {}, [1, 1, 1], [1, 1, 1]],
    ['mdgf in its fine-tuning', { step: 90 }, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['mdgf with scaled gradients', { knobs: { backward: 'scaled' } }, [1, 1, 1], [1, 1, 1]],
    ['mdgf with scaled gradients, fine-tuning', { step: 90, knobs: { backward: 'scaled' } }, [0.25, 0.25, 0.25], [0.25, 1, 1]],
    ['mdgf by hand at 0', { knobs: { decay: 'manual', beta: 0 } }, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['rigl between updates', {}, [0.25, 0.25, 0.25], [0.25, 1, 1]],
    ['rigl at an update', { updates: true }, [0.25, 0.25, 1], [0.25, 1, 1]],
    ['snfs, which averages all gradients', {}, [0.25, 0.25, 1], [0.25, 1, 1]],
  ] as const)('at 2:8 under %s %j: theory %j, by N:M hardware %j', (words, settings, theory, executable) => {
    expect(sharesOf(words.split(/[ ,]/)[0] as MethodId, 2, 8, settings)).toEqual({ theory, executable });
  });

  it.each([[2, 4, 2 / 3], [2, 8, 0.5], [1, 8, 5 / 12], [2, 16, 5 / 12]])('comes to (N/M + N/M + 1) / 3 under BDWP, all of it executable: %i:%i', (n, m, wanted) => {
    const { theory, executable } = sharesOf('bdwp', n, m);
    expect([mean(theory), mean(executable)]).toEqual([expect.closeTo(wanted), expect.closeTo(wanted)]);
  });

  it('comes to 0.75 at 2:8 where SR-STE is carried out: only its forward pass lies along the pattern', () => {
    expect(mean(sharesOf('sr-ste', 2, 8).executable)).toBeCloseTo(0.75);
  });

  it('of SdGf at 1:16 is 0.375 forward, on average over its five patterns', () => {
    const patterns = [[15, 16], [8, 16], [4, 16], [2, 16], [1, 16]] as const;
    expect(mean(patterns.map(([n, m]) => sharesOf('sdgf', n, m).theory[0] as number))).toBeCloseTo(0.375);
  });

  it('is whole for every method where N = M, executable never below theory, and theory never below what the mask keeps', () => {
    const ids = Object.keys(METHODS) as MethodId[];
    for (const id of ids) expect(sharesOf(id, 4, 4)).toEqual({ theory: [1, 1, 1], executable: [1, 1, 1] });
    fc.assert(fc.property(fc.constantFrom(...ids), fc.integer({ min: 1, max: 16 }), fc.constantFrom<Axis>('in', 'out', 'both'), fc.nat(99), fc.boolean(), (id, n, axis, step, updates) => {
      const { theory, executable } = sharesOf(id, n, 16, { axis, step, updates });
      theory.forEach((share, i) => {
        expect(share).toBeGreaterThanOrEqual(n / 16);
        expect(executable[i]).toBeGreaterThanOrEqual(share);
        expect(executable[i]).toBeLessThanOrEqual(1);
      });
    }));
  });

  it('goes by the mask behind a layer, whose remainders lie along its outputs', () => {
    const masks = { ...SINGLE_WEIGHTS, granularity: 'nm', n: 1, m: 4 } as const;
    // Of six outputs the first four keep one, the two that are left one.
    expect(densityBehind(masks, { out: 6, in: 8 })).toBeCloseTo(2 / 6);
    expect(densityBehind(masks, { out: 6, in: 27, kernel: [3, 3] })).toBeUndefined();
    expect(densityBehind(SINGLE_WEIGHTS, SQUARE)).toBe(1);
    const rule = { seesAll: false, denseGradient: true, ownBackward: true };
    expect(theoreticalShares(rule, { density: 1, behind: 1 / 3 })).toEqual(WHOLE);
    expect(theoreticalShares(rule, { density: 0.25, behind: 1 / 3 })['input gradient']).toBeCloseTo(1 / 3);
  });

  it('is left out by an index in every pass, but not of a convolution', () => {
    const theory = { forward: 0.1, 'input gradient': 0.1, 'weight gradient': 1 };
    const rule = { ownBackward: false };
    expect(executableShares(theory, rule, SINGLE_WEIGHTS, {})).toEqual(theory);
    expect(executableShares(theory, rule, SINGLE_WEIGHTS, { kernel: [3, 3] })).toEqual(WHOLE);
    expect((['weight', 'block', 'kernel', 'channel', 'nm'] as const).map((granularity) => skippingOf({ granularity }))).toEqual(['csr', 'block', 'csr', 'csr', 'nm']);
  });
});
