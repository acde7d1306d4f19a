import { expect, test, type Page } from './fixture.ts';

async function choose(page: Page, ...names: string[]): Promise<void> {
  await page.goto('/bench.html');
  await expect(page.getByText('Ready. Nothing is measured')).toBeVisible({ timeout: 30_000 });
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
  for (const name of names) await page.getByRole('checkbox', { name }).check();
  await page.getByLabel('Samples of each').selectOption('5');
}

test('the benchmark measures a row on this device, names the adapter, and says that it is software', async ({ page }) => {
  test.setTimeout(180_000);
  await choose(page, 'matmul-512');
  await page.getByRole('button', { name: 'Start' }).click();
  const row = page.getByRole('region', { name: 'matmul-512' });
  await expect(row).toContainText(/sparseland.*ms.*n = 5/, { timeout: 150_000 });
  await expect(row).toContainText('software adapter');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the figures' }).click();
  expect((await download).suggestedFilename()).toBe('sparseland-bench.json');
});

test('growth becomes a plot with crossovers and a table; a row under way can be stopped, and what was measured stays', async ({ page }) => {
  test.setTimeout(300_000);
  await choose(page, 'growth-256', 'growth-2048');
  await page.getByRole('button', { name: 'Start' }).click();
  const growth = page.getByRole('region', { name: 'growth', exact: true });
  await expect(growth).toContainText('software adapter', { timeout: 240_000 });
  await expect(growth.getByRole('figure', { name: /Width 256\. The dense network: .* csr: (faster below|always|never)/ })).toBeVisible();
  // Masked, csr and block.
  await expect(growth.locator('.recharts-line')).toHaveCount(3);
  await expect(growth.getByRole('row', { name: /^256 csr/ })).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('status')).toHaveText('Done.');
  await expect(growth).toBeVisible();
});
