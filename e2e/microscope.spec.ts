import { expect, test, type Page } from './fixture.ts';

const ALONE = 'beside.dense=false&beside.random=false';

/** Trains a few steps of a link with masks of N to M, and waits until the weights of the microscope are there. */
async function trained(page: Page, link: string, steps: number): Promise<void> {
  await page.goto(`/#preset=rigl-moons&masks.granularity=nm&${ALONE}&${link}`);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.getByText(/^[0,]*1 \/ /).first()).toBeVisible({ timeout: 30_000 });
  for (let i = 1; i < steps; i++) await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.getByRole('region', { name: 'N:M microscope' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: 'Closest call' })).toBeEnabled();
}

test('the microscope shows groups with ranks and margins, is moved and magnified by keys, and has both masks of BDWP', async ({ page }) => {
  await trained(page, 'masks.n=2&masks.m=4&sparsity.method=bdwp&sparsity.updatePeriod=2', 3);
  const microscope = page.getByRole('region', { name: 'N:M microscope' });
  const strip = microscope.getByRole('img', { name: /^Strip of groups/ });
  const status = microscope.getByRole('status');
  await expect(microscope.getByText(/^2:4 as of step/)).toBeVisible();

  await strip.focus();
  await page.keyboard.press('ArrowRight');
  await expect(status).toHaveText(/^Output 16, input 0, in group 0: .*Weight .*score \|w\| .*rank [1-4] of 4\..*(Kept|Left out) since .* so far\.$/);
  await page.keyboard.press('End');
  await expect(status).toContainText('input 31, in group 7');
  await page.keyboard.press('ArrowDown');
  await expect(status).toContainText('Output 17');
  for (let i = 0; i < 3; i++) await page.keyboard.press('+');
  await expect(microscope.getByText('7 of 8', { exact: true })).toBeVisible();
  // Four slots of one group: two kept, and each rank once.
  await expect(microscope.locator('.bar.kept')).toHaveCount(2 + 2);
  expect((await microscope.locator('.slot-number').allTextContents()).filter((text) => /^[1-4]$/.test(text)).toSorted()).toEqual(['1', '2', '3', '4']);

  await microscope.getByRole('button', { name: 'Most flips' }).click();
  const place = await microscope.getByRole('spinbutton', { name: 'Output' }).inputValue();
  await microscope.getByRole('img', { name: /^The whole matrix of fc2/ }).focus();
  await page.keyboard.press('ArrowUp');
  await expect(microscope.getByRole('spinbutton', { name: 'Output' })).toHaveValue(String(Math.max(0, Number(place) - 1)));

  await expect(microscope.getByText(/^Forward and backward masks agree on \d+\.\d.% of fc2 \(50\.0.% would by chance\)/)).toBeVisible();
  await microscope.getByRole('radio', { name: 'backward mask, along outputs' }).check();
  await microscope.getByRole('img', { name: /^Strip of groups: input 16/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(status).toHaveText(/^Input 16, output 0, .*The forward mask (keeps it, too|leaves it out)\.$/);
});

test('on a narrow screen it is moved by a finger, with nothing cut off', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, serviceWorkers: 'block' });
  const page = await context.newPage();
  await trained(page, 'masks.n=2&masks.m=8&masks.share=4&sparsity.method=sr-ste&sparsity.updatePeriod=2', 2);
  const microscope = page.getByRole('region', { name: 'N:M microscope' });
  const overview = microscope.getByRole('img', { name: /^The whole matrix of fc2/ });
  await overview.scrollIntoViewIfNeeded();
  const box = (await overview.boundingBox())!;
  await page.touchscreen.tap(box.x + box.width - 4, box.y + 4);
  await expect(microscope.getByRole('spinbutton', { name: 'Output' })).toHaveValue('0');
  await expect(microscope.getByText(/^Outputs 0 to 3, groups \d to 3 of 4\.$/)).toBeVisible();
  for (const button of await microscope.locator('.bench-steps button, .finder-tools .button').all()) expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(40);
  const cut = await microscope.evaluate((panel) => panel.scrollWidth - panel.clientWidth);
  expect(cut).toBeLessThanOrEqual(0);
  await context.close();
});
