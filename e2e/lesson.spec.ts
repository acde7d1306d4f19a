import { expect, test } from './fixture.ts';

/** The lesson's own experiment, made short. */
const SHORT = '#preset=rigl-mnist&model.hidden=16&steps=30&evaluateEvery=10&sparsity.updatePeriod=10&beside.dense=false';

test('a lesson asks first, drives the page, sets the run beside the prediction, and explains after the run', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`/${SHORT}`);
  await page.getByRole('button', { name: 'Lesson' }).click();
  const lesson = page.getByRole('region', { name: 'Lesson' });
  await expect(lesson.getByRole('heading', { level: 3 })).toHaveText(['Predict']);
  await lesson.getByRole('slider').fill('12');
  await lesson.getByRole('button', { name: 'Predict' }).click();
  await expect(lesson.getByRole('heading', { level: 3 })).toHaveText(['Predict', 'Run']);

  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await lesson.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(lesson.getByText(/^You predicted \+12\.0; it came to [+−]?\d+\.\d: \d+\.\d points off\.$/)).toBeVisible({ timeout: 60_000 });
  await expect(lesson.getByRole('heading', { level: 3 })).toHaveText(['Predict', 'Run', 'Compare', 'Explain', 'Change one thing']);

  await expect(lesson.getByRole('button', { name: 'Compare over 3 seeds' })).toBeEnabled();
  await lesson.getByRole('button', { name: 'Run at 20 % density' }).click();
  await expect(lesson.getByRole('row', { name: /^Changed/ })).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveURL(/sparsity\.density=0\.2/);
  expect(complaints).toEqual([]);
});
