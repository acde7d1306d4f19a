import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import { openTestGpu } from '../testGpu.ts';
import { decodeSafetensors, type Tensor } from '../../engine/experiment/safetensors.ts';
import { runCommandLine } from './runCommand.ts';

const base = mkdtempSync(join(tmpdir(), 'sparseland-train-'));
afterAll(() => rmSync(base, { recursive: true }));
// Chooses the adapter of the process before the command opens it.
beforeAll(() => openTestGpu());

interface Report {
  status: string;
  steps: number;
  density: number;
  active: number;
  final: Record<string, number>;
  layers: { name: string; shape: number[]; active: number; density: number }[];
  stepMs: { median: number };
  flops: Record<string, number>;
  sha256: Record<string, string>;
}

async function sparseland(...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommandLine(args, { say: (line) => void out.push(line), warn: (line) => void err.push(line), progress: { write: (text) => void err.push(text) } });
  return { code, out, err };
}

const reportIn = (folder: string): Report => JSON.parse(readFileSync(join(base, folder, 'report.json'), 'utf8')) as Report;
const SMALL = ['--preset', 'rigl-moons', '--steps', '120', '--set', 'sparsity.updatePeriod=15', '--set', 'beside.dense=false', '--set', 'beside.random=false', '--set', 'evaluateEvery=60'];

describe('train', () => {
  let tensors: Map<string, Tensor>;
  beforeAll(async () => {
    const { code, out, err } = await sparseland('train', ...SMALL, '--out', join(base, 'first'));
    expect([code, err]).toEqual([0, []]);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatch(/^rigl-moons seed 1: finished at step 120 in .* test accuracy \d+(\.\d+)? % at density 19\.97 %/);
    tensors = new Map(decodeSafetensors(readFileSync(join(base, 'first/weights.safetensors'))).tensors.map((t) => [t.name, t]));
  });

  test('writes four files and nothing beside them', () => {
    expect(readdirSync(base)).toEqual(['first']);
    expect(readdirSync(join(base, 'first')).sort()).toEqual(['experiment.json', 'metrics.csv', 'report.json', 'weights.safetensors']);
  });

  test('pruned weights are exactly +0, and the masks count what the report says', () => {
    const { layers, active, density } = reportIn('first');
    let all = 0;
    for (const { name, shape, active: expected } of layers) {
      const [weight, mask, bias] = [tensors.get(`${name}.weight`), tensors.get(`${name}.weight.mask`), tensors.get(`${name}.bias`)];
      expect([weight?.shape, mask?.shape, bias?.shape]).toEqual([shape, shape, shape.slice(0, 1)]);
      expect([weight?.dtype, mask?.dtype]).toEqual(['F32', 'U8']);
      weight?.values.forEach((value, i) => mask?.values[i] === 0 && expect(Object.is(value, 0)).toBe(true));
      expect(Array.from(mask?.values ?? []).reduce((sum, bit) => sum + bit, 0)).toBe(expected);
      all += expected;
    }
    expect([all, density]).toEqual([active, active / 1152]);
    expect([...tensors.keys()]).toHaveLength(9);
  });

  test('the weights compute what the report claims on the points of two moons', async () => {
    const { loadDataset } = await import('../../engine/data/index.ts');
    const experiment = parseExperiment(JSON.parse(readFileSync(join(base, 'first/experiment.json'), 'utf8'))).experiment;
    const { test: points } = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('generated')));
    let correct = 0;
    for (let e = 0; e < points.count; e++) {
      let h = Array.from(points.values.subarray(2 * e, 2 * e + 2));
      for (let l = 0; l < 3; l++) {
        const [w, b] = [tensors.get(`layers.${l}.weight`) as Tensor, tensors.get(`layers.${l}.bias`) as Tensor];
        const [out = 0, inputs = 0] = w.shape;
        const sums = Array.from({ length: out }, (_, o) => h.reduce((sum, x, i) => sum + x * (w.values[o * inputs + i] as number), b.values[o] as number));
        h = l < 2 ? sums.map((v) => Math.max(0, v)) : sums;
      }
      if (((h[1] as number) > (h[0] as number) ? 1 : 0) === points.labels[e]) correct++;
    }
    const { final } = reportIn('first');
    expect(final.testAccuracy).toBeGreaterThan(0.85);
    expect(Math.abs(correct / points.count - (final.testAccuracy as number))).toBeLessThanOrEqual(1 / points.count);
  });

  test('the metrics hold every step, and the report their last values', () => {
    const lines = readFileSync(join(base, 'first/metrics.csv'), 'utf8').trimEnd().split('\n').map((line) => line.split(','));
    const column = (table: string, name: string): string[][] => lines.filter(([arm, t, , c]) => arm === 'main' && t === table && c === name);
    expect(column('train', 'loss').map(([, , step]) => Number(step))).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
    expect(column('test', 'accuracy').map(([, , step]) => Number(step))).toEqual([0, 60, 120]);
    const { final, active } = reportIn('first');
    expect([Number(column('train', 'loss').at(-1)?.[4]), Number(column('test', 'accuracy').at(-1)?.[4]), Number(column('mask', 'active').at(-1)?.[4])]).toEqual([final.trainLoss, final.testAccuracy, active]);
  });

  test('theoretical FLOPs of the run lie between those of the sparse and the dense steps', () => {
    const { flops } = reportIn('first');
    expect(flops.denseTraining).toBe(120 * (flops.denseStep as number));
    expect(flops.training).toBeGreaterThan(0.5 * 120 * (flops.step as number));
    expect(flops.training).toBeLessThan(flops.denseTraining as number);
  });

  test('the experiment that was written, run again, ends with the same bits', async () => {
    const { code } = await sparseland('train', '--experiment', join(base, 'first/experiment.json'), '--out', join(base, 'second'), '--checkpoint', join(base, 'state.bin'));
    expect(code).toBe(0);
    expect(reportIn('second').sha256).toEqual(reportIn('first').sha256);
  });

  test('a run that ended is trained on, from the weights that it had', async () => {
    const ended = await sparseland('train', '--resume', join(base, 'state.bin'), '--out', join(base, 'third'));
    expect([ended.code, ended.err.join()]).toEqual([2, expect.stringMatching(/is at step 120 of 120.*--steps N/)]);
    const { code, err } = await sparseland('train', '--resume', join(base, 'state.bin'), '--steps', '150', '--out', join(base, 'third'));
    expect([code, err]).toEqual([0, []]);
    expect(reportIn('third')).toMatchObject({ steps: 150, resumedAtStep: 120 });
    const steps = readFileSync(join(base, 'third/metrics.csv'), 'utf8').split('\n').filter((line) => line.startsWith('main,train,')).map((line) => Number(line.split(',')[2]));
    expect([Math.min(...steps), Math.max(...steps)]).toEqual([121, 150]);
  });
});

test('a run that diverges keeps its last good weights, says so and ends with code 1', async () => {
  const { code, out, err } = await sparseland('train', ...SMALL, '--set', 'optimizer.rate=10', '--set', 'optimizer.momentum=0.999', '--set', 'optimizer.decay=1', '--out', join(base, 'wild'));
  expect(code).toBe(1);
  const [, step] = /At step (\d+) .*no longer finite/.exec(err.join()) ?? [];
  expect(out.join()).toContain(`diverged after step ${Number(step) - 1} in`);
  const report = reportIn('wild');
  expect(report.status).toBe('diverged');
  expect(decodeSafetensors(readFileSync(join(base, 'wild/weights.safetensors'))).tensors.every((t) => t.values.every(Number.isFinite))).toBe(true);
});

test.each([
  [['trian'], /There is no command "trian"\. Known: list, train, explain, /],
  [['train', '--preset', 'nope'], /Known: hello-mnist/],
  [['train', ...SMALL, '--seed', '1e9'], /--seed/],
  [['train', ...SMALL, '--out', '/proc/none/x'], /cannot be written to/],
  [['train', '--resume', '/nowhere'], /cannot be resumed/],
  [['train', '--resume', 'package.json'], /no Sparseland checkpoint/],
  [['train', '--resume', 'package.json', '--seed', '3'], /leave out --seed/],
  [['list', 'everything'], /presets, methods, datasets/],
  [['explain'], /--preset ID/],
  [['selftest', '--out', 'x'], /--full/],
])('%j gives one line, code 2, and leaves nothing', async (args, message) => {
  const before = readdirSync(base);
  const { code, out, err } = await sparseland(...args);
  expect([code, out, err.length]).toEqual([2, [], 1]);
  expect(err[0]).toMatch(message);
  expect(err[0]).not.toContain('\n');
  expect([readdirSync(base), existsSync('runs/rigl-moons-1')]).toEqual([before, existsSync('runs/rigl-moons-1')]);
});
