import { expect, test, type Page } from './fixture.ts';

/** Small and quick: moons, one phase of 100 steps. */
const SMALL = 'preset=rigl-moons&steps=100&model.hidden=32-16&data.samples=200&data.batch=16&beside.random=false&beside.dense=false&evaluateEvery=100&sparsity.updatePeriod=20';
const GMP = `/#${SMALL}&sparsity.method=gmp&sparsity.density=0.05&v=1`;

const panel = (page: Page) => page.getByRole('region', { name: 'Sparsity schedule' });
const slider = (page: Page, name: string | RegExp) => panel(page).getByRole('slider', { name });
const link = (page: Page): Promise<string> => page.evaluate(() => location.hash);

async function drag(page: Page, name: string | RegExp, dx: number, dy: number): Promise<void> {
  const box = (await slider(page, name).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx / 2, y + dy / 2);
  await page.mouse.move(x + dx, y + dy);
  await page.mouse.up();
}

test('a curve is dragged by its ends, the settings follow, and Undo restores them', async ({ page }) => {
  await page.goto(GMP);
  await expect(slider(page, 'Pruning ends')).toHaveAttribute('aria-valuetext', /^density 5\s% at step 75$/);
  const before = await link(page);
  await slider(page, 'Pruning ends').scrollIntoViewIfNeeded();
  await drag(page, 'Pruning ends', -40, -30);
  await expect(slider(page, 'Pruning ends')).toHaveAttribute('aria-valuetext', /^density (2|3)\d\s% at step [5-7]\d$/);
  expect(await link(page)).toMatch(/sparsity\.density=0\.[23]\d?&.*sparsity\.updateEnd=0\.[56]/);
  await expect(page.getByLabel('Density', { exact: true })).not.toHaveValue('5');
  await panel(page).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => link(page)).toBe(before);
  await expect(slider(page, 'Pruning ends')).toHaveAttribute('aria-valuetext', /^density 5\s% at step 75$/);
  await expect(panel(page).getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('keys move, add and remove points, and a row of presses is one change', async ({ page }) => {
  await page.goto(GMP);
  const before = await link(page);
  await slider(page, 'Bend').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
  expect(await link(page)).toContain('sparsity.power=');
  await panel(page).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => link(page)).toBe(before);

  await panel(page).getByRole('button', { name: 'Make it free' }).click();
  await expect(panel(page).getByRole('slider')).toHaveCount(6);
  await slider(page, 'Point 6 of 6').press('ArrowRight');
  await expect(slider(page, 'Point 6 of 6')).toHaveAttribute('aria-valuetext', /at step 76$/);
  await slider(page, 'Point 5 of 6').press('Delete');
  await expect(panel(page).getByRole('slider')).toHaveCount(5);
  await panel(page).getByRole('button', { name: 'Add point' }).click();
  await expect(panel(page).getByRole('slider')).toHaveCount(6);
  await panel(page).locator('.schedule-layer').evaluate((layer) => {
    const { left, width, top, height } = layer.getBoundingClientRect();
    layer.dispatchEvent(new MouseEvent('dblclick', { bubbles: true, clientX: left + width * 0.9, clientY: top + height * 0.98 }));
  });
  await expect(slider(page, 'Point 7 of 7')).toHaveAttribute('aria-valuetext', /^density 2(\.\d)?\s% at step 90$/);
  expect(await link(page)).toMatch(/sparsity\.points=0\.1:1,[\d.:,]+,0\.9:0\.02\d?/);
});

test('a fixed density that is pulled sideways may be made free; the small chart among the settings says the same', async ({ page }) => {
  await page.goto(`/#${SMALL}&v=1`);
  const level = slider(page, 'Density');
  await level.scrollIntoViewIfNeeded();
  await drag(page, 'Density', 60, 0);
  await expect(panel(page).getByRole('status')).toHaveText(/one of points can/);
  await panel(page).getByRole('status').getByRole('button', { name: 'Make it free' }).click();
  await expect(panel(page).getByRole('slider')).toHaveCount(2);
  const small = page.getByRole('region', { name: 'Settings' }).getByRole('slider', { name: 'Point 2 of 2' });
  await small.press('PageUp');
  await expect(slider(page, 'Point 2 of 2')).toHaveAttribute('aria-valuetext', (await small.getAttribute('aria-valuetext'))!);
});

test('numbers are typed in a table; the run follows them to the weight, layer by layer, and new points wait for the next start', async ({ page }) => {
  // On a narrow screen only the charts are drawn while it trains.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/#${SMALL}&steps=40&sparsity.updatePeriod=10&sparsity.points=0:1,0.4:0.5,0.75:0.3&sparsity.distribution=uniform&v=1`);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByLabel('Speed').selectOption('fastest');
  await page.getByRole('tab', { name: 'Charts' }).click();
  await panel(page).getByRole('button', { name: 'Show as table' }).click();
  const cell = (name: string) => panel(page).getByRole('textbox', { name });
  await cell('Point 3 of 3, density in per cent').fill('10');
  await page.keyboard.press('Enter');
  await cell('Point 2 of 3, step').fill('20');
  await page.keyboard.press('Enter');
  await expect.poll(() => link(page)).toContain('sparsity.points=0:1,0.5:0.5,0.75:0.1');
  await cell('Point 2 of 3, step').fill('900');
  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('alert')).toHaveText('From 0 to 40.');
  await cell('Point 2 of 3, step').press('Escape');

  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 45_000 });
  await panel(page).getByLabel('Weights whose density is shown').selectOption('fc2');
  await panel(page).getByRole('button', { name: 'Table', exact: true }).click();
  // fc2 has 512 weights: half of them after the update at step 20, a tenth, 51, in the end.
  const rows = panel(page).getByRole('region', { name: 'Density of fc2, as a table' });
  await expect(rows.getByRole('row', { name: '21 50 % 50 %' })).toBeVisible();
  await expect(rows.getByRole('row', { name: '31 10 % 10 %' })).toBeVisible();

  await panel(page).getByLabel('Weights whose density is shown').selectOption('');
  await slider(page, 'Point 2 of 3').press('ArrowLeft');
  await expect(panel(page).getByText('They take effect at the next start.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'New changes: Reset to apply' }).first()).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('handles and buttons are large enough for a finger, in both places', async ({ page }) => {
    await page.goto(`/#${SMALL}&sparsity.points=0:1,0.5:0.5,0.8:0.3&v=1`);
    for (const tab of ['Charts', 'Settings']) {
      await page.getByRole('tab', { name: tab }).click();
      const chart = page.locator('.schedule');
      await expect(chart.getByRole('slider')).toHaveCount(3);
      const targets = await chart.locator('[role=slider], button.button').all();
      for (const target of targets) {
        const box = (await target.boundingBox())!;
        expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(40);
      }
    }
    const first = page.locator('.schedule').getByRole('slider', { name: 'Point 2 of 3' });
    const box = (await first.boundingBox())!;
    await first.scrollIntoViewIfNeeded();
    expect(box.x).toBeGreaterThanOrEqual(0);
    await expect(page.locator('.settings-bar canvas')).toBeVisible();
  });
});
