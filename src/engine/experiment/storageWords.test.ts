import { describe, expect, it } from 'vitest';
import { storageSentence } from './storageWords.ts';

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
