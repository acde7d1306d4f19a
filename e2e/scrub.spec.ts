import { expect, test, type Page } from './fixture.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const panel = (page: Page, name: string) => page.getByRole('region', { name });
const look = (page: Page, step: number) => page.getByRole('slider', { name: 'Step looked at' }).fill(String(step));
/** What the pictures of a panel show, pixel by pixel. */
const pixels = (of: ReturnType<Page['locator']>) => of.locator('canvas').evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));

test('a decision boundary goes back in time, and a saved run shows the same', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&model.hidden=16&steps=40&evaluateEvery=20&sparsity.updatePeriod=20&beside.random=false&beside.dense=false');
  await page.getByLabel('Speed').selectOption('fastest');
  await button(page, 'Play').click();
  const boundary = panel(page, 'Decision boundary');
  await expect(boundary.getByText('as of step 40')).toBeVisible({ timeout: 45_000 });
  await expect(boundary.getByRole('img')).toHaveCount(1);
  const end = await pixels(boundary);
  await look(page, 25);
  await expect(boundary.getByText('as of step 20')).toBeVisible();
  const early = await pixels(boundary);
  expect(early).not.toEqual(end);
  await look(page, 40);
  await expect(boundary.getByText('as of step 40')).toBeVisible();
  expect(await pixels(boundary)).toEqual(end);

  await button(page, 'Share').click();
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, 'Save the run').click()]);
  await page.keyboard.press('Escape');
  await page.goto('/#preset=dense-mnist');
  await expect(boundary).toBeHidden();
  await button(page, 'Share').click();
  await page.getByLabel('Open a run from a file').setInputFiles(await file.path());
  await expect(boundary).toBeVisible();
  await expect(page.getByLabel('Step 40 of 40')).toBeVisible();
  await look(page, 25);
  await expect(boundary.getByText('as of step 20')).toBeVisible();
  expect(await pixels(boundary)).toEqual(early);
});

test('a pause tells what the network makes of the plane at that very step', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&model.hidden=16&steps=60&evaluateEvery=60&beside.random=false&beside.dense=false');
  await button(page, 'Step').click();
  const boundary = panel(page, 'Decision boundary');
  await expect(boundary.getByText('as of step 1')).toBeVisible({ timeout: 30_000 });
  const first = await pixels(boundary);
  await button(page, 'Step').click();
  await expect(boundary.getByText('as of step 2')).toBeVisible();
  expect(await pixels(boundary)).not.toEqual(first);
});

test('the bundled recording holds predictions and a mask update in slow motion', async ({ page }) => {
  await page.goto('/');
  const digits = panel(page, 'Predictions');
  await page.getByLabel('Speed of the recording').press('End');
  await expect(page.getByText('2,000 / 2,000')).toBeVisible({ timeout: 30_000 });
  await expect(digits.getByText('as of step 2,000')).toBeVisible();
  await expect(digits.getByRole('listitem')).toHaveCount(10);
  const end = await digits.getByRole('list').innerText();
  await look(page, 10);
  await expect(digits.getByText('as of step 0')).toBeVisible();
  expect(await digits.getByRole('list').innerText()).not.toBe(end);
  await expect(digits.locator('.missed').first()).toBeVisible();
  await button(page, 'Slow motion').click();
  const sheet = page.getByRole('dialog', { name: 'Slow motion' });
  await expect(sheet.getByRole('heading', { name: 'Slow motion: mask update 2, step 251' })).toBeVisible();
  await expect(sheet.getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('ArrowRight');
  await expect(sheet.getByText(/below it/)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(sheet.getByRole('button', { name: 'Train live to the first update' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Viewing step 10, the recording is at 2,000')).toBeVisible();
});
