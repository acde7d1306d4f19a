import { expect, test, type Page } from './fixture.ts';

// 320 CSS px are 1280 at 400 % zoom (WCAG 2.2, 1.4.10).
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** How far the page can be scrolled sideways, and what of the open sheet sticks out of it. */
const sideways = (page: Page): Promise<number> => page.evaluate(() => {
  const body = document.querySelector('dialog[open]');
  return Math.max(document.documentElement.scrollWidth - innerWidth, body ? body.scrollWidth - body.clientWidth : 0, body ? body.getBoundingClientRect().right - innerWidth : 0);
});

/**
 * Buttons, menus and tabs that a finger may miss: a press 19 px above or below the middle hits something else. Words in
 * running text are left out, as in WCAG 2.2, 2.5.8.
 */
const small = (page: Page): Promise<string[]> => page.evaluate(() => {
  const root = document.querySelector('dialog[open]') ?? document.body;
  const all = [...root.querySelectorAll<HTMLElement>('button, select, summary, [role=tab]')].filter((element) => element.checkVisibility() && !element.matches('p button, li button, :disabled'));
  return all.flatMap((element) => {
    element.scrollIntoView({ block: 'center', inline: 'center' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const hits = (dy: number): boolean => {
      const found = document.elementFromPoint(left + width / 2, top + height / 2 + dy);
      return found !== null && (element.contains(found) || found.contains(element) === false && found.closest('label')?.contains(element) === true);
    };
    return hits(-19) && hits(19) ? [] : [`${element.ariaLabel ?? element.innerText.trim().slice(0, 30)}: ${Math.round(width)} x ${Math.round(height)}`];
  });
});

for (const width of [320, 360, 390]) {
  test(`at ${width} px nothing has to be scrolled sideways, and no button is small`, async ({ page }) => {
    await page.setViewportSize({ width, height: 640 });
    await page.goto('/#preset=hello-mnist');
    await expect(button(page, 'Play')).toBeVisible();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      const name = await tab.innerText();
      expect(await sideways(page), name).toBeLessThanOrEqual(0);
      expect(await small(page), name).toEqual([]);
    }
    await page.getByRole('tab', { name: 'Learn' }).click();
    for (const name of ['Compare', 'Keyboard shortcuts', 'Gallery']) {
      await button(page, name).click();
      await expect(page.getByRole('dialog').getByRole('heading').first()).toBeVisible();
      expect(await sideways(page), name).toBeLessThanOrEqual(0);
      expect(await small(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    await page.getByRole('tab', { name: 'Settings' }).click();
    await button(page, 'Share').click();
    for (const name of ['Share', 'Use in a page', 'Export']) {
      if (name !== 'Share') await page.getByRole('dialog').getByRole('button', { name: name === 'Export' ? /^Export/ : name }).click();
      await expect(page.getByRole('dialog', { name }).getByRole('heading', { name })).toBeVisible();
      expect(await sideways(page), name).toBeLessThanOrEqual(0);
      expect(await small(page), name).toEqual([]);
      if (name === 'Use in a page') {
        await page.keyboard.press('Escape');
        await button(page, 'Share').click();
      }
    }
  });
}

for (const [width, height] of [[1440, 900], [1280, 720]] as const) {
  test(`at ${width} x ${height} result, mask, accuracy and Play are seen at once`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.goto('/#preset=hello-mnist');
    await expect(page.getByRole('heading', { name: 'Test accuracy' })).toBeVisible();
    const seen = {
      Play: button(page, 'Play'), mask: page.locator('.mask-canvas canvas').first(), legend: page.locator('.legend'), result: page.locator('.result'),
      accuracy: page.locator('section').filter({ has: page.getByRole('heading', { name: 'Test accuracy' }) }).last().locator('.chart-plot'),
    };
    for (const [name, part] of Object.entries(seen)) {
      await expect(part, name).toBeInViewport({ ratio: 0.99 });
    }
  });
}
