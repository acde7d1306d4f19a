import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { ContenderReport, RowReport } from '../../bench/measure.ts';
import { benchMarkdown, benchPaths, benchVersions } from './benchFiles.ts';
import { benchTable } from './benchTable.ts';
import { runCommandLine } from './runCommand.ts';

test.each([
  [['--only', 'nothing'], 'There is no row "nothing". Known: matmul-512, matmul-1024, attention, mlp-sgd, mlp-adam, cnn, transformer, sparse-step-csr-90, sparse-step-csr-95, sparse-step-csr-99, sparse-step-block-80, sparse-step-block-90, sparse-step-block-95, nm-product-2-4-by-8, nm-product-1-4-by-8, nm-product-1-8-by-8, nm-product-1-8-by-1, nm-product-1-16-by-1, bdwp-step, mask-update, growth-256, growth-512, growth-1024, growth-2048.'],
  [['--rounds', '2'], '--rounds must be a whole number from 3 to 1000, not "2".'],
  [['--out', '/no such folder/bench.json'], '--out "/no such folder/bench.json": there is no folder "/no such folder".'],
  [['--out', tmpdir()], 'is a folder.'],
  [['--out', 'bench.md'], '--out "bench.md" takes the JSON file; the table and the plot are written beside it.'],
  [['--first'], '"--first" is no option of this command.'],
])('%j is refused in one line, before anything is measured', async (args, words) => {
  const lines: string[] = [];
  const code = await runCommandLine(['bench', ...args], { say: () => expect.unreachable(), warn: (line) => lines.push(line), progress: { write: () => true } });
  expect([code, lines.length]).toEqual([2, 1]);
  expect(lines[0]).toContain(words);
});

const spread = (median: number) => ({ median, lower: median - 1, upper: median + 2, best: median - 2, worst: median + 9 });

test('results are JSON, and beside it Markdown that says who measured, and a drawing', () => {
  expect(benchPaths('results/bench.json')).toEqual({ json: 'results/bench.json', markdown: 'results/bench.md', svg: 'results/bench.svg' });
  expect(benchPaths('v1.2')).toEqual({ json: 'v1.2', markdown: 'v1.2.md', svg: 'v1.2.svg' });
  const versions = benchVersions();
  expect(Object.keys(versions)).toEqual(['sparseland', 'node', 'webgpu', '@tensorflow/tfjs-backend-webgpu', '@jax-js/jax']);
  const own: ContenderReport = { name: 'sparseland', peer: null, point: null, wall: spread(20), cpu: null, n: 12, rare: null, relative: 1, flops: 4e8, gflops: 20, dispatches: 16, submits: 1, variants: null, passes: null };
  const rows = [{ name: 'mlp-sgd', title: 'A step', baseline: 'sparseland', executions: 2, contenders: [own] }];
  expect(benchMarkdown({ format: 1, adapter: 'Some driver, software', software: true, versions: { node: 'v20' }, rounds: 12, load: [0.25, 1, 2], rows }).split('\n')).toEqual([
    'Some driver, software adapter. Versions: node v20. Load before: 0.3, 1.0, 2.0.',
    '',
    '**mlp-sgd**: A step; 2 executions a sample',
    '',
    '|  | wall ms (quartiles; best) | CPU ms | n | by sparseland | GFLOPS | dispatches | submits |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    '| sparseland | 20.0 (19.0-22.0; 18.0) | - | 12 | 1.00 | 20.00 | 16 | 1 |',
    '',
  ]);
});

test('a row is a table: spread, CPU, ratio to the dense twin, and how we stand to the better peer', () => {
  const contender = (name: string, peer: string | null, wall: number): ContenderReport => ({
    name, peer, point: null, wall: spread(wall), cpu: spread(2 * wall), n: 12, rare: peer === 'jax' ? { period: 100, wall: spread(300) } : null, relative: wall / 20, flops: 4e8, gflops: 4e8 / wall / 1e6, dispatches: 16, submits: 1, variants: null,
    passes: peer === null ? [{ label: 'forward fc1', kernel: 'linear_forward/tall', ms: 1.25, flops: 1e8 }] : null,
  });
  const row: RowReport = { name: 'mlp-sgd', title: 'A step', baseline: 'sparseland', executions: 2, contenders: [contender('sparseland', null, 20), contender('tfjs', 'tfjs', 50), contender('jax', 'jax', 40)] };
  expect(benchTable(row)).toEqual([
    '',
    'mlp-sgd: A step; 2 executions a sample',
    '              wall ms (quartiles; best)  CPU ms  n   by sparseland  GFLOPS  dispatches  submits',
    '  sparseland  20.0 (19.0-22.0; 18.0)     40.0    12  1.00           20.00   16          1',
    '  tfjs        50.0 (49.0-52.0; 48.0)     100     12  2.50           8.00    16          1',
    '  jax         40.0 (39.0-42.0; 38.0)     80.0    12  2.00           10.00   16          1',
    '  jax: a step with an update takes 300 ms (299-302), reckoned in once in 100',
    '  sparseland: 2.00 times the speed of the better peer by wall, 2.00 by CPU',
    '  sparseland, each dispatch in a pass of its own, by the clock of the device:',
    '    forward fc1  linear_forward/tall  1.25 ms  100.0 MFLOP',
  ]);
});
