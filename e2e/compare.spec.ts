import { counter, expect, savedFigure, test, type Page } from './fixture.ts';

/** Everything that the page complained about; a test ends with none. */
let complaints: string[] = [];

test.beforeEach(({ page }) => {
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(() => expect(complaints).toEqual([]));

const MOONS = '#preset=rigl-moons&model.hidden=8&steps=30&evaluateEvery=10&sparsity.updatePeriod=5&beside.random=false&beside.dense=false';

async function train(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  // The words of the run before may still stand; its step does not.
  await expect.poll(() => counter(page), { timeout: 60_000 }).toBe(30);
  await expect(page.getByText(/^Finished/).first()).toBeVisible();
}

test('runs of the session stand in a table with what was changed for them', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto(`/${MOONS}`);
  await train(page);
  await page.getByRole('button', { name: 'New seed' }).click();
  await train(page);
  const opener = page.getByRole('button', { name: 'Compare', exact: true });
  await opener.click();
  const sheet = page.getByRole('dialog', { name: 'Compare' });
  const rows = sheet.getByRole('table', { name: /^Runs of this session/ }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('Seed 1 to 2');
  await expect(rows.nth(2)).toContainText('first run');

  // Against a pinned baseline the older run is the one that changed.
  await rows.nth(1).getByRole('button', { name: /^Pin/ }).click();
  await expect(rows.nth(2)).toContainText('Seed 2 to 1');

  // A step that is looked at is looked at in all values.
  const values = sheet.getByRole('table', { name: /^Values at step/ });
  await expect(values.getByRole('row')).toHaveCount(3);
  await sheet.getByRole('slider', { name: /^Step/ }).fill('10');
  await expect(sheet.getByRole('table', { name: 'Values at step 10' })).toBeVisible();
  await rows.nth(2).getByRole('checkbox').uncheck();
  await expect(values.getByRole('row')).toHaveCount(2);

  await rows.nth(1).getByRole('button', { name: /^Delete/ }).click();
  await expect(rows).toHaveCount(2);
  await sheet.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(3);

  // What is drawn is taken along as files: curves, and the overlap of the two masks.
  const curves = await savedFigure(page, sheet.getByRole('figure').filter({ hasText: 'Test accuracy' }));
  expect(curves.names).toEqual(['csv', 'svg', 'png'].map((kind) => `sparseland-runs-accuracy.${kind}`));
  expect([...new Set(curves.csv.trimEnd().split('\n').slice(1).map((row) => row.split(',')[3]))]).toEqual(['0', '10', '20', '30']);
  await sheet.getByRole('tab', { name: 'Mask overlap' }).click();
  const overlap = await savedFigure(page, sheet.getByRole('figure', { name: /^Overlap of masks on moons/ }));
  expect(overlap.csv).toMatch(/^method,other,share,chance,pairs\n"RigL, [\d.]+ %","RigL, [\d.]+ %",0(\.\d+)?,0\.\d+,1\n$/);
  await sheet.getByRole('tab', { name: 'Runs' }).click();

  // The sheet gives the focus back, and takes it to the pane that is open.
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('tab', { name: 'Runs' })).toBeFocused();
});

test('two methods are compared with their controls over three seeds, to a verdict', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(`/${MOONS}`);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Compare' });
  await sheet.getByRole('tab', { name: 'Runs' }).press('ArrowRight');
  await sheet.getByRole('checkbox', { name: 'SET', exact: true }).check();
  await sheet.getByRole('radio', { name: '3', exact: true }).check();
  await expect(sheet.getByRole('checkbox', { name: 'Random mask (fixed)' })).toBeChecked();
  await sheet.getByRole('button', { name: 'Start' }).click();
  await sheet.getByRole('button', { name: 'Pause' }).click();
  await expect(sheet.getByText(/^Paused at run/).first()).toBeVisible();
  await sheet.getByRole('button', { name: 'Go on' }).click();

  // The page goes on training meanwhile.
  await page.keyboard.press('Escape');
  await train(page);
  await page.getByRole('button', { name: /^Compare/ }).click();

  const result = sheet.getByRole('region', { name: 'Result' });
  await expect(result).toBeVisible({ timeout: 90_000 });
  await expect(result.getByText(/^RigL better than SET\?/)).toBeVisible();
  await expect(result.getByText(/^SET better than random mask\?/)).toBeVisible();
  await expect(result.getByText(/^RigL as good as dense\?/)).toBeVisible();
  await expect(result.getByText(/Shown|Not shown|Inconclusive/).first()).toBeVisible();
  await expect(result.getByText(/^3 seeds, Two moons, MLP 8, 30 steps of 64/)).toBeVisible();
  const points = await savedFigure(page, result.getByRole('figure', { name: 'Test accuracy by arm' }));
  expect(points.names[0]).toBe('sparseland-comparison.csv');
  expect(points.csv.split('\n').filter((row) => row.includes(',accuracy,'))).toHaveLength(12);
  expect(points.svg).toContain('RigL better than SET?');
  await sheet.getByRole('tab', { name: 'Methods' }).press('ArrowLeft');
  // The page's own run came to the same numbers as RigL with seed 1, and is the same row.
  await expect(sheet.getByRole('table', { name: /^Runs of this session/ }).getByRole('row')).toHaveCount(13);
});

test('nothing of the sheet sticks out sideways at 360 px', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`/${MOONS}`);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const body = page.getByRole('dialog', { name: 'Compare' }).getByRole('tabpanel');
  for (const tab of ['Runs', 'Methods', 'Mask overlap']) {
    await page.getByRole('tab', { name: tab }).click();
    expect(await body.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});
