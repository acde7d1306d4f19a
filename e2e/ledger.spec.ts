import { readFile } from 'node:fs/promises';
import { previewEvents } from '../src/app/session/preview.ts';
import type { MetricRows, RunEventBody, StorageFacts } from '../src/engine/experiment/events.ts';
import { setPath } from '../src/engine/experiment/paths.ts';
import { findPreset } from '../src/engine/experiment/presets/index.ts';
import { saveRecording } from '../src/engine/experiment/recording.ts';
import { append, createRunLog, type RunLog } from '../src/engine/experiment/runLog.ts';
import { expect, saved, test, type Page } from './fixture.ts';

const STEPS = 40;
const SETTINGS = [
  ['steps', STEPS], ['masks.granularity', 'nm'], ['masks.n', 2], ['masks.m', 4], ['sparsity.method', 'sr-ste'], ['format', 'nm'],
  ['model.hidden', '16-16'], ['data.batch', 10], ['beside.random', false], ['beside.dense', true],
] as const;

const times = (pass: string, nm: number): StorageFacts['passes'] => [{ pass, format: 'masked', fixedMs: 1, densityMs: 0 }, { pass, format: 'nm', fixedMs: 0, densityMs: 2 * nm }];
const rows = (arm: 'main' | 'dense', table: MetricRows['table'], step: readonly number[], columns: Record<string, readonly number[]>): MetricRows =>
  ({ arm, table, step: Uint32Array.from(step), columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])) });

/** A run whose second layer was measured on a device that is slow at patterns: 1 ms a pass, dense; 2, 1 and 3 ms by 2:4. */
function slowRun(): RunLog {
  const experiment = SETTINGS.reduce((e, [path, value]) => setPath(e, path, value), findPreset('rigl-moons').experiment);
  const [started, ...masks] = previewEvents(experiment) as [Extract<RunEventBody, { type: 'started' }>, ...RunEventBody[]];
  const cost = (arm: 'main' | 'dense') => ({ arm, dispatches: 10, flops: 12_000, denseFlops: 20_000, bytes: 1000, plannedBytes: 1000, peakBytes: 1000, format: 'nm' as const });
  const passes = [...times('forward', 2), ...times('input gradient', 1), ...times('weight gradient', 3)];
  const lines = [{ format: 'masked', fixedMs: 3, densityMs: 0 }, { format: 'nm', fixedMs: 0, densityMs: 12 }] as const;
  const events: RunEventBody[] = [
    { ...started, cost: [cost('main'), cost('dense')], adapter: { vendor: 'acme', architecture: 'turtle', device: '', description: '', software: false, lanes: 0, features: [] } }, ...masks,
    { type: 'metrics', rows: [
      rows('main', 'mask', [0, 1], { density: [1, 0.5], planned: [1, 0.5], ...Object.fromEntries(started.layers.filter(({ maskable }) => maskable).map(({ name }) => [`${name}.density`, [1, 0.5]])) }),
      ...(['main', 'dense'] as const).flatMap((arm) => [rows(arm, 'train', [10, 20, 30, 40], { loss: [0.7, 0.5, 0.3, 0.2] }), rows(arm, 'test', [20, 40], { loss: [0.5, 0.3], accuracy: [0.8, 0.9] })]),
      rows('main', 'time', [20, 40], { stepMs: [100, 150] }),
    ] },
    { type: 'storage', step: 20, layers: [{ arm: 'main', layer: 'fc2', format: 'nm', density: 0.5, lines, passes }] },
    { type: 'finished', step: STEPS, hash: '00', variants: {} },
  ];
  const log = createRunLog();
  events.forEach((event, seq) => append(log, { ...event, runId: 'slow', seq }));
  return log;
}

const csvOf = async (page: Page, chart: string): Promise<string[]> => {
  const { bytes } = await saved(page, () => page.getByRole('region', { name: chart }).getByRole('button', { name: 'CSV' }).click());
  return bytes.toString().trim().split('\n');
};

test('a run tells its FLOPs by pass, what a pattern takes on its device, and its loss along FLOPs and time', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/#preset=dense-mnist');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByLabel('Open a run from a file').setInputFiles({ name: 'slow.sparseland', mimeType: '', buffer: Buffer.from(saveRecording(slowRun())) });
  await expect(page.getByLabel('Preset', { exact: true })).toHaveValue('rigl-moons');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByLabel(/^Step 40 of/)).toBeVisible();
  const cost = page.getByRole('region', { name: 'Cost' });
  const table = cost.getByRole('table', { name: 'FLOPs by pass', exact: true });
  const line = (name: string) => table.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(line('Forward')).toHaveText(/50.%3.2.kFLOP50.%2.ms200.%$/);
  await expect(line('Input gradient')).toHaveText(/50.%2.88.kFLOP100.%1.ms100.%$/);
  await expect(line('Weight gradient')).toHaveText(/100.%6.4.kFLOP100.%3.ms300.%$/);
  await expect(line('Total')).toHaveText(/69\.6.%13.9.kFLOP84.%6.ms200.%$/);
  await expect(cost.getByText(/On the device that recorded it, acme turtle, 2:4 with a pattern for each row takes 2 times as long as the dense product \(fc2, measured\)\./)).toBeVisible();

  await cost.getByText('By layer', { exact: true }).click();
  await expect(cost.getByRole('table', { name: /^FLOPs by layer and pass/ }).getByRole('rowheader', { name: 'fc3' })).toBeVisible();
  await cost.getByLabel('Counted over').selectOption('run');
  // The first step saw all weights; those of the other 39 hold half of them.
  await expect(line('Total')).toHaveText(/563.kFLOP/);
  await expect(table.getByRole('columnheader', { name: 'Measured' })).toHaveCount(0);

  expect((await csvOf(page, 'Training loss'))[0]).toBe('series,step,value');
  const along = page.getByRole('region', { name: 'Training loss' }).getByLabel('Along');
  await along.selectOption('time');
  await expect(page.getByText(/of all 2 networks together/)).toBeVisible();
  const [head, ...timed] = await csvOf(page, 'Training loss');
  expect(head).toBe('series,step,seconds,value');
  // Rows hold the mean since the row before; the first of them one step.
  expect(timed.filter((row) => row.includes(',40,')).map((row) => row.split(',')[2])).toEqual(['3.1', '3.1']);
  await along.selectOption('flops');
  const flops = (await csvOf(page, 'Test accuracy')).filter((row) => row.includes(',40,')).map((row) => Number(row.split(',')[2]));
  expect(flops).toEqual([562_880, 800_000]);
  const svg = await saved(page, () => page.getByRole('region', { name: 'Test accuracy' }).getByRole('button', { name: 'SVG' }).click());
  expect(await readFile(await svg.download.path(), 'utf8')).toContain('Theoretical FLOPs of training');
});
