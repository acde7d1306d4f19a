import { expect, test, type Page } from './fixture.ts';
import { serious } from './serious.ts';

// States are judged, not the way from one to the next.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const MOONS = '/#preset=rigl-moons&model.hidden=8&steps=20&beside.random=false&beside.dense=false';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    const rules = theme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined;

    test('the page before, paused, at the end and with its sheets has no serious fault', async ({ page }) => {
      await page.goto(MOONS);
      await page.getByText('About the method', { exact: true }).click();
      await expect(page.locator('math').first()).toBeAttached();
      expect(await serious(page, rules), 'before').toEqual([]);
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
      await button(page, 'Play').click();
      await expect(page.getByText(/^Finished/).first()).toBeVisible({ timeout: 30_000 });
      await expect(page.locator('svg.recharts-surface').first()).toBeVisible();
      expect(await serious(page, rules), 'at the end').toEqual([]);
      for (const name of ['Gallery', 'Compare', 'Share', 'Use in a page', 'Keyboard shortcuts']) {
        await button(page, name).click();
        await expect(page.getByRole('dialog').getByRole('heading').first()).toBeVisible();
        expect(await serious(page, rules), name).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    });

    test('on a phone each tab, and a figure in another page, has no serious fault', async ({ page }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(MOONS);
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect(await serious(page, rules), await tab.innerText()).toEqual([]);
      }
      await page.goto('about:blank');
      await page.goto(`${MOONS}&embed=1&theme=${theme}`);
      await expect(page.locator('.figure')).toBeVisible();
      expect(await serious(page, rules), 'figure').toEqual([]);
    });
  });
}

for (const path of ['/selftest.html', '/bench.html', '/examples/course-notes.html']) {
  test(`${path} has no serious fault`, async ({ page }) => {
    await page.goto(path);
    await expect(page.locator('h1, h2').first()).toBeVisible();
    expect(await serious(page)).toEqual([]);
  });
}
