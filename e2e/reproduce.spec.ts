import { expect, test, type Page } from 'playwright/test';

const SETTINGS = 'preset=rigl-moons&steps=20&evaluateEvery=10&beside.random=false&beside.dense=false&v=1';

async function playToTheEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished with/).first()).toBeVisible({ timeout: 30_000 });
}

test('a link with the final numbers is run again and says whether it came to the same', async ({ page, context }) => {
  await page.goto(`/#${SETTINGS}`);
  await playToTheEnd(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('checkbox', { name: 'With the final numbers, to be compared' }).check();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toContain('&expect.accuracy=');

  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByText(/^Expected at the end: accuracy .*Play runs it on this device/)).toBeVisible();
  await expect(other.getByText(/^00,000/).first()).toBeVisible();
  await playToTheEnd(other);
  await expect(other.getByText(/^✓ Match: .*Expected on .*; run here on /)).toBeVisible();
  expect(await other.evaluate(() => location.hash)).toContain('&expect.hash=');

  const wrong = link.replace(/expect\.hash=\w{64}/, `expect.hash=${'0'.repeat(64)}`).replace(/expect\.accuracy=[\d.]+/, 'expect.accuracy=0.01');
  await other.goto('about:blank');
  await other.goto(wrong);
  await playToTheEnd(other);
  await expect(other.getByText(/^✗ Differs: .*1,000 test examples/)).toBeVisible();
});
