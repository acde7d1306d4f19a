import { expect, test } from 'vitest';
import { BenchError, measureRow, stepsOf } from './measure.ts';
import type { BenchHost, BenchRow, Contender, OpenContender } from './row.ts';
import { BENCH_ROWS } from './rows/index.ts';
import { rotated, spreadOf } from './statistics.ts';

const host = {} as BenchHost;

/** Contenders that write down what is asked of them. */
function rowOf(...changes: (Partial<OpenContender> & { name: string; peer?: 'tfjs'; refuses?: string })[]): { row: BenchRow; heard: string[] } {
  const heard: string[] = [];
  const contenders = changes.map(({ name, peer, refuses, ...own }): Contender => ({
    name,
    ...(peer ? { peer } : {}),
    async open() {
      if (refuses) throw new Error(refuses);
      return { run: (n) => heard.push(`${name} x ${n}`), wait: async () => undefined, flops: 6, destroy: () => heard.push(`${name} closed`), ...own };
    },
  }));
  return { row: { name: 'row', title: 'Row', baseline: 'dense', contenders }, heard };
}

test('the baseline comes first, then contenders take turns in an order that rotates; all are closed', async () => {
  const { row, heard } = rowOf({ name: 'sparse', most: 2 }, { name: 'dense' });
  const { contenders, executions } = await measureRow(row, host, { rounds: 3, peers: false });
  expect(executions).toBe(2);
  expect(heard.filter((line) => line.endsWith('x 2')).map((line) => line[0]).join('')).toBe('dssdds');
  expect(heard.slice(0, 3)).toEqual(['dense x 1', 'dense x 1', 'dense x 1']);
  expect(heard.slice(-2)).toEqual(['sparse closed', 'dense closed']);
  expect(contenders.map(({ name, n, cpu }) => [name, n, cpu])).toEqual([['sparse', 3, null], ['dense', 3, null]]);
});

test('short work is repeated within a sample, long work is not, and times are those of one execution', async () => {
  for (const [ms, executions] of [[30, 1], [10, 3], [0.1, 64]] as const) {
    let clock = 0;
    const { row } = rowOf({ name: 'dense', run: (n) => void (clock += n * ms) });
    const report = await measureRow(row, host, { rounds: 3, peers: false, now: () => clock });
    expect(report.executions).toBe(executions);
    expect(report.contenders[0]?.wall.median).toBeCloseTo(ms, 9);
    expect(report.contenders[0]?.gflops).toBeCloseTo(6 / ms / 1e6, 12);
  }
});

test('each point of a grid is open alone beside the baseline, for few samples', async () => {
  const { row, heard } = rowOf({ name: 'dense', most: 1 }, { name: 'a', most: 1 }, { name: 'b', most: 1 });
  const told: number[] = [];
  const grid = { ...row, grid: true };
  const { contenders } = await measureRow(grid, host, { rounds: 12, peers: false, tell: (done, total) => told.push(done / total) });
  expect(heard.filter((line) => line.endsWith('closed'))).toEqual(['a closed', 'b closed', 'dense closed']);
  expect(heard.indexOf('a closed')).toBeLessThan(heard.indexOf('b x 1'));
  expect(contenders.map(({ name, n }) => [name, n])).toEqual([['dense', 10], ['a', 5], ['b', 5]]);
  expect([told.at(-1), stepsOf(grid, { rounds: 12, peers: false })]).toEqual([1, 23]);
});

test('what executions change is undone before each sample', async () => {
  let dirty = false;
  const seen: boolean[] = [];
  const { row } = rowOf({
    name: 'dense', most: 1,
    run: () => {
      seen.push(dirty);
      dirty = true;
    },
    reset: async () => void (dirty = false),
  });
  await measureRow(row, host, { rounds: 4, peers: false });
  expect(seen.slice(-4)).toEqual([false, false, false, false]);
});

test('what is rare is timed apart in each sample, and reckoned in once in its period', async () => {
  let clock = 0;
  const rare = { period: 100, run: (n: number) => void (clock += 600 * n), wait: async () => undefined };
  const { row } = rowOf({ name: 'dense', most: 2, run: (n) => void (clock += 10 * n), rare });
  const { contenders } = await measureRow(row, host, { rounds: 4, peers: false, now: () => clock, cpu: () => 2 * clock });
  expect(contenders[0]).toMatchObject({ n: 4, wall: { median: (99 * 10 + 600) / 100 }, cpu: { median: (99 * 20 + 1200) / 100 }, rare: { period: 100, wall: { median: 600 } } });
});

test('CPU time is told where there is a clock', async () => {
  let cpu = 0;
  const { row } = rowOf({ name: 'dense', most: 1, run: () => void (cpu += 7) });
  const { contenders } = await measureRow(row, host, { rounds: 3, peers: false, cpu: () => cpu });
  expect(contenders[0]?.cpu?.median).toBe(7);
});

test('other libraries take part where they are asked for', async () => {
  const { row } = rowOf({ name: 'dense' }, { name: 'tfjs', peer: 'tfjs' });
  const names = async (peers: boolean) => (await measureRow(row, host, { rounds: 1, peers })).contenders.map(({ name }) => name);
  expect([await names(false), await names(true)]).toEqual([['dense'], ['dense', 'tfjs']]);
});

test('progress counts warm-ups and samples, to the end', async () => {
  const { row } = rowOf({ name: 'dense' }, { name: 'sparse' });
  const told: number[] = [];
  await measureRow(row, host, { rounds: 2, peers: false, tell: (done, total) => told.push(done, total) });
  const total = stepsOf(row, { rounds: 2, peers: false });
  expect(total).toBe(6);
  expect(told).toEqual([0, 1, 2, 3, 4, 5, 6].flatMap((done) => [done, total]));
});

test('results that are not those of the baseline end the row by name, with all closed', async () => {
  const close = rowOf({ name: 'sparse', result: async () => [2, 1.0001] }, { name: 'dense', result: async () => [2, 1] });
  await expect(measureRow(close.row, host, { rounds: 1, peers: false })).resolves.toMatchObject({ name: 'row' });
  for (const wrong of [[2, 1.1], [2, Number.NaN], [2]]) {
    const { row, heard } = rowOf({ name: 'sparse', result: async () => wrong }, { name: 'dense', result: async () => [2, 1] });
    await expect(measureRow(row, host, { rounds: 1, peers: false })).rejects.toThrow(/^row: sparse computes something else than dense: /);
    expect(heard.slice(-2)).toEqual(['dense closed', 'sparse closed']);
  }
});

test('a contender that cannot be opened is named, and the others are closed', async () => {
  const { row, heard } = rowOf({ name: 'dense' }, { name: 'tfjs', peer: 'tfjs', refuses: 'no adapter' });
  const failure = measureRow(row, host, { rounds: 1, peers: true });
  await expect(failure).rejects.toThrow('row: tfjs cannot take part: no adapter');
  await expect(failure).rejects.toThrow(BenchError);
  expect(heard.at(-1)).toBe('dense closed');
});

test('a spread is median, quartiles and extremes', () => {
  expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4, best: 1, worst: 5 });
  expect(spreadOf([2])).toEqual({ median: 2, lower: 2, upper: 2, best: 2, worst: 2 });
  expect(rotated(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a']);
});

test('every row has a name of its own, and its dense twin among our own contenders', () => {
  expect(new Set(BENCH_ROWS.map(({ name }) => name)).size).toBe(BENCH_ROWS.length);
  for (const { name, title, baseline, contenders } of BENCH_ROWS) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(title).not.toBe('');
    expect(contenders.filter((c) => c.name === baseline).map(({ peer }) => peer)).toEqual([undefined]);
    expect(new Set(contenders.map((c) => c.name)).size).toBe(contenders.length);
  }
});
