import { expect, test } from './fixture.ts';

test('the self-test passes on this device and gives a report, and TensorFlow.js agrees', async ({ page }) => {
  test.setTimeout(270_000);
  await page.goto('/selftest.html');
  await expect(page.getByText(/All \d+ checks passed/)).toBeVisible({ timeout: 160_000 });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the report' }).click();
  expect((await download).suggestedFilename()).toBe('sparseland-selftest.json');
  expect(await page.evaluate(() => localStorage.getItem('sparseland.selftest')), 'the drawer tells it from now on').toMatch(/"failed":\[\]/);
  await page.getByRole('button', { name: 'Compare with TensorFlow.js' }).click();
  await expect(page.getByText(/^✓ The losses of 20 steps differ by at most/)).toBeVisible({ timeout: 90_000 });
});
