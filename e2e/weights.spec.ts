import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { expect, saved, test, type Page } from './fixture.ts';
import { decodeSafetensors } from '../src/engine/experiment/safetensors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SETTINGS = '#preset=rigl-moons&model.hidden=8-8&steps=40&evaluateEvery=20&sparsity.updatePeriod=5&sparsity.density=0.3&beside.random=false&beside.dense=false';

/** The files of the run's zip by their last name, as a reader saves it from the page. */
async function exportedFiles(page: Page): Promise<Record<string, Uint8Array>> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const zip = await saved(page, () => page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'This run' }).click());
  const files = unzipSync(zip.bytes);
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.split('/').at(-1) ?? path, bytes]));
}

/** What the command line writes for an experiment on the software driver that the browser has as well. */
function trainedByNode(experiment: Uint8Array): { weights: Buffer; hash: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sparseland-weights-'));
  try {
    writeFileSync(join(folder, 'experiment.json'), experiment);
    execFileSync(process.execPath, ['scripts/sparseland.mjs', 'train', '--experiment', join(folder, 'experiment.json'), '--out', join(folder, 'run')], { cwd: ROOT, env: { ...process.env, SPARSELAND_ADAPTER: 'swiftshader', SPARSELAND_CACHE: join(folder, 'cache') }, stdio: 'pipe' });
    const report = JSON.parse(readFileSync(join(folder, 'run', 'report.json'), 'utf8')) as { sha256: { run: string } };
    return { weights: readFileSync(join(folder, 'run', 'weights.safetensors')), hash: report.sha256.run };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('weights saved from the page are, byte for byte, those that Node writes for the same experiment on the same driver', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto(`/${SETTINGS}`);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 90_000 });
  const files = await exportedFiles(page);
  const weights = Buffer.from(files['weights.safetensors'] ?? []);
  const node = trainedByNode(files['experiment.json'] ?? new Uint8Array());

  // The page says the same hash of parameters and masks, so that both trained the same network.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'How do I know?' }).click();
  await expect(page.getByRole('dialog', { name: 'How do I know?' }).getByText(node.hash)).toBeVisible();

  // Layout first: where only bits differ, this names the tensors rather than an offset.
  const read = decodeSafetensors(new Uint8Array(weights));
  const expected = decodeSafetensors(new Uint8Array(node.weights));
  const layout = ({ tensors }: typeof read): unknown => tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  expect(layout(read)).toEqual(layout(expected));
  expect(weights.equals(node.weights)).toBe(true);

  // Read again, weights are +0 where the mask has none; some of each are there.
  const masks = read.tensors.filter(({ name }) => name.endsWith('.mask'));
  expect(masks).toHaveLength(3);
  for (const { name, values } of masks) {
    const weight = read.tensors.find((tensor) => `${tensor.name}.mask` === name)?.values ?? [];
    expect(weight).toHaveLength(values.length);
    expect([...values.keys()].filter((i) => values[i] === 0 && !Object.is(weight[i], 0)), `${name} has weights where it is 0`).toEqual([]);
    expect([...values.keys()].filter((i) => values[i] === 1 && weight[i] !== 0).length, `${name} leaves weights`).toBeGreaterThan(0);
  }
  expect(masks.some(({ values }) => values.includes(0))).toBe(true);
});
