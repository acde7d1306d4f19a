/**
 * `npm run screenshots`: takes the pictures of README.md and docs/ from the built page, in docs/. Build first.
 * They show the recorded run that the page plays by itself, so that they look alike whatever the machine.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { CHROMIUM_FLAGS, ensureChromium } from './browser.mjs';
import { ROOT } from './install.mjs';

/**
 * @typedef {{ file: string, theme: 'light' | 'dark', width: number, height: number, step: number }} Shot
 * `step`: the picture is taken once the run has come so far, and is paused.
 */

/** @type {readonly Shot[]} */
const SHOTS = [
  { file: 'screenshot.png', theme: 'light', width: 1440, height: 900, step: 700 },
  { file: 'screenshot-dark.png', theme: 'dark', width: 1440, height: 900, step: 700 },
  { file: 'screenshot-phone.png', theme: 'light', width: 390, height: 844, step: 700 },
];

if (!existsSync(join(ROOT, 'dist/index.html'))) {
  console.error('There is no build to photograph. Run: npm run build');
  process.exit(2);
}
const executablePath = await ensureChromium();
const server = await preview({ root: ROOT, preview: { port: Number(process.env['SPARSELAND_TEST_PORT'] ?? 4318) } });
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
try {
  for (const shot of SHOTS) {
    await take(shot, server.resolvedUrls?.local[0] ?? '');
    console.log(`docs/${shot.file}`);
  }
} finally {
  await browser.close();
  await server.close();
}

/** @param {Shot} shot @param {string} address */
async function take({ file, theme, width, height, step }, address) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: width < 600 ? 2 : 1, colorScheme: theme });
  await page.goto(address);
  const counter = page.locator('output.counter:visible').first();
  /** @returns {Promise<number>} */
  const reached = async () => Number(/^Step (\d+)/.exec((await counter.getAttribute('aria-label')) ?? '')?.[1] ?? 0);
  while ((await reached()) < step) await page.waitForTimeout(200);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  // Panels are drawn a little after the counter.
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(ROOT, 'docs', file) });
  await page.close();
}
