import { expect, test, type Page } from './fixture.ts';

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Slow motion' });
const frame = (page: Page) => sheet(page).locator('[aria-current=step]');
const losses = (page: Page) => sheet(page).locator('.slow-losses dd').allInnerTexts();

/** Opens an experiment and goes through its next mask update. */
async function watch(page: Page, hash: string): Promise<void> {
  await page.goto(`/#${hash}`);
  await button(page, 'Slow motion').click();
  await expect(sheet(page).getByRole('heading', { name: /^Slow motion: mask update/ })).toBeVisible({ timeout: 30_000 });
}

test('one mask update in five frames, stepped by arrow keys, and the run goes on from there', async ({ page }) => {
  await watch(page, 'preset=rigl-moons&model.hidden=16&steps=60&evaluateEvery=60&sparsity.updatePeriod=10&sparsity.keepValueOnRegrow=false&beside.random=false&beside.dense=false');
  await expect(frame(page)).toHaveText(/Train/);
  expect((await losses(page)).slice(1)).toEqual(['–', '–']);
  await page.keyboard.press('ArrowRight');
  await expect(frame(page)).toHaveText(/Score$/);
  await expect(sheet(page).getByRole('img', { name: /^Histogram of \|w\|/ })).toBeVisible();
  await expect(sheet(page).getByText(/below it/)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(frame(page)).toHaveText(/Drop/);
  await page.keyboard.press('ArrowRight');
  await expect(sheet(page).getByRole('img', { name: /^Histogram of \|g\|/ })).toBeVisible();
  await expect(sheet(page).getByText(/Gradients of weights that are zero/)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(frame(page)).toHaveText(/Grow/);
  await expect(sheet(page).getByText(/so growing changes nothing/)).toBeVisible();
  const [, dropped, grown] = await losses(page);
  expect(grown).toBe(dropped);
  await page.keyboard.press('ArrowLeft');
  await expect(frame(page)).toHaveText(/Score the inactive/);
  await page.keyboard.press('ArrowRight');
  await button(page, 'Next update').click();
  await expect(sheet(page).getByRole('heading', { name: /mask update 2/ })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toBeHidden();
  await expect(page.getByText(/^Paused/)).toBeVisible();
});

test('a method without growth has three frames; a run that was training goes on when it is left', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&sparsity.method=gmp&model.hidden=16&steps=200&evaluateEvery=200&beside.random=false&beside.dense=false');
  await button(page, 'Play').click();
  await expect(button(page, 'Pause')).toBeVisible();
  await expect(page.getByText(/^Live/).first()).toBeVisible({ timeout: 30_000 });
  await button(page, 'Slow motion').click();
  await expect(sheet(page).getByRole('heading', { name: /^Slow motion: mask update/ })).toBeVisible({ timeout: 30_000 });
  await expect(sheet(page).getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(button(page, 'Pause')).toBeVisible();
});

test('a run whose mask stays says so', async ({ page }) => {
  await page.goto('/#preset=random-mnist');
  await button(page, 'Slow motion').click();
  await expect(sheet(page).getByText(/No mask update follows/)).toBeVisible();
});
