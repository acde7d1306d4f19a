import { readFile } from 'node:fs/promises';
import { test as base, type BrowserContext, type Download, type Locator, type Page } from 'playwright/test';

/** Mark of a violation in the console; workers have no window to listen in, but browsers log theirs as well. */
const VIOLATION = /securitypolicyviolation|Content Security Policy/;

/**
 * Notes every violation of the content policy and every uncaught error of a context: pages, frames and workers alike.
 * The list grows while the test runs.
 */
export async function watchContext(context: BrowserContext): Promise<readonly string[]> {
  const faults: string[] = [];
  context.on('console', (message) => VIOLATION.test(message.text()) && faults.push(message.text()));
  context.on('weberror', (error) => faults.push(error.error().message));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => console.error(`securitypolicyviolation: ${violatedDirective} ${blockedURI} at ${sourceFile}:${lineNumber}`));
  });
  return faults;
}

/** Playwright's test, which also fails where a page breaks its content policy or throws. */
export const test = base.extend({
  context: async ({ context }, provide) => {
    const faults = await watchContext(context);
    await provide(context);
    base.expect(faults).toEqual([]);
  },
});
export { expect, type FrameLocator, type Page } from 'playwright/test';

/** The step that the counter of a page shows. */
export async function counter(page: Page): Promise<number> {
  const text = await page.getByText(/^[\d,]+ \/ [\d,]+/).first().innerText();
  return Number(text.split('/')[0]?.replace(/\D/g, ''));
}

/** The file that the page hands over when it is asked to. */
export async function saved(page: Page, press: () => Promise<void>): Promise<{ download: Download; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await press();
  const download = await coming;
  return { download, bytes: await readFile(await download.path()) };
}

/** Saves a chart in each form; told are its names and its text, after it was read as SVG and seen to be a PNG of twice the figure's width. */
export async function savedFigure(page: Page, chart: Locator): Promise<{ names: string[]; csv: string; svg: string }> {
  const files: Awaited<ReturnType<typeof saved>>[] = [];
  for (const kind of ['CSV', 'SVG', 'PNG']) files.push(await saved(page, () => chart.getByRole('button', { name: kind, exact: true }).click()));
  const [csv, svg, png] = files.map(({ bytes }) => bytes) as [Buffer, Buffer, Buffer];
  const root = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return { name: parsed.documentElement.nodeName, broken: parsed.querySelector('parsererror') !== null };
  }, svg.toString());
  base.expect(root).toEqual({ name: 'svg', broken: false });
  base.expect(png.subarray(1, 4).toString()).toBe('PNG');
  base.expect(png.readUInt32BE(16)).toBe(1440);
  return { names: files.map(({ download }) => download.suggestedFilename()), csv: csv.toString(), svg: svg.toString() };
}
