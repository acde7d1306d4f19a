import { expect, test } from './fixture.ts';

test('storage auto measures while it trains; the cost panel tells times and crossover, and says software adapter', async ({ page }) => {
  test.setTimeout(180_000);
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto('/#preset=rigl-moons&format=auto&steps=20000&beside.random=false&beside.dense=false');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('Fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const cost = page.getByRole('region', { name: 'Cost' });
  await expect(cost.getByText(/not measured yet/)).toBeVisible({ timeout: 30_000 });
  await expect(cost.getByText(/^fc\d (masked|csr)$/).first()).toBeVisible({ timeout: 150_000 });
  await expect(cost.getByText(/csr (pays|never pays).* on this device, software adapter/).first()).toBeVisible();
  await expect(cost.getByRole('img', { name: /^Time of fc\d.* in a step against density/ })).toBeVisible();
  await expect(page.getByText(/^Live · /)).toBeVisible();
  expect(complaints).toEqual([]);
});
