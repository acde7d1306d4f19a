import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from './fixture.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const openFile = (page: Page, name: string, buffer: Buffer) => page.getByLabel('Open a run from a file').setInputFiles({ name, mimeType: '', buffer });

test('a run is saved as a file and opens again in another visit; a bad file is told and loses nothing', async ({ page, browser, baseURL }) => {
  await page.goto('/#preset=rigl-moons');
  await button(page, 'Step').click();
  await expect(page.getByLabel(/^Step 1 of/)).toBeVisible({ timeout: 30_000 });
  await button(page, 'Share').click();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save the run').click()]);
  const name = download.suggestedFilename();
  expect(name).toMatch(/^rigl-moons-seed-\d+-step-1\.sparseland$/);
  const bytes = await readFile(await download.path());

  await openFile(page, 'notes.txt', Buffer.from('No run at all, but a text that somebody picked.'));
  await expect(page.getByText('notes.txt could not be opened: this file is no Sparseland recording.')).toBeVisible();
  await expect(page.getByLabel(/^Step 1 of/)).toBeVisible();
  await expect(page.getByText(/^Paused/)).toBeVisible();

  const other = await browser.newPage({ ...(baseURL && { baseURL }) });
  await other.goto('/#preset=dense-mnist');
  const dropped = await other.evaluateHandle(([text, called]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(text as string), (c) => c.charCodeAt(0))], called as string));
    return transfer;
  }, [bytes.toString('base64'), name]);
  await other.dispatchEvent('body', 'drop', { dataTransfer: dropped });
  await expect(other.getByLabel('Preset', { exact: true })).toHaveValue('rigl-moons');
  await expect(other.getByText('A run made earlier, played here')).toBeVisible();
  await expect(other.getByLabel(/^Step 1 of/)).toBeVisible();
  await other.close();
});
