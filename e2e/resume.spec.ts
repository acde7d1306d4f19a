import { counter, expect, test } from './fixture.ts';

test('a run whose page is closed goes on where it was, also from a page opened without its link', async ({ page, context }) => {
  await page.goto('/#preset=rigl-moons&steps=2000');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByText(/^Live/).first()).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBeGreaterThan(0);
  // The page goes out of sight, as it does before it is closed.
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => page.evaluate(() => caches.has('sparseland-kept-run')), { timeout: 20_000 }).toBe(true);

  // While the first page is open, the run is its own.
  const beside = await context.newPage();
  await beside.goto('/', { waitUntil: 'networkidle' });
  expect(await beside.evaluate(async () => (await navigator.locks.query()).held?.some(({ name }) => name?.startsWith('sparseland-page/')))).toBe(true);
  await expect(beside.getByText(/^Your last run/)).toBeHidden();
  await beside.close();
  await page.close();

  const later = await context.newPage();
  await later.goto('/');
  await expect(later.getByText(/^Your last run, RigL on two moons, stopped at step/)).toBeVisible();
  await later.getByRole('button', { name: 'Open it' }).click();
  const notice = later.getByText(/^This run was cut off; its state at step [\d,]+ is kept/);
  await expect(notice).toBeVisible();
  const kept = Number(/step ([\d,]+)/.exec(await notice.innerText())?.[1]?.replaceAll(',', ''));
  await later.getByRole('button', { name: 'Go on from there' }).click();
  await expect.poll(() => counter(later), { timeout: 30_000 }).toBeGreaterThan(kept);
});
