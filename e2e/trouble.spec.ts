import { counter, expect, test, type Page } from './fixture.ts';

/** Everything that the page complained about: trouble is told in words, never by an error of the page. */
let complaints: string[] = [];

/** Hears what a page complains about from now on. */
function listen(page: Page): void {
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
}
test.afterEach(() => expect(complaints).toEqual([]));

const MOONS = '#preset=rigl-moons&beside.random=false&beside.dense=false';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Rows of the table of training losses: a step and a loss each. */
async function lossRows(page: Page) {
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Training loss' }) }).last();
  if (!(await panel.locator('table').count())) await panel.getByText('Table', { exact: true }).click();
  return panel.locator('tbody tr');
}

test('a run that diverges stops, names step and tensor, and keeps the last good state', async ({ page }) => {
  listen(page);
  await page.goto(`/${MOONS}&optimizer.rate=10&model.hidden=64,64,64`);
  await button(page, 'Play').click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(/Training diverged\. At step \d+ (the gradient of fc\d+\.(weight|bias)|the loss) was no longer finite/, { timeout: 30_000 });
  const words = await alert.innerText();
  const at = Number(/At step (\d+)/.exec(words)?.[1]);
  expect(words).toContain(`The parameters are those of step ${at - 1}.`);
  await expect(page.getByText(/^Diverged/)).toBeVisible();
  await expect.poll(() => counter(page)).toBe(at);
  // The curve ends with the last good step, and all of it are numbers.
  const rows = await lossRows(page);
  await expect(rows).toHaveCount(at - 1);
  for (const row of await rows.allInnerTexts()) expect(row).toMatch(/^\d+\s+[\d.]+/);
  await expect(button(page, 'Play')).toBeDisabled();

  await button(page, 'Halve the rate and reset').click();
  await expect(page.getByRole('textbox', { name: 'Learning rate', exact: true })).toHaveValue('5');
  await expect(button(page, 'Play')).toBeEnabled();
  await expect.poll(() => counter(page)).toBe(0);
});

test('a GPU that is lost is opened anew, and the run goes on; lost again, the run is kept over a reload', async ({ playwright, launchOptions, baseURL, viewport }) => {
  test.setTimeout(240_000);
  // A browser of its own: one whose GPU process crashed twice is no browser for other tests.
  const browser = await playwright.chromium.launch(launchOptions);
  const page = await browser.newPage({ ...(baseURL && { baseURL }), viewport });
  listen(page);
  const devTools = await browser.newBrowserCDPSession();
  const crash = () => devTools.send('Browser.crashGpuProcess');
  await page.goto(`/${MOONS}`);
  await page.getByLabel('Speed').selectOption('slow');
  await button(page, 'Play').click();
  await expect.poll(() => counter(page), { timeout: 30_000 }).toBeGreaterThan(5);
  const before = await counter(page);
  await crash();
  await expect(page.getByText(/The GPU was lost and came back/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^Live/)).toBeVisible();
  // Ten steps a second at most: 80 last long enough for a state to be kept, however fast the machine is.
  await expect.poll(() => counter(page), { timeout: 60_000 }).toBeGreaterThan(before + 80);
  await expect(page.getByRole('alert')).toHaveCount(0);
  const rows = await (await lossRows(page)).allInnerTexts();
  expect(new Set(rows.map((row) => row.split(/\s/)[0])).size).toBe(rows.length);

  await crash();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(/lost.*Reload the page with the browser's own button: it is kept, and goes on from step [\d,]+/, { timeout: 60_000 });
  await expect(page.getByText(/^Stopped/)).toBeVisible();
  const kept = Number(/from step ([\d,]+)/.exec(await alert.innerText())?.[1]?.replace(/\D/g, ''));
  await page.reload();
  await expect(page.getByText(/This run was cut off; its state/)).toBeVisible();
  await expect(alert).toHaveCount(0);
  await button(page, 'Go on from there').click();
  await expect.poll(() => counter(page), { timeout: 60_000 }).toBeGreaterThan(kept);
  await button(page, 'Pause').click();
  const [first] = await (await lossRows(page)).allInnerTexts();
  expect(Number(first?.split(/\s/)[0]?.replace(/\D/g, ''))).toBe(kept + 1);
  await browser.close();
});
