import { counter, expect, test, type Page } from './fixture.ts';

const MOONS = '/#preset=rigl-moons&model.hidden=16-16&steps=20&evaluateEvery=20&sparsity.density=0.4&sparsity.updatePeriod=5&beside.random=false&beside.dense=false';
const picture = (page: Page, name: RegExp) => page.getByRole('img', { name });
const status = (page: Page) => page.locator('.mask-reading');
const readOut = (page: Page) => page.locator('.read-out');
const scrubber = (page: Page) => page.getByRole('slider', { name: /^Step looked at/ });

async function train(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });
}

/** Moves the reading cursor along a picture until the words are as wanted. */
async function readUntil(page: Page, words: RegExp): Promise<void> {
  for (const way of [...new Array<string>(8).fill('ArrowRight'), 'ArrowDown', ...new Array<string>(16).fill('ArrowLeft'), 'ArrowDown', ...new Array<string>(16).fill('ArrowRight')]) {
    if (words.test(await status(page).innerText())) return;
    await page.keyboard.press(way);
  }
  await expect(status(page)).toHaveText(words);
}

test('a finished run tells weights and scores in every view, signs of links, and what of earlier steps is not kept', async ({ page }) => {
  await train(page, MOONS);
  await picture(page, /^Matrix of layer/).focus();
  await readUntil(page, /(kept|grown)\..*Weight -?[\d.e-]+, as of step 20\. Drop score \|w\| [\d.e-]+, as of step 20/);
  await readUntil(page, /(never|was active)\..*Weight 0, as of step 20\. Grow score \|g\| [\d.e-]+, as of step 20/);
  await expect(readOut(page)).toContainText('Grow score |g|');

  const legend = page.getByRole('list', { name: 'Lines of the network graph' });
  await expect(legend).toContainText('negative');
  await expect(legend).toContainText(/largest \d/);
  const graph = page.getByRole('region', { name: 'Network graph' });
  await expect(graph).toContainText('Weights as of step 20.');
  expect(await graph.locator('line.positive').count()).toBeGreaterThan(10);
  const widths = await graph.locator('svg.graph line.kept').evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('stroke-width'))));
  expect(new Set(widths).size).toBeGreaterThan(10);

  await page.getByText('Neurons', { exact: true }).click();
  const tiles = picture(page, /^Neurons of layer/);
  await tiles.focus();
  await page.keyboard.press('ArrowRight');
  await expect(status(page)).toHaveText(/^Unit \d+: \d+ of 16 links active\. Input \d+ to unit \d+: .*Weight/);
  const unit = (await status(page).innerText()).split(':')[0] ?? '';
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(status(page)).not.toHaveText(new RegExp(`^${unit}:`));
  await expect(readOut(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(readOut(page)).toHaveCount(0);
  const enlarged = picture(page, /^Unit \d+ of layer .*, enlarged/);
  await enlarged.hover({ position: { x: 20, y: 20 } });
  await expect(readOut(page)).toContainText(/Input \d+ to unit \d+: .*(Drop|Grow) score/);

  await scrubber(page).focus();
  await page.keyboard.press('Home');
  await expect(graph).toContainText('Weights are not kept for earlier steps.');
  await expect(graph.locator('line.positive')).toHaveCount(0);
  await page.getByText('Matrix', { exact: true }).click();
  await picture(page, /^Matrix of layer/).focus();
  await page.keyboard.press('ArrowRight');
  await expect(readOut(page)).toContainText('Weight and score are not kept for earlier steps.');
  await page.keyboard.press('Escape');
});

test('a recording says how many links a pixel has, and that it holds no weights', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('Recording', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await picture(page, /^Input map of layer/).hover({ position: { x: 200, y: 200 } });
  await expect(readOut(page)).toHaveText(/^Pixel row \d+, column \d+: \d+ of 128 links active\..*(kept|never)/);
  await page.getByText('Matrix', { exact: true }).click();
  await picture(page, /^Matrix of layer/).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('+');
  await page.keyboard.press('ArrowRight');
  await expect(readOut(page)).toContainText('Weight and score are not in the recording.');
});

test('kernels of convolutions are shown layer by layer, with the weight under the cursor', async ({ page }) => {
  await page.goto('/#preset=rigl-fashion-cnn&model.channels=2-3&data.batch=8&sparsity.density=0.5&beside.random=false&beside.dense=false');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBe(1);
  const panel = page.getByRole('region', { name: 'Filters' });
  await panel.getByText('conv2').click();
  const kernels = panel.getByRole('img', { name: /^Kernels of conv2: \d+ of 54 weights active\..*purple negative/ });
  await kernels.focus();
  await page.keyboard.press('ArrowRight');
  await expect(panel.getByRole('status')).toHaveText(/^Filter \d+: \d+ of 18 links active\. Filter \d+, channel \d+, row \d, column \d: .*Weight .*as of step 1/);
  const words = await panel.getByRole('status').innerText();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(panel.getByRole('status')).not.toHaveText(words);
});

test('a switch on the card of the method is the one in the settings', async ({ page }) => {
  await page.goto(MOONS);
  await page.getByText('About the method', { exact: true }).click();
  const card = page.getByRole('region', { name: 'About the method' });
  const settings = page.getByRole('region', { name: 'Settings' });
  await settings.locator('summary', { hasText: 'Advanced' }).click();
  const name = 'Skip gradient on update';
  await expect(card.getByRole('checkbox', { name })).toBeChecked();
  await card.getByRole('checkbox', { name }).uncheck();
  await expect(settings.getByRole('checkbox', { name })).not.toBeChecked();
  expect(page.url()).toContain('sparsity.skipGradientOnUpdate=false');
  await settings.getByRole('checkbox', { name }).check();
  await expect(card.getByRole('checkbox', { name })).toBeChecked();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a tap reads a pixel, and the words stay in the window', async ({ page }) => {
    await page.goto('/#preset=rigl-mnist');
    await picture(page, /^Input map of layer/).tap({ position: { x: 320, y: 300 } });
    await expect(readOut(page)).toHaveText(/^Pixel row 2\d, column 2\d: \d+ of 128 links active/);
    const box = (await readOut(page).boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  });
});
