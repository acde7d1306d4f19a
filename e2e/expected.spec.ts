import { expect, test } from './fixture.ts';

const SETTINGS = 'preset=rigl-moons&sparsity.method=random&steps=5&evaluateEvery=5&data.evaluateOn=validation&beside.random=false&beside.dense=false&v=1';

test('a figure says whether it came to the numbers of its link, keeps them in it, and says nothing of them while it asks', async ({ page }) => {
  test.setTimeout(120_000);
  const expected = `expect.accuracy=0.5&expect.loss=0.7&expect.hash=${'ab'.repeat(32)}&expect.adapter=another%20adapter`;
  await page.goto(`/#${SETTINGS}&${expected}&embed=1&hide=link`);
  await expect(page.getByText(/^Expected at the end: 50\.00.%, as on another adapter\.$/)).toBeVisible();
  expect(await page.evaluate(() => location.hash)).toContain(`&${expected}&embed=1&hide=link`);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^(≈ Within tolerance|✗ Differs): [\d.]+.% here, 50\.00.% on another adapter\.$/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Dismiss' })).toHaveCount(0);

  await page.goto('about:blank');
  await page.goto(`/#${SETTINGS}&${expected}&embed=1&predict=1`);
  await expect(page.getByRole('button', { name: 'Predict' })).toBeVisible();
  await expect(page.getByText(/^Expected at the end/)).toHaveCount(0);
  await page.goto('about:blank');
  await page.goto(`/#${SETTINGS}&${expected}&embed=1&hide=expected`);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.getByText(/^Expected at the end/)).toHaveCount(0);
});

test('the drawer tells build, split and the last self-test, and runs the next', async ({ page }) => {
  await page.addInitScript(() => {
    if (!localStorage.getItem('sparseland.selftest')) localStorage.setItem('sparseland.selftest', JSON.stringify({ time: Date.UTC(2026, 0, 2), adapter: 'some adapter', build: 'an older one', checks: 150, failed: [] }));
  });
  await page.goto(`/#${SETTINGS}`);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('dialog', { name: 'Share' }).getByRole('button', { name: 'How do I know?' }).click();
  const sheet = page.getByRole('dialog', { name: 'How do I know?' });
  await expect(sheet.getByText(/^Version \d+\.\d+\.\d+, (commit [0-9a-f]+ of \d{4}-\d\d-\d\d|built from a working copy.*)\.$/)).toBeVisible();
  await expect(sheet.getByText(/the validation split, every 5th of 1,000 training examples, 200 in all/)).toBeVisible();
  await expect(sheet.getByText(/^✓ All 150 checks passed on some adapter, 2 January 2026.*another build than this/)).toBeVisible();
  await sheet.getByRole('button', { name: 'Run it again' }).click();
  await expect(sheet.getByText(/^Check [1-9]\d* of \d+$/)).toBeVisible({ timeout: 40_000 });
});
