import { test as base, type BrowserContext, type Page } from 'playwright/test';

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
export { expect, type Download, type FrameLocator, type Page } from 'playwright/test';

/** The step that the counter of a page shows. */
export async function counter(page: Page): Promise<number> {
  const text = await page.getByText(/^[\d,]+ \/ [\d,]+/).first().innerText();
  return Number(text.split('/')[0]?.replace(/\D/g, ''));
}
