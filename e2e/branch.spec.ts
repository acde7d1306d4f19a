import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from './fixture.ts';

const MOONS = '#preset=rigl-moons&model.hidden=8&steps=30&evaluateEvery=10&sparsity.updatePeriod=5&beside.random=false&beside.dense=false';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const openFile = (page: Page, name: string, buffer: Buffer) => page.getByLabel('Open a run from a file').setInputFiles({ name, mimeType: '', buffer });

async function finish(page: Page): Promise<void> {
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 90_000 });
}

/** Trains what a link says to its end. */
async function train(page: Page, link: string): Promise<void> {
  await page.goto(`/${link}`);
  await button(page, 'Play').click();
  await finish(page);
}

async function branchAt(page: Page, step: number): Promise<void> {
  await page.getByLabel('Step looked at').fill(String(step));
  await button(page, 'Branch from here').click();
  await finishBranch(page, step);
}

/** The mark on the scrubber comes with the run: what was finished before is not taken for it. */
async function finishBranch(page: Page, step: number): Promise<void> {
  await expect(page.locator('.scrubber-ticks .branched')).toHaveAttribute('x1', String(step));
  await finish(page);
}

/** Names and places of the runs in Compare, newest first, once one is as awaited; names follow from the parameters that runs ended with. */
async function pastRuns(page: Page, awaited: string): Promise<{ name: string; place: string }[]> {
  await button(page, 'Compare').click();
  const rows = page.getByRole('dialog', { name: 'Compare' }).getByRole('row').filter({ has: page.getByRole('checkbox') });
  await expect(rows.filter({ hasText: awaited }).first()).toBeVisible();
  const runs = await Promise.all((await rows.all()).map(async (row) => ({ name: await row.locator('.run-name').innerText(), place: await row.locator('.run-place').innerText() })));
  await page.keyboard.press('Escape');
  return runs;
}

test('a branch without changes ends with the same parameters; one with a change is the run of its link', async ({ page }) => {
  test.setTimeout(240_000);
  await train(page, MOONS);
  const [whole] = await pastRuns(page, '30 steps');
  await branchAt(page, 12);
  // Compare has runs with the same parameters once.
  expect(await pastRuns(page, `branch of ${whole?.name} at step 12`)).toHaveLength(1);

  // While an earlier step is looked at, live settings change for the branch alone, and the others rest.
  await page.getByLabel('Step looked at').fill('20');
  await expect(page.getByText(/^As they were at step 20\./)).toBeVisible();
  await expect(page.getByLabel('Method', { exact: true })).toBeDisabled();
  const rate = page.getByLabel('Learning rate', { exact: true });
  await rate.fill('0.3');
  await rate.press('Enter');
  await expect(page).not.toHaveURL(/edits/);
  await page.keyboard.press('Escape');
  await button(page, 'Branch from here').click();
  await expect(page).toHaveURL(/edits=20:optimizer\.rate:0\.3&v=1$/);
  await finishBranch(page, 20);
  const [changed, before] = await pastRuns(page, 'at step 20');
  expect(before?.name).toBe(whole?.name);
  expect(changed?.name).not.toBe(whole?.name);

  const link = new URL(page.url()).hash;
  await page.goto('about:blank');
  await train(page, link);
  expect((await pastRuns(page, '30 steps'))[0]?.name).toBe(changed?.name);
});

test('a file waits for the reader while a run is under way; a recording plays at any speed, and branches into a run of this device', async ({ page }) => {
  test.setTimeout(240_000);
  await train(page, MOONS);
  const [whole] = await pastRuns(page, '30 steps');
  await button(page, 'Share').click();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save the run').click()]);
  const bytes = await readFile(await download.path());
  await page.keyboard.press('Escape');

  await button(page, 'New seed').click();
  await button(page, 'Step').click();
  await expect(page.getByLabel('Step 1 of 30')).toBeVisible();
  await button(page, 'Share').click();
  await openFile(page, 'run.sparseland', bytes);
  const question = page.getByRole('alertdialog', { name: 'Open the run from the file?' });
  await expect(question.getByText(/holds a run of RigL on two moons, 30 steps\. The run here is under way, at step 1/)).toBeVisible();
  await question.getByRole('button', { name: 'Keep the run' }).click();
  await expect(question).toBeHidden();
  await expect(page.getByLabel('Step 1 of 30')).toBeVisible();
  await button(page, 'Share').click();
  await openFile(page, 'run.sparseland', bytes);
  await question.getByRole('button', { name: 'Open the file' }).click();
  await expect(page.getByText('A run made earlier, played here')).toBeVisible();
  expect((await pastRuns(page, 'stopped')).map(({ place }) => place)).toEqual([expect.stringMatching(/1 steps? · stopped/), expect.stringContaining('30 steps')]);

  const speed = page.getByLabel('Speed of the recording');
  await speed.press('End');
  await expect(speed).toHaveAttribute('aria-valuetext', 'as fast as every mask update can be drawn');
  await speed.press('ArrowLeft');
  await expect(speed).toHaveAttribute('aria-valuetext', '64 times');
  await expect(page.getByLabel('Step 30 of 30')).toBeVisible();
  await branchAt(page, 10);
  const runs = await pastRuns(page, 'branch of a recording at step 10');
  expect(runs.map(({ name }) => name)).toContain(whole?.name);
  expect(runs).toHaveLength(2);
});
