import { kernel, reads, writes } from '../gpu/kernel.ts';
import { spanGrid, expectLengths } from './lengths.ts';

/* Pooling over windows of 2 x 2 in steps of 2: X is (channels, height, width, batch), Y (channels, height / 2, width / 2, batch). */

const PICTURE = { channels: 'u32', height: 'u32', width: 'u32', batch: 'u32' } as const;

type Picture = Readonly<Record<keyof typeof PICTURE, number>>;

const inputs = (p: Picture): number => p.channels * p.height * p.width * p.batch;
const windows = (p: Picture): number => p.channels * Math.floor(p.height / 2) * Math.floor(p.width / 2);
const outputs = (p: Picture): number => windows(p) * p.batch;
/** Windows with those that an odd edge cuts. */
const allWindows = (p: Picture): number => p.channels * Math.ceil(p.height / 2) * Math.ceil(p.width / 2);

/** y = the largest of each window, ties to the first. */
export const maxPool = kernel({
  name: 'max_pool',
  bindings: [reads('x'), writes('y')],
  params: PICTURE,
  check: (p, n) => expectLengths('max_pool', n, { x: inputs(p), y: outputs(p) }),
  work: (p) => ({ flops: 3 * outputs(p) }),
  variants: [{ name: 'base', grid: (p) => spanGrid(windows(p), p.batch) }],
});

/** dx of maxPool. */
export const maxPoolGradient = kernel({
  name: 'max_pool_gradient',
  bindings: [reads('x'), reads('dy'), writes('dx')],
  params: PICTURE,
  check: (p, n) => expectLengths('max_pool_gradient', n, { x: inputs(p), dy: outputs(p), dx: inputs(p) }),
  work: (p) => ({ flops: 3 * inputs(p) }),
  variants: [{ name: 'base', grid: (p) => spanGrid(allWindows(p), p.batch) }],
});

/** y = the mean of each window. */
export const averagePool = kernel({
  name: 'average_pool',
  bindings: [reads('x'), writes('y')],
  params: PICTURE,
  check: (p, n) => expectLengths('average_pool', n, { x: inputs(p), y: outputs(p) }),
  work: (p) => ({ flops: 4 * outputs(p) }),
  variants: [{ name: 'base', grid: (p) => spanGrid(windows(p), p.batch) }],
});

/** dx of averagePool. */
export const averagePoolGradient = kernel({
  name: 'average_pool_gradient',
  bindings: [reads('dy'), writes('dx')],
  params: PICTURE,
  check: (p, n) => expectLengths('average_pool_gradient', n, { dy: outputs(p), dx: inputs(p) }),
  work: (p) => ({ flops: inputs(p) }),
  variants: [{ name: 'base', grid: (p) => spanGrid(allWindows(p), p.batch) }],
});
