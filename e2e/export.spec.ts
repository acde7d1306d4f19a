import { unzipSync } from 'fflate';
import { expect, saved, savedFigure, test } from './fixture.ts';
import { decodeSafetensors } from '../src/engine/experiment/safetensors.ts';

const MOONS = '#preset=rigl-moons&model.hidden=8&steps=30&evaluateEvery=10&sparsity.updatePeriod=5&beside.random=false&beside.dense=false';

test('a run is exported as a zip whose files read again, its charts and mask as figures', async ({ page }) => {
  await page.goto(`/${MOONS}`);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });

  const chart = page.getByRole('region', { name: 'Training loss' });
  expect((await savedFigure(page, chart)).names).toEqual(['csv', 'svg', 'png'].map((kind) => `sparseland-loss.${kind}`));

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
