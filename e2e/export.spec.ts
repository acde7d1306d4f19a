import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { expect, test, type Download, type Page } from './fixture.ts';
import { decodeSafetensors } from '../src/engine/experiment/safetensors.ts';

const MOONS = '#preset=rigl-moons&model.hidden=8&steps=30&evaluateEvery=10&sparsity.updatePeriod=5&beside.random=false&beside.dense=false';

async function saved(page: Page, press: () => Promise<void>): Promise<{ download: Download; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await press();
  const download = await coming;
  return { download, bytes: await readFile(await download.path()) };
}

test('a run is exported as a zip whose files read again, its charts and mask as figures', async ({ page }) => {
  await page.goto(`/${MOONS}`);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });

  const chart = page.getByRole('region', { name: 'Training loss' });
  const svg = await saved(page, () => chart.getByRole('button', { name: 'SVG' }).click());
  const root = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return { name: parsed.documentElement.nodeName, broken: parsed.querySelector('parsererror') !== null };
  }, svg.bytes.toString());
  expect(root).toEqual({ name: 'svg', broken: false });
  const png = await saved(page, () => chart.getByRole('button', { name: 'PNG' }).click());
  expect(png.bytes.readUInt32BE(16)).toBe(1440);

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Export' });
  const mask = await saved(page, () => sheet.getByRole('button', { name: 'Mask as PNG' }).click());
  expect(mask.bytes.subarray(1, 4).toString()).toBe('PNG');

  const zip = await saved(page, () => sheet.getByRole('button', { name: 'This run' }).click());
  const files = unzipSync(zip.bytes);
  const path = Object.keys(files).find((name) => name.endsWith('/weights.safetensors'));
  const { tensors, metadata } = decodeSafetensors(files[path ?? ''] ?? new Uint8Array());
  expect(metadata).toEqual({ format: 'pt', preset: 'rigl-moons', seed: '1', steps: '30' });
  for (const { name, values } of tensors.filter((tensor) => tensor.dtype === 'U8')) {
    const weight = tensors.find((tensor) => `${tensor.name}.mask` === name);
    expect(values.filter((bit, i) => bit === 0 && !Object.is(weight?.values[i], 0)).length).toBe(0);
  }
  const masks = decodeSafetensors(files[path?.replace('weights', 'masks') ?? ''] ?? new Uint8Array());
  for (const own of masks.tensors) expect(tensors).toContainEqual(own);
});
