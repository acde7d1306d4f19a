import { expect, test } from './fixture.ts';

test('the page opens without an error, and the browser has WebGPU', async ({ page }) => {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto('/');
  await expect(page).toHaveTitle(/Sparseland/);
  await expect(page.locator('#root')).not.toBeEmpty();
  expect(await page.evaluate(async () => (await navigator.gpu?.requestAdapter())?.info.architecture)).toBe('swiftshader');
  expect(errors).toEqual([]);
});

test('the packed digits are served beside the page', async ({ request }) => {
  const manifest = await (await request.get('/data/manifest.json')).json();
  const [images] = manifest.datasets['mnist-10k'].train.images;
  const file = await request.get(`/data/${images.file}`);
  expect((await file.body()).length).toBe(images.bytes);
});
