import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeptRun } from '../claims/keptRuns.ts';
import { openTestGpu } from '../testGpu.ts';
import { readArguments } from './arguments.ts';
import { type OpenDevice, openDevice } from './openDevice.ts';
import { runCommandLine } from './runCommand.ts';
import { runSweep, sweep } from './sweep.ts';

const base = mkdtempSync(join(tmpdir(), 'sparseland-sweep-'));
afterAll(() => rmSync(base, { recursive: true }));
let device: Promise<OpenDevice> | undefined;
beforeAll(() => openTestGpu());
const open = (): Promise<OpenDevice> => (device ??= openDevice());
const noDevice = (): Promise<OpenDevice> => Promise.reject(new Error('no device is wanted here'));

const at = (...names: string[]): string => join(base, ...names);
const GRID = ['--preset', 'rigl-moons', '--set', 'data.samples=256', '--set', 'evaluateEvery=5', '--steps', '15', '--vary', 'sparsity.density=0.1,0.5', '--vary', 'optimizer.rate=0.05,0.1', '--seeds', '2'];

async function swept(folder: string, extra: readonly string[] = [], from = open): Promise<string[]> {
  const said: string[] = [];
  await runSweep(readArguments([...GRID, '--out', at(folder), ...extra], sweep.options), { say: (line) => void said.push(line), warn: () => undefined, progress: { write: () => undefined } }, from);
  return said;
}

async function command(args: readonly string[]): Promise<{ code: number; err: string[] }> {
  const err: string[] = [];
  const code = await runCommandLine(args, { say: () => undefined, warn: (line) => void err.push(line), progress: { write: () => undefined } });
  return { code, err };
}

/** All columns of a table but the time that a run took. */
const table = (folder: string): string[] => readFileSync(at(folder, 'runs.csv'), 'utf8').trimEnd().split('\n').map((line) => line.split(',').slice(0, -1).join());

describe('a sweep', () => {
  let first: string[];
  beforeAll(async () => {
    first = await swept('whole');
  });

  test('runs each combination and both controls with each seed, and writes table, report and figure', () => {
    const lines = table('whole');
    expect(lines[0]).toMatch(/^sparsity\.density,optimizer\.rate,arm,seed,status,metric,value,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 4).join(' '))).toEqual([
      '0.1 0.05 setting-1 1', '0.1 0.05 setting-1 2', '0.1 0.1 setting-2 1', '0.1 0.1 setting-2 2', '0.5 0.05 setting-3 1', '0.5 0.05 setting-3 2', '0.5 0.1 setting-4 1', '0.5 0.1 setting-4 2',
      '  random 1', '  random 2', '  dense 1', '  dense 2',
    ]);
    const report = JSON.parse(readFileSync(at('whole', 'report.json'), 'utf8'));
    expect(report).toMatchObject({ seeds: [1, 2], words: first.slice(0, report.words.length) });
    expect(report.parts[0].rulings).toHaveLength(3);
    const figure = readFileSync(at('whole', 'figure.svg'), 'utf8');
    // Eight runs of settings, two lines, two controls.
    expect([figure.match(/<circle/g)?.length, figure.match(/<polyline/g)?.length, figure.match(/1\.5 3\.5/g)?.length]).toEqual([8, 2, 2]);
    expect(figure).not.toContain('NaN');
  });

  test('is told again without a device', async () => {
    expect(await swept('whole', [], noDevice)).toEqual(first);
  });

  test('is the same in shards, merged in any order, but for times', async () => {
    for (const shard of ['1/3', '2/3', '3/3']) expect((await swept(`shard-${shard[0]}`, ['--shard', shard])).join()).toMatch(/^4 of 12 runs/);
    expect(existsSync(at('shard-1', 'report.json'))).toBe(false);
    expect((await command(['sweep', 'merge', at('shard-3'), at('shard-1'), at('shard-2'), '--out', at('merged')])).code).toBe(0);
    expect(table('merged')).toEqual(table('whole'));
    expect(readFileSync(at('merged', 'figure.svg'), 'utf8')).toBe(readFileSync(at('whole', 'figure.svg'), 'utf8'));
  });

  test('does not merge with what does not belong to it, and says why', async () => {
    await swept('other', ['--set', 'optimizer.momentum=0.5', '--shard', '1/12']);
    expect((await command(['sweep', 'merge', at('shard-1'), at('other'), '--out', at('no')])).err[0]).toMatch(/other and .*shard-1 are of two sweeps: their experiments differ in other settings/);
    const name = readdirSync(at('shard-2', 'runs'))[0]!;
    const run = JSON.parse(readFileSync(at('shard-2', 'runs', name), 'utf8')) as KeptRun;
    writeFileSync(at('shard-1', 'runs', name), JSON.stringify({ ...run, value: run.value / 2 }));
    expect((await command(['sweep', 'merge', at('shard-1'), at('shard-2'), '--out', at('no')])).err[0]).toMatch(/came out differently in .*shard-2 and .*shard-1/);
    writeFileSync(at('shard-1', 'runs', name), JSON.stringify({ ...run, adapter: 'Another' }));
    expect((await command(['sweep', 'merge', at('shard-2'), at('shard-1'), '--out', at('no')])).err[0]).toMatch(/was run on Another and .*shard-2 on /);
    expect(existsSync(at('no'))).toBe(false);
    await expect(swept('whole', ['--set', 'optimizer.momentum=0.5'], noDevice)).rejects.toThrow(/holds another sweep/);
  });

  test('says which runs are missing where not all shards are there', async () => {
    rmSync(at('shard-1'), { recursive: true });
    expect((await command(['sweep', 'merge', at('shard-2'), at('shard-3'), '--out', at('part')])).code).toBe(0);
    expect([table('part').length, existsSync(at('part', 'report.json'))]).toEqual([9, false]);
  });
});

test.each([
  [['--vary', 'sparsity.densty=0.1'], /"sparsity\.densty" is unknown; known: .*sparsity\.density/],
  [['--vary', 'sparsity.density=0.1,2'], /must be a number from 0\.001 to 1, not "2"/],
  [['--vary', 'sparsity.density=0.1,0.1'], /"0\.1" is there twice/],
  [['--vary', 'sparsity.density'], /--vary takes PATH=VALUE,VALUE/],
  [['--vary', 'sparsity.density=0.1,0.10'], /density 0\.10 is the same experiment as density 0\.1/],
  [[], /Say what to vary/],
  [['--vary', 'seed=1,2', '--shard', '3/2'], /--shard must be a whole number from 1 to 2/],
  [['--vary', 'seed=1,2', '--shard', 'one'], /--shard takes I\/N/],
  [['split'], /or the word merge, not split/],
  [['merge'], /Say which folders/],
])('sweep %j gives one line, code 2, and leaves nothing', async (args, message) => {
  const { code, err } = await command(['sweep', ...args, ...(args.includes('merge') ? [] : ['--preset', 'rigl-moons']), '--out', at('nothing')]);
  expect([code, err.length, existsSync(at('nothing'))]).toEqual([2, 1, false]);
  expect(err[0]).toMatch(message);
});
