import { expect, test } from './fixture.ts';

/** The lesson's own settings in small: few steps on a generated set, which twelve runs need neither to load nor to test on 10,000 digits. */
const SHORT = '#preset=rigl-mnist&data.set=teacher&model.hidden=64&steps=30&evaluateEvery=10&sparsity.updatePeriod=10&beside.dense=false';

test('a lesson asks first, drives the page, compares over seeds to a verdict, explains after the run, and changes one thing', async ({ page }) => {
  test.setTimeout(300_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`/${SHORT}`);
  await page.getByRole('button', { name: 'Lesson' }).click();
  const lesson = page.getByRole('region', { name: 'Lesson' });
  const parts = lesson.getByRole('heading', { level: 3 });
  await expect(parts).toHaveText(['Predict']);
  await lesson.getByRole('slider').fill('12');
  await lesson.getByRole('button', { name: 'Predict' }).click();
  await expect(parts).toHaveText(['Predict', 'Run']);

  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await lesson.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(lesson.getByText(/^You predicted \+12\.0; it came to [+−]?\d+\.\d: \d+\.\d points off\.$/)).toBeVisible({ timeout: 60_000 });
  await expect(parts).toHaveText(['Predict', 'Run', 'Compare', 'Explain', 'Change one thing']);
  await expect(lesson.getByRole('listitem', { name: 'Explain' })).toContainText('The random mask is the control');

  // The queue trains three arms over three seeds, and tells both verdicts beside the prediction.
  const compare = lesson.getByRole('listitem', { name: 'Compare' });
  await compare.getByRole('button', { name: 'Compare over 3 seeds' }).click();
  await expect(compare.getByRole('progressbar')).toBeVisible();
  await expect(compare.getByText(/^You predicted \+12\.0; over 3 seeds it came to [+−]?\d+\.\d: \d+\.\d points off\.$/)).toBeVisible({ timeout: 180_000 });
  await expect(compare.getByText(/(Shown|Not shown|Inconclusive).*Better: RigL - random mask = /)).toBeVisible();
  await expect(compare.getByText(/(Shown|Not shown|Inconclusive).*As good as: RigL - dense = /)).toBeVisible();
  await compare.getByRole('button', { name: 'All points and costs' }).click();
  await expect(page.getByRole('dialog', { name: 'Compare' }).getByRole('region', { name: 'Result' }).getByText(/^3 seeds, Teacher and student/)).toBeVisible();
  await page.keyboard.press('Escape');

  await lesson.getByRole('button', { name: 'Run at 20 % density' }).click();
  await expect(lesson.getByRole('row', { name: /^Changed/ })).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveURL(/sparsity\.density=0\.2/);
  await expect(compare.getByText(/over 3 seeds it came to/), 'what was compared stays').toBeVisible();
  expect(complaints).toEqual([]);
});
