import type { SampleRange, SamplerId } from './samplers.ts';

/** Frozen answers of `indices`, checked on the CPU and on every GPU; batches that straddle epochs among them. */
export const SAMPLER_GOLDEN: readonly { sampler: SamplerId; range: SampleRange; indices: readonly number[] }[] = [
  { sampler: 'permutation', range: { seed: 1, cursor: 0, count: 10, size: 10 }, indices: [6, 2, 0, 1, 3, 7, 4, 8, 9, 5] },
  { sampler: 'permutation', range: { seed: 1, cursor: 7, count: 8, size: 10 }, indices: [8, 9, 5, 4, 6, 7, 9, 0] },
  { sampler: 'permutation', range: { seed: 42, cursor: 9996, count: 8, size: 10000 }, indices: [9095, 1261, 2567, 7068, 5966, 100, 7027, 0] },
  { sampler: 'permutation', range: { seed: 7, cursor: 179997, count: 6, size: 60000 }, indices: [4141, 872, 23128, 11507, 9093, 30619] },
  { sampler: 'permutation', range: { seed: 5, cursor: 3, count: 2, size: 1 }, indices: [0, 0] },
  { sampler: 'replacement', range: { seed: 1, cursor: 8, count: 6, size: 10 }, indices: [1, 6, 5, 2, 0, 6] },
  { sampler: 'replacement', range: { seed: 42, cursor: 9996, count: 8, size: 10000 }, indices: [3947, 7848, 1442, 764, 1873, 4580, 8556, 7767] },
  { sampler: 'sequential', range: { seed: 1, cursor: 8, count: 5, size: 10 }, indices: [8, 9, 0, 1, 2] },
];
