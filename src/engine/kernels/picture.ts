import { grid2d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/* Pictures that are painted where the data lie. */

/**
 * pixels (height, stride), 0xAABBGGRR: what a window of `width` x `height` pixels at (`left`, `top`) shows of a matrix of
 * weights with codes of 0 to 5, given as three planes of bits. Squares stand for one weight (`k` is 1) and are copied from
 * `squares` (code, cell, cell), or for k x k weights, whose colour is mixed: `rule` 0 for states, of which `solo` is
 * looked at alone (6 for all), 1 for bins of age.
 */
export const matrixPicture = kernel({
  name: 'matrix_picture',
  bindings: [reads('planes', 'bits'), reads('squares', 'u32'), writes('pixels', 'u32')],
  params: {
    width: 'u32', height: 'u32', stride: 'u32', left: 'u32', top: 'u32',
    outputs: 'u32', inputs: 'u32', k: 'u32', cell: 'u32', bands: 'u32', band_inputs: 'u32', band_step: 'u32',
    plane_words: 'u32', rule: 'u32', solo: 'u32',
    surface: 'u32', colour_0: 'u32', colour_1: 'u32', colour_2: 'u32', colour_3: 'u32', colour_4: 'u32', colour_5: 'u32',
  },
  check: (p, n) => expectLengths('matrix_picture', n, { planes: 3 * 32 * p.plane_words, squares: 6 * p.cell * p.cell, pixels: p.height * p.stride }),
  work: (p) => ({ flops: p.k > 1 ? 9 * p.height * Math.ceil(p.width / p.cell) : 0 }),
  variants: [{ name: 'base', grid: (p) => grid2d(Math.ceil(p.width / p.cell) + 1, p.height, 8, 8) }],
});
