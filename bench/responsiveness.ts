/*
 * `npm run bench:page [-- rounds]`: how the page answers while it trains, in Chromium on the built page. Three figures:
 * the longest task of the page in ten seconds, the time and the steps from a click on Pause to the last step told, and
 * the memory of the page over twenty runs in a row. Prints medians and spreads; decides nothing.
 */
import { loadavg } from 'node:os';
import { chromium, type Browser, type Page } from 'playwright';
import { preview } from 'vite';
import { CHROMIUM_FLAGS, ensureChromium } from '../scripts/browser.mjs';
import { ROOT } from '../scripts/install.mjs';
import { spreadOf } from '../src/bench/statistics.ts';

/** What is trained: the page's first experiment, and two whose masks and curves change as fast as the device goes. Seed 2 has no recording that would play instead. */
const LOADS = {
  'hello-mnist, paced': { hash: '#preset=hello-mnist&seed=2', speed: 'paced' },
  'rigl 784-256-10, fastest, an update every 5 steps': { hash: '#preset=rigl-mnist&model.hidden=256&steps=20000&sparsity.updatePeriod=5&evaluateEvery=50&beside.random=false&beside.dense=false', speed: 'fastest' },
  'two moons, fastest': { hash: '#preset=rigl-moons&steps=100000', speed: 'fastest' },
} as const;
const SHORT = '#preset=rigl-moons&model.hidden=16&steps=100&evaluateEvery=20&beside.random=false&beside.dense=false';
const WATCHED_MS = 10_000;
const RUNS = 20;

const rounds = Number(process.argv[2] ?? 3);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`The number of rounds must be a whole number from 1 on, not ${process.argv[2] ?? ''}.`);
  process.exit(2);
}
const server = await preview({ root: ROOT, preview: { port: Number(process.env['SPARSELAND_TEST_PORT'] ?? 4319) } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: [...CHROMIUM_FLAGS, '--enable-precise-memory-info'] });
try {
  console.log(`Chromium ${browser.version()}, SwiftShader, load ${loadavg().map((x) => x.toFixed(1)).join(' ')}`);
  for (const [name, { hash, speed }] of Object.entries(LOADS)) {
    const longest: number[] = [];
    const pausedMs: number[] = [];
    const stepsAfter: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const page = await training(browser, hash, speed);
      longest.push(await longestTask(page));
      const pause = await clickToPaused(page);
      pausedMs.push(pause.ms);
      stepsAfter.push(pause.steps);
      await page.context().close();
    }
    tell(`${name}: longest task of the page in 10 s`, longest, 'ms');
    tell(`${name}: click on Pause to the last step`, pausedMs, 'ms');
    tell(`${name}: steps told after the click`, stepsAfter, '');
  }
  const grown: number[] = [];
  for (let round = 0; round < rounds; round++) grown.push(await growthOverRuns(browser));
  tell(`heap of the page after ${RUNS} runs in a row, beyond that after two`, grown, 'kB');
} finally {
  await browser.close();
  await server.close();
}

function tell(what: string, values: readonly number[], unit: string): void {
  const { median, best, worst } = spreadOf(values);
  console.log(`${what}: ${median.toFixed(0)} ${unit} (${best.toFixed(0)} to ${worst.toFixed(0)}; n = ${values.length})`);
}

/** A page on which an experiment trains. */
async function training(on: Browser, hash: string, speed: string): Promise<Page> {
  const page = await on.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  // What runs this file names its functions by a function that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(`${address}${hash}`);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption(speed);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByText(/^Live/).first().waitFor({ timeout: 60_000 });
  return page;
}

/** Milliseconds of the longest task; 0 where none took 50, which is where browsers begin to count. */
function longestTask(page: Page): Promise<number> {
  return page.evaluate((ms) => new Promise<number>((resolve) => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: 'longtask' });
    setTimeout(() => {
      observer.disconnect();
      resolve(longest);
    }, ms);
  }), WATCHED_MS);
}

/** Time and steps from a click to the last change of the counter, which then stands for a second. */
function clickToPaused(page: Page): Promise<{ ms: number; steps: number }> {
  return page.evaluate(() => new Promise<{ ms: number; steps: number }>((resolve) => {
    const counter = document.querySelector('output.counter');
    const pause = document.querySelector<HTMLElement>('button[aria-label=Pause]');
    if (!counter || !pause) throw new Error('The page does not train: it has no counter or no Pause.');
    const step = (): number => Number(/\d+/.exec(counter.ariaLabel ?? '')?.[0] ?? 0);
    const clicked = performance.now();
    const before = step();
    let last = clicked;
    let timer = 0;
    const rest = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => resolve({ ms: last - clicked, steps: step() - before }), 1000);
    };
    new MutationObserver(() => {
      if (step() > before) last = performance.now();
      rest();
    }).observe(counter, { attributes: true, characterData: true, childList: true, subtree: true });
    pause.click();
    rest();
  }));
}

/** Kilobytes of the page's heap that twenty runs leave behind, garbage collected. */
async function growthOverRuns(on: Browser): Promise<number> {
  const page = await on.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const devTools = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await devTools.send('HeapProfiler.collectGarbage');
    return (await devTools.send('Runtime.getHeapUsage')).usedSize / 1000;
  };
  await page.goto(`${address}${SHORT}`);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('fastest');
  const train = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByText(/^Finished/).first().waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.getByText(/^Finished/).first().waitFor({ state: 'detached' });
  };
  for (let run = 0; run < 2; run++) await train();
  const before = await heap();
  for (let run = 2; run < RUNS; run++) await train();
  const grown = (await heap()) - before;
  await page.context().close();
  return grown;
}
