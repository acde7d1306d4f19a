import { counter, expect, test, type Page } from './fixture.ts';

/** Small and quick: moons under 1:8. */
const SMALL = 'preset=rigl-moons&steps=12&model.hidden=16-8&data.samples=200&data.batch=16&beside.random=false&evaluateEvery=4&optimizer.name=adam&optimizer.rate=0.01&masks.granularity=nm&masks.n=1&masks.m=8';
/** Beta is turned by hand for the whole of the phase. */
const BY_HAND = `/#${SMALL}&beside.dense=false&sparsity.method=mdgf&sparsity.decay=manual&sparsity.denseShare=0&sparsity.fineTune=0&v=1`;

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** The rows of a chart's table: step and values. */
const rows = async (page: Page, name: string): Promise<string[][]> => (await region(page, name).getByRole('row').allInnerTexts()).slice(1).map((row) => row.split('\t'));

test('beta is turned while it trains: the next step uses it, and the link repeats it', async ({ page }) => {
  await page.goto(BY_HAND);
  const handle = region(page, 'Beta').getByRole('slider', { name: 'Beta' });
  await expect(handle).toHaveAttribute('aria-valuetext', '1, a dense network');
  await press(page, 'Step');
  await expect.poll(() => counter(page)).toBe(1);
  await handle.scrollIntoViewIfNeeded();
  const box = (await handle.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 50, { steps: 3 });
  await page.mouse.up();
  await expect(handle).toHaveAttribute('aria-valuetext', /^0\.[45]/);
  const turned = (await handle.getAttribute('aria-valuenow')) ?? '';
  await press(page, 'Step');
  await expect.poll(() => counter(page)).toBe(2);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain(`1:sparsity.beta:${turned}`);
  await handle.focus();
  await page.keyboard.press('Home');
  await expect(handle).toHaveAttribute('aria-valuetext', '0, STE');
  await press(page, 'Step');
  await expect.poll(() => counter(page)).toBe(3);
  await region(page, 'Beta').getByRole('button', { name: 'Table' }).click();
  await expect.poll(async () => (await rows(page, 'Beta')).slice(0, 4).map(([, planned, used]) => [planned, used])).toEqual([['1', '1'], [turned, turned], ['0', '0'], ['0', '']]);
});

test('gradients stand layer by layer beside those of the dense twin, and BDWP tells how near its own are to the exact ones', async ({ page }) => {
  await page.goto(`/#${SMALL}&sparsity.method=bdwp&v=1`);
  await press(page, 'Play');
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 60_000 });
  const panel = region(page, 'Gradients');
  await expect(panel.getByRole('button', { name: /^fc\d/ })).toHaveCount(3);
  await panel.getByRole('button', { name: 'Table' }).click();
  await expect(panel.getByRole('columnheader')).toHaveText(['Step', 'this', 'dense']);
  await expect.poll(async () => (await rows(page, 'Gradients')).map(([step]) => step)).toEqual(['4', '8', '12']);
  for (const [, own = '', dense = ''] of await rows(page, 'Gradients')) expect([Number(own) > 0, Number(dense) > 0]).toEqual([true, true]);
  await panel.getByLabel('What is shown of the gradients').selectOption('Cosine with the exact gradient');
  await expect(panel.getByRole('button', { name: /^fc\d/ })).toHaveText([/^fc2/, /^fc3/]);
  await panel.getByLabel('What is shown of the gradients').selectOption('Agreement of both masks');
  await expect.poll(async () => (await rows(page, 'Gradients'))[0]?.slice(0, 2)).toEqual(['0', '1.00']);
  await expect(region(page, 'Pull to 0').getByRole('img').or(region(page, 'Pull to 0').getByRole('figure'))).toBeVisible();
});
