import { expect, test, type Page } from './fixture.ts';
import { openAlbum, setInBars, type Album, type Theme } from './snapshot.ts';

// How the main states look: what is kept, and why as text, is said in snapshot.ts. `npm run snapshots` takes them anew.
test.use({ bypassCSP: true, contextOptions: { reducedMotion: 'reduce' }, colorScheme: 'light' });

const SIZES = { '1440x900': { width: 1440, height: 900 }, '390x844': { width: 390, height: 844 } } as const;
const MOONS = '/#preset=rigl-moons&model.hidden=8&steps=20&evaluateEvery=5&beside.random=false&beside.dense=false';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

let album: Album;
test.beforeEach(async ({ page, context }, info) => {
  await setInBars(page);
  album = openAlbum(info, await context.newPage());
});

/** Compares until it is as it was kept: panels come when they are wanted. */
async function expectAsKept(page: Page, what: string, size: string, theme: Theme): Promise<void> {
  await expect(async () => expect(await album.take(page, what, size, theme)).toEqual([]), `${what}, ${size}, ${theme}`).toPass({ timeout: 20_000, intervals: [100, 250, 500] });
}

/** Through the document: the button may lie behind a dialog. */
const changeTheme = (page: Page): Promise<void> => page.evaluate(() => document.querySelector<HTMLElement>('.header [aria-label$=theme]')?.click());

/** The state in two widths and two themes; ends as it began. */
async function expectLooks(page: Page, what: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await expectAsKept(page, what, size, 'light');
    await changeTheme(page);
    await expectAsKept(page, what, size, 'dark');
    await changeTheme(page);
  }
  await page.setViewportSize(SIZES['1440x900']);
}

test('before Play', async ({ page }) => {
  await page.goto('/');
  await expect(button(page, 'Train live')).toBeVisible();
  await expectLooks(page, 'before');
});

test('paused midway, at the end, and each sheet', async ({ page }, info) => {
  test.setTimeout(info.config.updateSnapshots === 'all' ? 240_000 : 120_000);
  await page.goto(MOONS);
  for (let step = 1; step <= 7; step++) {
    await button(page, 'Step').click();
    await expect(page.locator('output.counter').first()).toHaveAttribute('aria-label', new RegExp(`^Step ${step} `), { timeout: 30_000 });
  }
  await expectLooks(page, 'paused');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  await button(page, 'Play').click();
  await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });
  await expectLooks(page, 'finished');
  // "How do I know?" is as tall as the name of the build that it tells.
  for (const name of ['Gallery', 'Compare', 'Share', 'Use in a page', 'Keyboard shortcuts']) {
    await button(page, name).click();
    await expect(page.getByRole('dialog').getByRole('heading').first()).toBeVisible();
    await expectAsKept(page, `sheet ${name.toLowerCase()}`, '1440x900', 'light');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test('a browser that cannot train', async ({ page }) => {
  await page.addInitScript(() => delete (Navigator.prototype as { gpu?: unknown }).gpu);
  await page.goto(MOONS);
  await expect(page.getByRole('alert')).toContainText('WebGPU');
  await expectLooks(page, 'error');
});

for (const theme of ['light', 'dark'] as const) {
  test(`a figure in another page, ${theme}`, async ({ page }) => {
    await page.goto(`${MOONS}&embed=1&theme=${theme}`);
    await expect(page.locator('.figure')).toBeVisible();
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await expectAsKept(page, 'figure', size, theme);
    }
  });
}
