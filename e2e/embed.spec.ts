import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type FrameLocator, type Page } from './fixture.ts';

const figure = (page: Page, label: string): FrameLocator => page.locator(`sparse-playground[label="${label}"]`).frameLocator('iframe');
const MOONS = 'RigL on two moons';
const GUESS = 'A fixed random mask at 2 %';

test('figures in prose load on view, take turns, keep what their author fixed, and are as tall as what they show', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto('/examples/course-notes.html');
  const elements = page.locator('sparse-playground');
  await expect(elements).toHaveCount(3);
  await expect(elements.nth(2).locator('iframe'), 'out of view: not loaded').toHaveCount(0);

  const moons = page.locator(`sparse-playground[label="${MOONS}"]`);
  await moons.scrollIntoViewIfNeeded();
  const first = figure(page, MOONS);
  await expect(first.getByRole('button', { name: 'New seed' }), 'its seed is locked').toHaveCount(0);
  const density = first.getByRole('slider', { name: 'Density' });
  await expect(density).toBeVisible();
  await first.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(first.getByRole('button', { name: 'Pause', exact: true })).toBeVisible({ timeout: 30_000 });
  // What comes later makes it taller, and the page around it follows.
  await expect(async () => {
    const tall = await moons.evaluate((element) => element.getBoundingClientRect().height);
    const inside = await first.locator('.figure').evaluate((element) => element.getBoundingClientRect().height);
    expect(Math.abs(tall - inside)).toBeLessThanOrEqual(4);
  }).toPass({ timeout: 5000 });

  const second = figure(page, GUESS);
  await elements.nth(2).scrollIntoViewIfNeeded();
  await expect(second.getByRole('button', { name: 'Play', exact: true }), 'the question stands before Play').toHaveCount(0);
  await second.getByRole('button', { name: 'Predict' }).click();
  await second.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(second.getByRole('button', { name: 'Pause', exact: true })).toBeVisible({ timeout: 30_000 });
  // Not scrolled back: the first would go on as soon as it is seen and the second is not.
  await expect(first.getByRole('button', { name: 'Play', exact: true }), 'only one of them runs').toBeVisible();
  expect(complaints).toEqual([]);
});

/** A page of another origin around a figure, which tells what it hears. Served, not made up: a page from nowhere may not reach a local server. */
async function servePages(): Promise<{ origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const link = new URL(request.url ?? '/', 'http://localhost').searchParams.get('figure') ?? '';
    response.setHeader('content-type', 'text/html').end(`<!doctype html><iframe id="f" width="700" height="500" src="${link.replaceAll('&', '&amp;')}"></iframe>
<script>heard = []; addEventListener('message', (e) => heard.push(e.data)); ask = (message) => document.getElementById('f').contentWindow.postMessage(message, '*');</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

interface HostWindow { heard: { type: string; id?: number; ok?: boolean; error?: { code: string } }[]; ask(message: unknown): void }
const heard = (page: Page): Promise<HostWindow['heard']> => page.evaluate(() => (window as unknown as HostWindow).heard);
const ask = (page: Page, message: unknown): Promise<void> => page.evaluate((m) => (window as unknown as HostWindow).ask(m), message);

test('messages are answered to the page that the link names, and to no other', async ({ page, baseURL }) => {
  const host = await servePages();
  try {
    const open = async (named: string): Promise<void> => {
      const figure = `${baseURL}/#preset=rigl-moons&embed=1&lock=optimizer.rate&origin=${encodeURIComponent(named)}`;
      await page.goto(`${host.origin}/?figure=${encodeURIComponent(figure)}`);
      await expect.poll(async () => (await heard(page)).map(({ type }) => type)).toEqual(expect.arrayContaining(['ready', 'height']));
    };
    await open(host.origin);
    await ask(page, { sparseland: 1, id: 1, type: 'set', key: 'sparsity.density', value: 0.1 });
    await ask(page, { sparseland: 1, id: 2, type: 'set', key: 'sparsity.density', value: 'much' });
    await ask(page, { sparseland: 1, id: 3, type: 'fly' });
    await ask(page, 'nothing of ours');
    await expect.poll(async () => (await heard(page)).filter(({ type }) => type === 'answer').map(({ id, ok, error }) => [id, ok, error?.code])).toEqual([
      [1, true, undefined], [2, false, 'bad-value'], [3, false, 'unknown-type'],
    ]);
    await open('https://elsewhere.example');
    await ask(page, { sparseland: 1, id: 1, type: 'play' });
    await page.waitForTimeout(500);
    expect((await heard(page)).filter(({ type }) => type === 'answer' || type === 'metrics')).toEqual([]);
  } finally {
    host.close();
  }
});

test('the dialogs give the link and a snippet that shows the same figure', async ({ page }) => {
  await page.goto('/#preset=rigl-moons&sparsity.density=0.1');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(/#preset=rigl-moons&sparsity\.density=0\.1&v=1$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Use in a page' }).click();
  await page.getByLabel('Plain frame').check();
  const snippet = await page.getByLabel('Snippet', { exact: true }).inputValue();
  const address = /src="([^"]+)"/.exec(snippet)?.[1]?.replaceAll('&amp;', '&') ?? '';
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.locator('.figure')).toBeVisible();
  expect(page.url()).toContain('sparsity.density=0.1');
});
