import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Claim } from '../../engine/claims/claim.ts';
import { shortened } from '../../engine/claims/claims.testing.ts';
import { CLAIMS } from '../../engine/claims/index.ts';
import type { KeptRun } from '../claims/keptRuns.ts';
import { openTestGpu } from '../testGpu.ts';
import { settle } from './claim.ts';
import { type OpenDevice, openDevice } from './openDevice.ts';
import { runCommandLine } from './runCommand.ts';

const base = mkdtempSync(join(tmpdir(), 'sparseland-claim-'));
afterAll(() => rmSync(base, { recursive: true }));
let device: Promise<OpenDevice> | undefined;
// Chooses the adapter of the process before a device is opened; all claims here share it.
beforeAll(() => openTestGpu());
const open = (): Promise<OpenDevice> => (device ??= openDevice());
const noDevice = (): Promise<OpenDevice> => Promise.reject(new Error('no device is wanted here'));

/** Two moons, in 40 steps. */
const SHORT = [['data.set', 'moons'], ['data.samples', 256], ['steps', 40], ['evaluateEvery', 10]] as const;
const wide = shortened(CLAIMS['random-pruning'] as Claim, SHORT);
/** Widths 32 and 64 alone. */
const short: Claim = {
  ...wide, arms: wide.arms.slice(0, 4),
  parts: wide.parts.map((part) => (part.comparison.kind === 'trend' ? { ...part, comparison: { ...part.comparison, points: part.comparison.points.slice(0, 2) } } : part)),
};

async function settled(claim: Claim, seeds: number, folder: string, from = open): Promise<{ out: string[]; err: string[] }> {
  const [out, err]: [string[], string[]] = [[], []];
  await settle(claim, seeds, join(base, folder), { say: (line) => void out.push(line), warn: (line) => void err.push(line), progress: { write: () => undefined } }, from);
  return { out, err };
}

const fileOf = (folder: string, name: string): string => join(base, folder, name);
const read = <Content>(folder: string, name: string): Content => JSON.parse(readFileSync(fileOf(folder, name), 'utf8')) as Content;
interface Report { outcome: string; looks: number[]; seeds: number[]; words: string[]; extendedAfterLooking: boolean; arms: { id: string; values: number[]; density: number; flops: Record<string, number> }[] }

/** Writes other values into the runs that are kept, by arm. */
function replace(folder: string, values: Readonly<Record<string, number>>): void {
  for (const name of readdirSync(fileOf(folder, 'runs'))) {
    const run = read<KeptRun>(folder, `runs/${name}`);
    writeFileSync(fileOf(folder, `runs/${name}`), JSON.stringify({ ...run, value: values[run.arm] ?? run.value }));
  }
}

describe('a claim', () => {
  let first: { out: string[]; err: string[] };
  beforeAll(async () => {
    first = await settled(short, 2, 'moons');
  });

  test('runs every arm with every seed, and keeps each run', () => {
    expect(readdirSync(fileOf('moons', 'runs')).sort()).toEqual(['dense-32', 'dense-64', 'random-32', 'random-64'].flatMap((arm) => [`${arm}-1.json`, `${arm}-2.json`]).sort());
    expect(first.err).toHaveLength(8);
    expect(first.err[5]).toMatch(/%\s+run 6 of 8: dense-32, seed 2, .* left$/);
    const run = read<KeptRun>('moons', 'runs/random-32-1.json');
    expect(run).toMatchObject({ status: 'finished', steps: 40, edits: 0, epochs: 20 });
    expect(run.evaluations.map(({ step }) => step)).toEqual([20, 30, 40]);
    expect(run.value).toBeCloseTo(run.evaluations.reduce((sum, { value }) => sum + (value ?? 0), 0) / 3, 12);
    expect(run.density).toBeCloseTo(0.05, 2);
    expect(run.flops.training).toBeLessThan(run.flops.denseTraining);
  });

  test('reports points, interval and what was compared', () => {
    const report = read<Report>('moons', 'report.json');
    expect(report).toMatchObject({ seeds: [1, 2], looks: [2], extendedAfterLooking: false });
    expect(report.arms.map(({ id }) => id)).toEqual(short.arms.map(({ id }) => id));
    expect(first.out.slice(0, report.words.length)).toEqual(report.words);
    expect(report.words.join('\n')).toMatch(/gap closed .* points, 95 % CI \[.*\], delta 0\.5, n = 2 seeds, a short copy, 5 % density, ERK\. Equal settings, not tuned\.\n {2}points: [+-]\S+ [+-]\S+/);
    expect(report.arms[1]).toMatchObject({ id: 'dense-32', density: 1 });
    const csv = readFileSync(fileOf('moons', 'runs.csv'), 'utf8').trimEnd().split('\n').map((line) => line.split(','));
    expect([csv.length, new Set(csv.map((line) => line.length)).size]).toEqual([9, 1]);
    expect(csv.slice(1).map(([, arm]) => arm)).toEqual(short.arms.flatMap(({ id }) => [id, id]));
  });

  test('once run, is told again without a device, and to the same words', async () => {
    const before = readdirSync(fileOf('moons', 'runs')).map((name) => statSync(fileOf('moons', `runs/${name}`)).mtimeMs);
    const again = await settled(short, 2, 'moons', noDevice);
    expect(again).toEqual({ out: first.out, err: [] });
    expect(readdirSync(fileOf('moons', 'runs')).map((name) => statSync(fileOf('moons', `runs/${name}`)).mtimeMs)).toEqual(before);
  });

  test('is run to the same bits, so that a run that was lost comes back', async () => {
    const lost = read<KeptRun>('moons', 'runs/random-64-2.json');
    rmSync(fileOf('moons', 'runs/random-64-2.json'));
    expect((await settled(short, 2, 'moons')).err).toHaveLength(1);
    expect(read<KeptRun>('moons', 'runs/random-64-2.json')).toMatchObject({ hash: lost.hash, value: lost.value, flops: lost.flops });
  });

  test('has the verdict that its runs have', async () => {
    replace('moons', { 'dense-32': 0.95, 'random-32': 0.8, 'dense-64': 0.95, 'random-64': 0.9 });
    expect((await settled(short, 2, 'moons', noDevice)).out[0]).toBe(`Shown at this scale: ${short.sentence}`);
    replace('moons', { 'random-64': 0.75 });
    expect((await settled(short, 2, 'moons', noDevice)).out[1]).toMatch(/^Not shown at this scale, opposite direction: /);
    replace('moons', { 'random-32': 0.949 });
    expect((await settled(short, 2, 'moons', noDevice)).out[1]).toMatch(/cannot tell them apart/);
  });

  test('tells that seeds were added after a look, and does not take any away', async () => {
    const { out, err } = await settled(short, 3, 'moons');
    expect(err).toHaveLength(4);
    expect(out).toContain('Extended after looking (n 2 -> 3).');
    expect(read<Report>('moons', 'report.json')).toMatchObject({ looks: [2, 3], extendedAfterLooking: true });
    await expect(settled(short, 2, 'moons', noDevice)).rejects.toThrow(/judged on 3 seeds already/);
  });

  test('does not mix with runs of another version of itself, another device or another thing', async () => {
    await expect(settled({ ...short, delta: 0.01 }, 3, 'moons', noDevice)).rejects.toThrow(/of another claim/);
    await expect(settled(short, 4, 'moons', async () => ({ ...(await open()), name: 'Another' }))).rejects.toThrow(/this device is Another/);
    await expect(settled(short, 2, '.', noDevice)).rejects.toThrow(/holds moons, which is not of a claim/);
    writeFileSync(fileOf('moons', 'runs/dense-32-1.json'), '{');
    await expect(settled(short, 3, 'moons', noDevice)).rejects.toThrow(/dense-32-1\.json cannot be read/);
  });
});

test('a run that diverges counts as chance', async () => {
  const wild = shortened(short, [['optimizer.rate', 10], ['optimizer.momentum', 0.999], ['optimizer.decay', 1]]);
  const { out } = await settled(wild, 1, 'wild');
  expect(out[0]).toBe('1 seed: no verdict.');
  expect(read<KeptRun>('wild', 'runs/dense-32-1.json')).toMatchObject({ status: 'diverged', value: 0.5 });
});

test('GraNet runs against the four others at both densities, each at the density that it is asked for', async () => {
  const granet = shortened(CLAIMS.granet as Claim, [...SHORT, ['model.hidden', '24-16'], ['data.samples', 256]]);
  await settled(granet, 1, 'granet');
  const { arms } = read<Report>('granet', 'report.json');
  expect(arms).toHaveLength(11);
  for (const { id, density } of arms) if (id !== 'dense') expect([id, Math.abs(density - (id.endsWith('-5') ? 0.05 : 0.02)) < 0.003]).toEqual([id, true]);
});

const PERCEPTRON = [['data.set', 'teacher'], ['data.samples', 256], ['model.hidden', '32-32'], ['steps', 12], ['evaluateEvery', 4]] as const;
const TRANSFORMER = [['data.batch', 4], ['data.context', 8], ['model.width', 16], ['model.feedForward', 16], ['steps', 12], ['evaluateEvery', 4]] as const;

test.each([
  // Of 16 inputs and 32: where groups of 32 are cut short, one of 16 stays.
  ['gradient-flow', PERCEPTRON, { '1-16': 1 / 16, '1-32': (32 + 32) / (16 * 32 + 32 * 32) }],
  ['bdwp', PERCEPTRON, { '2-8': 1 / 4 }],
  ['nm-moby', TRANSFORMER, { '2-4': 1 / 2, '1-4': 1 / 4, '1-8': 1 / 8 }],
] as const)('a short copy of %s brings every arm to its pattern', async (id, settings, densities) => {
  const { out } = await settled(shortened(CLAIMS[id] as Claim, settings), 1, id);
  expect(out[0]).toBe('1 seed: no verdict.');
  const { arms } = read<Report>(id, 'report.json');
  for (const arm of arms) expect([arm.id, arm.density]).toEqual([arm.id, expect.closeTo(arm.id === 'dense' ? 1 : (densities as Record<string, number>)[arm.id.replace(/^.*?(?=\d)/, '')]!, 6)]);
});

test.each([
  [['claim'], /Say which claim\. Known: random-pruning, granet, gradient-flow, bdwp, nm-moby/],
  [['claim', 'nope'], /There is no claim "nope"/],
  [['claim', 'granet', '--seeds', '0'], /--seeds must be a whole number from 1 to 100/],
  [['claim', 'granet', '--out', 'package.json'], /is a file/],
])('%j gives one line, code 2, and leaves nothing', async (args, message) => {
  const err: string[] = [];
  const code = await runCommandLine(args, { say: () => undefined, warn: (line) => void err.push(line), progress: { write: () => undefined } });
  expect([code, err.length, existsSync('runs/claim-granet')]).toEqual([2, 1, false]);
  expect(err[0]).toMatch(message);
});
