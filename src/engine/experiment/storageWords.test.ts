import { describe, expect, it } from 'vitest';
import { SINGLE_WEIGHTS } from '../sparsity/granularity.ts';
import { slowPatternSentence, storageSentence } from './storageWords.ts';

const masked = { format: 'masked', fixedMs: 3.3, densityMs: 0 } as const;

describe('a line on a layer', () => {
  it.each([
    ['fc2', 'csr', 0.05, [masked, { format: 'csr', fixedMs: 0.9, densityMs: 13 }], 'fc2: csr at 5 % density, 1.6 ms a step against 3.3 ms masked; csr pays below 18 % density'],
    ['fc2', 'block', 0.05, [masked, { format: 'csr', fixedMs: 0.9, densityMs: 13 }, { format: 'block', fixedMs: 0.3, densityMs: 5 }], 'fc2: block at 5 % density, 0.55 ms a step against 3.3 ms masked and 1.6 ms csr; block pays below 60 % density'],
    ['fc1', 'masked', 1, [masked, { format: 'csr', fixedMs: 4, densityMs: 13 }], 'fc1: masked at 100 % density, 3.3 ms a step against 17 ms csr; csr never pays'],
    ['fc1', 'csr', 0.004, [masked, { format: 'csr', fixedMs: 0.0123, densityMs: 0 }], 'fc1: csr at 0.4 % density, 0.012 ms a step against 3.3 ms masked; csr pays at any density'],
    ['fc3', 'masked', 0.1, [masked], 'fc3: masked at 10 % density, 3.3 ms a step; csr does not fit this device'],
    ['fc3', 'masked', 0.1, [], 'fc3: masked at 10 % density; nothing measured'],
  ] as const)('of %s stored as %s at %f', (layer, format, density, lines, wanted) => {
    expect(storageSentence({ layer, format, density, lines })).toBe(wanted);
  });
});

describe('a pattern for each row', () => {
  const masks = { ...SINGLE_WEIGHTS, granularity: 'nm', n: 2, m: 4 } as const;
  const layer = (name: string, nm: number, { dense = 2, density = 0.5, format = 'nm' as const } = {}) => ({ layer: name, format, density, lines: [{ format: 'masked', fixedMs: dense, densityMs: 0 }, { format: 'nm', fixedMs: 0, densityMs: 2 * nm }] as const });

  it.each([
    ['slower', [layer('fc1', 3.4)], 'On this device 2:4 with a pattern for each row takes 1.7 times as long as the dense product (fc1, measured).'],
    ['slower over two layers together', [layer('fc1', 1), layer('fc2', 5)], 'On this device 2:4 with a pattern for each row takes 1.5 times as long as the dense product (fc1 and fc2, measured).'],
    ['slower over many', ['a', 'b', 'c'].map((name) => layer(name, 4)), 'On this device 2:4 with a pattern for each row takes 2 times as long as the dense product (3 layers, measured).'],
    ['slower, and stored as masked for that', [{ ...layer('fc1', 3.4), format: 'masked' as const }], 'On this device 2:4 with a pattern for each row would take 1.7 times as long as the dense product (fc1, measured).'],
    ['as fast, within noise', [layer('fc1', 2.05)], undefined],
    ['faster', [layer('fc1', 1)], undefined],
    ['at another density, which is on no measured point', [layer('fc1', 3.4, { density: 0.9 })], undefined],
    ['not measured', [{ ...layer('fc1', 1), lines: [] }], undefined],
  ])('that is %s', (_, layers, wanted) => {
    expect(slowPatternSentence(layers, masks, 'on this device')).toBe(wanted);
  });

  it('is told of no others', () => {
    expect(slowPatternSentence([layer('fc1', 9)], { ...masks, share: '8' }, 'on this device')).toBeUndefined();
    expect(slowPatternSentence([layer('fc1', 9)], SINGLE_WEIGHTS, 'on this device')).toBeUndefined();
    expect(slowPatternSentence([layer('fc1', 9)], { ...masks, axis: 'both', share: '8' }, 'on this device')).toContain('4.5 times');
  });
});
