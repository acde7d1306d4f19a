import { expect, test, type Page } from './fixture.ts';

/** What the page keeps of choices among kernel variants; with `text`, puts that in its place first. */
const kept = (page: Page, text?: string): Promise<string> => page.evaluate((given) => new Promise<string>((resolve, reject) => {
  const request = indexedDB.open('sparseland', 1);
  request.onupgradeneeded = () => void request.result.createObjectStore('texts');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const transaction = request.result.transaction('texts', 'readwrite');
    const texts = transaction.objectStore('texts');
    if (given !== undefined) texts.put(given, 'tuning');
    const asked = texts.get('tuning');
    transaction.oncomplete = () => {
      request.result.close();
      resolve(String(asked.result));
    };
  };
}), text);

/** Trains at full speed until some steps are done. */
async function train(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('Fastest');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('status', { name: /^Step [1-9]\d* of 5000/ })).toBeVisible({ timeout: 30_000 });
}

test('choices among kernel variants outlive a reload; a damaged table counts as none and is replaced', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto('/#preset=rigl-moons&steps=5000');
  await kept(page, '{"version":1,');
  await train(page);
  await expect.poll(() => kept(page), { timeout: 30_000 }).toMatch(/"verdicts":\[\["[0-9a-f]{64}"/);
  await page.reload();
  await train(page);
  expect(await kept(page)).toMatch(/"verdicts":\[\["[0-9a-f]{64}"/);
  expect(complaints).toEqual([]);
});
