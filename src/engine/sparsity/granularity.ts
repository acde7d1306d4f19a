/**
 * What a mask switches as one. Weights are [out, in], filters of a convolution [out, in kh kw].
 *
 * - `weight`: each weight by itself.
 * - `block`: square blocks; smaller ones at the right and the lower edge where the side does not divide.
 * - `kernel`: the kh kw weights between one input and one output channel; in a linear layer one weight.
 * - `channel`: all weights of one output channel; in a linear layer a row.
 */
export const GRANULARITIES = ['weight', 'block', 'kernel', 'channel'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** How the scores of its weights become that of a group. */
export const GROUP_SCORES = ['mean', 'max'] as const;
export type GroupScore = (typeof GROUP_SCORES)[number];
