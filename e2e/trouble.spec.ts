import { expect, test, type Page } from 'playwright/test';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The step that the counter shows. */
const counter = async (page: Page): Promise<number> => Number((await page.getByText(/^[\d,]+ \/ [\d,]+/).first().innerText()).split('/')[0]?.replace(/\D/g, ''));

test('a run that diverges stops, names step and layer, and offers a smaller rate', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&optimizer.rate=10&optimizer.decay=1&beside.random=false&beside.dense=false');
  await button(page, 'Play').click();
  await expect(page.getByRole('alert')).toContainText(/Training diverged\. At step \d+ the (loss|gradient of fc\d\.\w+) was no longer finite\. The parameters are those of step \d+\./, { timeout: 30_000 });
  await button(page, 'Halve the rate and reset').click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Learning rate', exact: true })).toHaveValue('5');
  expect(await counter(page)).toBe(0);
});

test('a lost device ends the run with what was measured, and a reload is offered', async ({ page, browser }) => {
  await page.goto('/#preset=rigl-moons');
  await button(page, 'Play').click();
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBeGreaterThan(5);
  const devtools = await browser.newBrowserCDPSession();
  // The process that would answer is the one that ends.
  void devtools.send('Browser.crashGpuProcess').catch(() => undefined);
  await expect(page.getByRole('alert')).toContainText(/graphics device was lost .* What was measured until then stays below\./, { timeout: 30_000 });
  expect(await counter(page)).toBeGreaterThan(5);
  await button(page, 'Reload the page').click();
  await expect(button(page, 'Play')).toBeVisible();
});
