import { expect, test, type Page } from './fixture.ts';

const SETTINGS = 'preset=rigl-moons&sparsity.method=random&steps=5&evaluateEvery=5&beside.random=false&beside.dense=false&v=1';

async function playToTheEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished with/).first()).toBeVisible({ timeout: 50_000 });
}

test('a link with the final numbers is run again and says whether it came to the same', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(`/#${SETTINGS}`);
  await playToTheEnd(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('checkbox', { name: 'With the final numbers, to be compared' }).check();
  const link = await page.getByRole('textbox', { name: 'Link', exact: true }).inputValue();
  expect(link).toContain('&expect.accuracy=');

  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByText(/^Expected at the end: accuracy .*Play runs it on this device/)).toBeVisible();
  await expect(page.getByText(/^00,000/).first()).toBeVisible();
  await playToTheEnd(page);
  await expect(page.getByText(/^✓ Match: .*Expected on .*; run here on /)).toBeVisible();
  expect(await page.evaluate(() => location.hash)).toContain('&expect.hash=');
});
