import { expect, test as plain } from 'playwright/test';
import { test, watchContext } from './fixture.ts';

for (const path of ['/', '/#preset=rigl-moons&embed=1', '/selftest.html', '/bench.html', '/examples/course-notes.html']) {
  test(`${path} carries the policy itself, whatever the server sends`, async ({ page, request }) => {
    const html = await (await request.get(path.replace(/#.*/, ''))).text();
    expect(html.indexOf('http-equiv="Content-Security-Policy"')).toBeGreaterThan(0);
    expect(html.indexOf('http-equiv="Content-Security-Policy"')).toBeLessThan(html.indexOf('<script'));
    await page.goto(path);
    await expect(page.locator('body')).not.toBeEmpty();
  });
}

test('equations are set under the policy', async ({ page }) => {
  await page.goto('/#preset=rigl-moons');
  await page.getByText('About the method', { exact: true }).click();
  await expect(page.locator('math').first()).toBeAttached();
});

plain('what breaks the policy is stopped, and the tests hear of it', async ({ page, context }) => {
  const faults = await watchContext(context);
  await page.goto('/#preset=rigl-moons');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "broken"';
    document.head.append(script);
    const image = document.createElement('img');
    image.src = 'https://elsewhere.example/pixel.png';
  });
  await expect.poll(() => faults.join()).toMatch(/securitypolicyviolation: script-src-elem inline[^]*securitypolicyviolation: img-src https:\/\/elsewhere\.example/);
  await expect(page).toHaveTitle(/Sparseland/);
});

test('a run that no device can hold is refused in words, with what would fit', async ({ page }) => {
  await page.goto('/#preset=rigl-fashion-cnn&data.batch=2048&model.channels=16-32-64&model.norm=batch&optimizer.name=adam');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(/does not fit.*Nothing was made\. It would need \d+ MiB with an eighth of the batch/, { timeout: 30_000 });
});
