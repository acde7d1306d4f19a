import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from './fixture.ts';
import { serious } from './serious.ts';

/** A transformer that takes some seconds on a software adapter. */
const TINY = '/#preset=dense-moby&model.width=16&model.heads=2&model.depth=1&model.feedForward=16&data.context=32&data.batch=4&steps=8&evaluateEvery=4&optimizer.warmup=2';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const panel = (page: Page) => page.getByRole('region', { name: 'Text' });
const now = (page: Page) => panel(page).locator('.text-now');

test('a network writes while it trains, its texts go back in time, it goes on from a prompt, and its recording shows the same', async ({ page }) => {
  await page.goto(TINY);
  await expect(panel(page).getByText('every 4 steps, the network writes')).toBeVisible();
  await expect(button(page, 'Write')).toBeDisabled();
  await expect(panel(page).getByText('Press Play first')).toBeVisible();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await button(page, 'Play').click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 40_000 });
  await expect(panel(page).getByText('as of step 8')).toBeVisible();
  const text = await now(page).innerText();
  expect(text.length).toBeGreaterThan(100);

  const stages = panel(page).getByRole('list', { name: 'Texts of earlier steps' });
  await expect(stages.getByRole('button')).toHaveText([/^Step 0/, /^Step 4/]);
  await stages.getByRole('button', { name: /^Step 0/ }).click();
  await expect(panel(page).getByText('as of step 0')).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Step looked at' })).toHaveValue('0');
  expect(await now(page).innerText()).not.toBe(text);
  await expect(panel(page).getByText('return to live to ask it')).toBeVisible();
  await stages.getByRole('button', { name: /^Step 8/ }).click();
  await expect(now(page)).toHaveText(text);

  // A run that is done writes on for those who ask.
  await panel(page).getByRole('textbox', { name: 'Prompt' }).fill('The whale');
  await panel(page).getByRole('slider', { name: /^Temperature/ }).fill('0');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const answers = panel(page).getByRole('list', { name: 'Texts that were asked for' }).getByRole('listitem');
  await expect(answers).toHaveText([/^Step 8, temperature 0\.00The whale/], { timeout: 30_000 });
  await expect(page.getByText(/on the test characters as of step 8\. Dotted: by counts of single characters 4\.44, of pairs 3\.48\./)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Bits per character' })).toBeVisible();
  for (const absent of ['Predictions', 'Decision boundary', 'Training loss']) await expect(page.getByRole('region', { name: absent })).toHaveCount(0);
  expect(await serious(page)).toEqual([]);

  await button(page, 'Share').click();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save the run').click()]);
  const answer = await answers.first().innerText();
  await page.goto('about:blank');
  await page.goto('/#preset=rigl-moons');
  await expect(panel(page)).toHaveCount(0);
  await button(page, 'Share').click();
  await page.getByLabel('Open a run from a file').setInputFiles({ name: 'moby.sparseland', mimeType: '', buffer: await readFile(await download.path()) });
  await expect(panel(page).getByText('as of step 8')).toBeVisible({ timeout: 30_000 });
  await expect(now(page)).toHaveText(text);
  expect(await answers.first().innerText()).toBe(answer);
  await expect(button(page, 'Write')).toBeDisabled();
  await expect(panel(page).getByText('This is a recording')).toBeVisible();
});
