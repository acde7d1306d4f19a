import { PRESETS } from '../src/engine/experiment/presets/index.ts';
import { counter, expect, test, type Page } from './fixture.ts';

/** Everything that the page complained about; a test ends with none. */
let complaints: string[] = [];

test.beforeEach(({ page }) => {
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});
test.afterEach(() => expect(complaints).toEqual([]));

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function open(page: Page, hash = '#preset=rigl-moons'): Promise<void> {
  await page.goto(`/${hash}`);
  await expect(button(page, 'Play')).toBeVisible();
}

/** Steps the run n times, waiting for each. */
async function step(page: Page, n: number): Promise<void> {
  for (let i = 1; i <= n; i++) {
    const before = await counter(page);
    await button(page, 'Step').click();
    await expect.poll(() => counter(page), { timeout: 30_000 }).toBe(before + 1);
  }
}

/**
 * Training losses of all networks, as the table of the loss panel gives them,
 * once it has `steps` rows: panels are drawn a little after the counter.
 */
async function losses(page: Page, steps: number): Promise<string[]> {
  const panel = page.locator('section, article, div').filter({ has: page.getByRole('heading', { name: 'Training loss' }) }).last();
  const table = panel.locator('table');
  if (!(await table.count())) await panel.getByText('Table', { exact: true }).click();
  const rows = table.locator('tbody tr');
  await expect(rows).toHaveCount(steps);
  return rows.allInnerTexts();
}

test('opens, trains, pauses and goes on', async ({ page }) => {
  await open(page);
  expect(await counter(page)).toBe(0);
  await button(page, 'Play').click();
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBeGreaterThan(10);
  await button(page, 'Pause').click();
  await expect(button(page, 'Play')).toBeVisible();
  await expect(page.getByText(/^Paused/)).toBeVisible();
  // Slices that were on the queue are still told; after them the counter stands.
  const moved = async (): Promise<number> => {
    const before = await counter(page);
    await page.waitForTimeout(700);
    return (await counter(page)) - before;
  };
  await expect.poll(moved, { timeout: 20_000 }).toBe(0);
  const at = await counter(page);
  expect(await moved()).toBe(0);
  await button(page, 'Play').click();
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBeGreaterThan(at);
});

test('Reset gives the same first losses, New seed gives others', async ({ page }) => {
  await open(page);
  await step(page, 3);
  const first = await losses(page, 3);
  await button(page, 'Reset').click();
  await expect.poll(() => counter(page)).toBe(0);
  await step(page, 3);
  expect(await losses(page, 3)).toEqual(first);
  await button(page, 'New seed').click();
  await expect.poll(() => counter(page)).toBe(0);
  await step(page, 3);
  expect(await losses(page, 3)).not.toEqual(first);
});

test('a slider moved while training changes the run, and the link reproduces it', async ({ page, context }) => {
  await open(page);
  await step(page, 2);
  const rate = page.getByRole('textbox', { name: 'Learning rate', exact: true });
  await rate.fill('0.5');
  await rate.press('Enter');
  await step(page, 4);
  const hash = await page.evaluate(() => location.hash);
  expect(hash).toContain('edits=');
  expect(hash).toContain('optimizer.rate:0.5');
  const here = await losses(page, 6);
  const other = await context.newPage();
  await other.goto(`/${hash}`);
  await expect(button(other, 'Play')).toBeVisible();
  await step(other, 6);
  expect(await losses(other, 6)).toEqual(here);
});

test('a link that is wrong opens all the same, and says what was changed', async ({ page }) => {
  await open(page, '#preset=rigl-moons&sparsity.density=0&nonsense=1');
  await expect(page.getByText(/density 0/i).first()).toBeVisible();
  await expect(page.getByText(/nonsense/).first()).toBeVisible();
});

test('digits: a network becomes sparse as planned', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, '#preset=gmp-mnist&model.hidden=16&steps=40&sparsity.updatePeriod=5&evaluateEvery=20&beside.random=false&beside.dense=false');
  await button(page, 'Play').click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 100_000 });
  await expect(page.getByText(/635 of 12,704/).first()).toBeVisible();
});

test('digits: the page says how much of the data has come', async ({ page }) => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/data/mnist-test-0-images.bin', async (route) => {
    await held;
    await route.continue();
  });
  await open(page, '#preset=dense-mnist&model.hidden=16&steps=20');
  await button(page, 'Step').click();
  await expect(page.getByText(/^Loading data, [\d.]+\s[kM]B of 1\.\d+\sMB/)).toBeVisible();
  release();
  await expect.poll(() => counter(page), { timeout: 60_000 }).toBe(1);
});

test('a convolutional network trains, whose shaders come later', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, '#preset=rigl-mnist&model.kind=cnn&model.channels=4-8&model.norm=batch&data.batch=16&beside.random=false&beside.dense=false');
  await step(page, 3);
  await expect(page.getByText(/conv1/).first()).toBeVisible();
});

test('without WebGPU the page says why and what to do', async ({ page }) => {
  await page.addInitScript(() => delete (Navigator.prototype as { gpu?: unknown }).gpu);
  await page.goto('/');
  await expect(page.getByText(/WebGPU/).first()).toBeVisible();
  await expect(page.getByText(/browser/i).first()).toBeVisible();
});

for (const width of [360, 390, 1280]) {
  test(`nothing sticks out sideways at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await open(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });
}

test('keys play and pause outside of inputs', async ({ page }) => {
  await open(page);
  // Keys act once their code is there.
  await expect(async () => {
    await page.locator('body').press('Space');
    await expect(button(page, 'Pause')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBeGreaterThan(0);
  await page.locator('body').press('Space');
  await expect(button(page, 'Play')).toBeVisible();
});

test('the gallery has a card with a picture for each preset, and opens the one that is chosen', async ({ page }) => {
  await open(page);
  await button(page, 'Gallery').click();
  const gallery = page.getByRole('dialog', { name: 'Gallery' });
  await expect(gallery.locator('canvas')).toHaveCount(Object.keys(PRESETS).length);
  await gallery.getByRole('button', { name: /^SET on digits/ }).click();
  await expect(gallery).toBeHidden();
  await expect(page).toHaveURL(/#preset=set-mnist&v=1$/);
});
