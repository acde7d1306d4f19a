import { fileURLToPath } from 'node:url';
import { defineConfig } from 'playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../scripts/browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const PORT = Number(process.env['SPARSELAND_TEST_PORT'] ?? 4317);
const executablePath = await findChromium();
if (!executablePath) throw new Error('No Chromium was found. Run: npm test -- browser (it installs one), or set CHROMIUM_PATH.');

/** Serves dist/ as a visitor gets it; `npm test -- browser` builds it first. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${PORT}`,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args: CHROMIUM_FLAGS },
    trace: 'retain-on-failure',
    // What one test keeps would reach nobody, and take time: e2e/offline.spec.ts allows it.
    serviceWorkers: 'block',
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${PORT} --strictPort`,
    cwd: root,
    port: PORT,
    reuseExistingServer: false,
    timeout: 30_000,
  },
});
