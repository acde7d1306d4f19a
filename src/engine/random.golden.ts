/**
 * Frozen values of `randomU32(seed, purpose, step, index)`, checked on the CPU and on every GPU. A link that is a year
 * old has to give the same run, so they never change.
 */
export const RANDOM_GOLDEN: readonly { key: readonly [number, number, number, number]; value: number }[] = [
  { key: [0, 0, 0, 0], value: 1706145340 },
  { key: [0, 1, 0, 0], value: 1662715695 },
  { key: [1, 1, 0, 0], value: 1730351456 },
  { key: [1, 1, 0, 1], value: 3810126026 },
  { key: [1, 1, 1, 0], value: 2196159788 },
  { key: [1, 2, 0, 0], value: 844361925 },
  { key: [42, 3, 1200, 54321], value: 1081101683 },
  { key: [0xffffffff, 8, 0xffffffff, 0xffffffff], value: 2775046072 },
  { key: [7, 5, 123456789, 4294967295], value: 463316032 },
  { key: [2147483648, 4, 2147483648, 2147483648], value: 3658915898 },
];
