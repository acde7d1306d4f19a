import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Format } from '../sparsity/formats/index.ts';
import { addLines, chooseFormat, crossoverOf, fitLine, linesOf, measuredPass, msAt, type PassTime, type TimeLine } from './storageCost.ts';

const line = (format: Format, fixedMs: number, densityMs = 0): TimeLine => ({ format, fixedMs, densityMs });
const pass = (name: string, format: Format, fixedMs: number, densityMs = 0): PassTime => ({ pass: name, ...line(format, fixedMs, densityMs) });

describe('a line through measured times', () => {
  it('goes through two points', () => {
    const { fixedMs, densityMs } = fitLine([{ density: 0.1, ms: 2 }, { density: 0.3, ms: 4 }]);
    expect([fixedMs, densityMs]).toEqual([expect.closeTo(1), expect.closeTo(10)]);
  });

  it.each([
    ['of one density is level', [{ density: 1, ms: 3 }], [3, 0]],
    ['that would fall is level', [{ density: 0.1, ms: 4 }, { density: 0.3, ms: 2 }], [3, 0]],
    ['that would begin below 0 begins there', [{ density: 0.1, ms: 0 }, { density: 0.2, ms: 5 }], [0, 20]],
  ] as const)('%s', (_, samples, [fixedMs, densityMs]) => {
    expect(fitLine(samples)).toEqual({ fixedMs: expect.closeTo(fixedMs), densityMs: expect.closeTo(densityMs) });
  });

  it('never tells a negative time', () => {
    const sample = fc.record({ density: fc.double({ min: 0.01, max: 1, noNaN: true }), ms: fc.double({ min: 0, max: 1e4, noNaN: true }) });
    fc.assert(fc.property(fc.array(sample, { minLength: 1, maxLength: 4 }), fc.double({ min: 0, max: 1, noNaN: true }), (samples, density) => {
      expect(msAt(fitLine(samples), density)).toBeGreaterThanOrEqual(0);
    }));
  });
});

describe('what a step spends on a layer', () => {
  it('counts passes once a micro-batch, and an index as often as masks change', () => {
    const passes = [pass('forward', 'masked', 3), pass('forward', 'csr', 1, 10), pass('weight gradient', 'csr', 2, 20), pass('index', 'csr', 100, 40)];
    expect(linesOf(passes, 1, 0)).toEqual([line('masked', 3), line('csr', 3, 30)]);
    expect(linesOf(passes, 4, 0.1)).toEqual([line('masked', 12), line('csr', 22, 124)]);
  });

  it('adds up over layers, for the formats that all have been measured in', () => {
    expect(addLines([[line('masked', 3), line('csr', 1, 2)], [line('masked', 4), line('csr', 2, 3)]])).toEqual([line('masked', 7), line('csr', 3, 5)]);
    expect(addLines([[line('masked', 3), line('csr', 1, 2)], [line('masked', 4)]])).toEqual([line('masked', 7)]);
  });
});

describe('a pass of several layers', () => {
  const passes = [pass('forward', 'masked', 3), pass('forward', 'csr', 1, 10), pass('input gradient', 'masked', 4)];

  it('takes what each layer takes as it is stored, against dense arithmetic, once a micro-batch', () => {
    const layers = [{ format: 'csr', density: 0.1, passes }, { format: 'masked', density: 0.1, passes }] as const;
    expect(measuredPass(layers, 'forward', 1)).toEqual({ ms: 2 + 3, denseMs: 6 });
    expect(measuredPass(layers, 'forward', 4)).toEqual({ ms: 20, denseMs: 24 });
  });

  it('leaves out layers that have no such pass, or were not measured', () => {
    const layers = [{ format: 'csr', density: 0.1, passes }, { format: 'masked', density: 0.1, passes: [] }] as const;
    expect(measuredPass(layers, 'forward', 1)).toEqual({ ms: 2, denseMs: 3 });
    expect(measuredPass(layers, 'input gradient', 1)).toBeUndefined();
  });
});

describe('the crossover', () => {
  it.each([
    ['is where both take as long', [line('masked', 5), line('csr', 1, 20)], 0.2],
    ['is 0 where csr never pays', [line('masked', 1), line('csr', 2, 20)], 0],
    ['is 1 where csr always pays', [line('masked', 5), line('csr', 1, 2)], 1],
    ['of two level lines is one of both', [line('masked', 5), line('csr', 1)], 1],
    ['is unknown where one was not measured', [line('masked', 5)], undefined],
  ] as const)('%s', (_, lines, wanted) => {
    expect(crossoverOf(lines)).toBe(wanted);
  });

  it('has the cheaper format on each side', () => {
    const ms = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(fc.property(ms, ms, ms, fc.double({ min: 0, max: 1, noNaN: true }), (dense, fixed, slope, density) => {
      const lines = [line('masked', dense), line('csr', fixed, slope)] as const;
      const crossover = crossoverOf(lines) as number;
      if (density < crossover - 1e-6) expect(msAt(lines[1], density)).toBeLessThanOrEqual(dense + 1e-6);
      if (density > crossover + 1e-6) expect(msAt(lines[1], density)).toBeGreaterThanOrEqual(dense - 1e-6);
    }));
  });
});

describe('the format of a layer', () => {
  const lines = [line('masked', 10), line('csr', 0, 50)];

  it.each([
    [0.1, 'masked', 'csr'], [0.16, 'masked', 'csr'], [0.18, 'masked', 'masked'], [0.2, 'masked', 'masked'],
    [0.2, 'csr', 'csr'], [0.22, 'csr', 'csr'], [0.24, 'csr', 'masked'], [1, 'csr', 'masked'],
  ] as const)('at density %f changes from %s to %s only where that is cheaper by 15 %%', (density, present, wanted) => {
    expect(chooseFormat(lines, density, present)).toBe(wanted);
  });

  it('stays where it is not measured, and never changes back at the same density', () => {
    expect(chooseFormat([], 0.1, 'csr')).toBe('csr');
    expect(chooseFormat([line('masked', 1)], 0.1, 'csr')).toBe('csr');
    const ms = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(fc.property(ms, ms, ms, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('masked', 'csr'), (dense, fixed, slope, density, present) => {
      const some = [line('masked', dense), line('csr', fixed, slope)];
      const first = chooseFormat(some, density, present);
      expect(chooseFormat(some, density, first)).toBe(first);
    }));
  });
});
