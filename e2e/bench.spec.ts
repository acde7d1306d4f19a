import { expect, test } from 'playwright/test';

test('the benchmark measures a row on this device, names the adapter, and says that it is software', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto('/bench.html');
  await expect(page.getByText('Ready. Nothing is measured')).toBeVisible({ timeout: 30_000 });
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
  await page.getByRole('checkbox', { name: 'matmul-512' }).check();
  await page.getByLabel('Samples of each').selectOption('5');
  await page.getByRole('button', { name: 'Start' }).click();
  const row = page.getByRole('region', { name: 'matmul-512' });
  await expect(row).toContainText(/sparseland.*ms.*n = 5/, { timeout: 150_000 });
  await expect(row).toContainText('software adapter');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the figures' }).click();
  expect((await download).suggestedFilename()).toBe('sparseland-bench.json');
});
