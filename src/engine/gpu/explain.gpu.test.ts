import { expect, test } from 'vitest';
import { testRig } from '../../node/testRig.ts';
import { accumulate, add, applyMask } from '../kernels/elementwise.ts';
import { explainProgram, formatExplanation } from './explain.ts';
import { createTrace } from './trace.ts';

test('the listing names every dispatch and buffer, and adds up', async () => {
  const rig = await testRig();
  const trace = createTrace();
  const n = 6400;
  const flat = trace.state('params', 'f32', 2 * n);
  const w = trace.view(flat, 'layers.1.weight', n, [n]);
  const [masked, twice] = [trace.transient('masked', 'f32', [n]), trace.transient('twice', 'f32', [n])];
  trace.dispatch(applyMask, { label: 'mask', params: { n, first: 0, rest: 0, rest_knob: 0xffffffff }, bind: { x: w, bits: trace.state('mask', 'bits', n), y: masked } });
  trace.dispatch(add, { label: 'double', params: { n }, bind: { a: masked, b: masked, y: twice } });
  trace.dispatch(accumulate, { label: 'sum', params: { n, keep: 1, scale: 1 }, bind: { x: twice, total: trace.state('total', 'f32', n) } });
  const program = rig.workspace.add('toy', trace, rig.state);
  const listing = explainProgram(program);
  expect(listing.totals).toEqual({
    dispatches: 3, bytes: 8 * 25_600 - 25_600 + 800, flops: 19_200, stateBytes: 51_200 + 800 + 25_600, transientBytes: 51_200, unsharedBytes: 51_200, regions: [25_600, 25_600],
  });
  expect(formatExplanation(listing)).toBe([
    'program toy',
    '  1  mask: apply_mask/base  grid 100x1x1  52,000 B  0 FLOP',
    '       read  x = layers.1.weight  25,600 B  params @ 25600',
    '       read  bits = mask  800 B  mask @ 0',
    '       write y = masked  25,600 B  region 0 @ 0',
    '  2  double: add/base  grid 100x1x1  76,800 B  6,400 FLOP',
    '       read  a = masked  25,600 B  region 0 @ 0',
    '       read  b = masked  25,600 B  region 0 @ 0',
    '       write y = twice  25,600 B  region 1 @ 0',
    '  3  sum: accumulate/base  grid 100x1x1  51,200 B  12,800 FLOP',
    '       read  x = twice  25,600 B  region 1 @ 0',
    '       write total = total  25,600 B  total @ 0',
    'total 3 dispatches  180,000 B  19,200 FLOP',
    'state 77,600 B',
    'transients 51,200 B in 2 regions (25,600 + 25,600), 51,200 B unshared',
    '',
  ].join('\n'));
  rig.destroy();
});
