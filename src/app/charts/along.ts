import { formatCount, formatDuration, formatQuantity } from '../text/numbers.ts';

/** What curves of training run along: steps, theoretical FLOPs of training, or milliseconds of training. */
export type XAxis = 'step' | 'flops' | 'time';

/** How each axis is called and written, and the column of its places in a CSV file, with what its values are divided by there. */
export const X_AXES: Readonly<Record<XAxis, { label: string; format(value: number): string; column: string; unit: number }>> = {
  step: { label: 'Step', format: formatCount, column: 'step', unit: 1 },
  flops: { label: 'FLOPs', format: (value) => (value === 0 ? '0' : formatQuantity(value, 'FLOP')), column: 'training_flops', unit: 1 },
  time: { label: 'Time', format: (value) => (value === 0 ? '0' : formatDuration(value)), column: 'seconds', unit: 1000 },
};
