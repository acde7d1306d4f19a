import { expect, test, type Page } from './fixture.ts';

test.use({ serviceWorkers: 'allow' });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The kept files and data of the page, below its address. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('sparseland-offline'));
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
}

test('after the first visit the page opens and trains without a network, on data that were fetched', async ({ page, context }) => {
  await page.goto('/#preset=rigl-mnist&model.hidden=8&steps=20&beside.random=false&beside.dense=false');
  await button(page, 'Step').click();
  await expect.poll(() => kept(page), { timeout: 30_000 }).toEqual(expect.arrayContaining(['/index.html', '/data/manifest.json', '/data/mnist-train-0-images.bin', '/data/mnist-test-0-labels.bin']));
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole('status', { name: 'Step 0 of 20' })).toBeVisible();
  await button(page, 'Step').click();
  await expect(page.getByRole('status', { name: 'Step 1 of 20' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
  // What is loaded on request is there as well.
  await button(page, 'Compare').click();
  await expect(page.getByRole('dialog', { name: 'Compare' })).toBeVisible();
});

test('a new version takes the place of the old one, and data stay', async ({ page }) => {
  await page.goto('/#preset=rigl-moons');
  await expect.poll(() => kept(page)).toContain('/index.html');
  const stores = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const own = `sparseland-offline ${registration.scope} `;
    await caches.open(`${own}files 000000000000`);
    await caches.open('of another program');
    await registration.unregister();
    return own;
  });
  await page.reload();
  await expect.poll(() => page.evaluate(() => caches.keys())).not.toContain(`${stores}files 000000000000`);
  expect(await page.evaluate(() => caches.keys())).toContain('of another program');
  expect(await kept(page)).toContain('/index.html');
});
