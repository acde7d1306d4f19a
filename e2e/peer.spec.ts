import { expect, test } from 'playwright/test';

test('a dense network has the losses of TensorFlow.js, which is loaded only when asked for', async ({ page }) => {
  test.setTimeout(240_000);
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.goto('/#preset=rigl-moons&beside.random=false&beside.dense=false');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  const check = page.getByRole('button', { name: 'Check against TensorFlow.js' });
  await expect(check).toBeVisible({ timeout: 30_000 });
  expect(loaded.filter((url) => url.includes('tfjs'))).toEqual([]);
  await check.click();
  await expect(check).toBeDisabled();
  const words = page.getByText(/equal: over 20 steps the losses differ by at most/i);
  await expect(words).toBeVisible({ timeout: 200_000 });
  await expect(words).toHaveText(/^Equal: .* up to 0\.001 counts as equal\. Here the loss went from \d\.\d+ to \d\.\d+/);
  // The network learned on the way, so that equal losses mean equal gradients.
  const [first = 0, last = 0] = /went from ([\d.]+) to ([\d.]+),/.exec(await words.innerText())?.slice(1).map(Number) ?? [];
  expect(first - last).toBeGreaterThan(0.1);
  await expect(check).toBeEnabled();
  expect(complaints).toEqual([]);
});
