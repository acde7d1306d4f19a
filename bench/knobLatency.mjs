/*
 * `node bench/knobLatency.mjs`: milliseconds from the change of a slider to the event that tells at which step it acts, in
 * Chromium, on a build (`npm run build` first), and to the end of the first step that used it (`done`). `steps` are those
 * begun before it and not told done at the change; `sent`: milliseconds until the page had sent the command. `late` counts changes
 * that took longer than 200 ms and than two steps. Options: --changes N of each knob (default 12).
 */
import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_FLAGS, findChromium } from '../scripts/browser.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORT = 4327;
const { values: options } = parseArgs({ options: { changes: { type: 'string', default: '12' } } });
const CHANGES = Number(options.changes);

/** @typedef {{ preset: string, speed: string, knobs: [label: string, path: string][] }} Place */
/** @type {[string, string][]} */
const RIGL = [['Learning rate', 'optimizer.rate'], ['Density', 'sparsity.density'], ['Drop fraction', 'sparsity.dropFraction'], ['Update every', 'sparsity.updatePeriod']];
/** @type {Place[]} */
const PLACES = ['paced', 'fastest'].flatMap((speed) => [
  { preset: 'rigl-moons&steps=100000', speed, knobs: RIGL },
  { preset: 'hello-mnist&steps=100000', speed, knobs: RIGL.filter(([, path]) => !path.endsWith('dropFraction')) },
]);

/** Notes when the run tells of edits and of step times; runs in the page before its own code. */
function listen() {
  const heard = {
    sent: /** @type {number[]} */ ([]), done: /** @type {{ at: number, step: number }[]} */ ([]),
    edits: /** @type {{ at: number, path: string, step: number }[]} */ ([]), stepMs: /** @type {number[]} */ ([]),
  };
  Object.assign(window, { heard });
  const Native = window.Worker;
  window.Worker = class extends Native {
    /** @param {string | URL} url @param {WorkerOptions} [how] */
    constructor(url, how) {
      super(url, how);
      this.addEventListener('message', ({ data }) => {
        const event = data.event;
        if (event?.type === 'edit') heard.edits.push({ at: performance.now(), path: event.path, step: event.step });
        if (event?.type !== 'metrics') return;
        for (const row of event.rows) {
          if (row.table !== 'time') continue;
          heard.stepMs.push(...row.columns.stepMs);
          heard.done.push({ at: performance.now(), step: row.step.at(-1) });
        }
      });
    }

    /** @override @param {any} message @param {any} [transfer] */
    postMessage(message, transfer) {
      if (message.command?.type === 'setKnob') heard.sent.push(performance.now());
      super.postMessage(message, transfer);
    }
  };
}

/**
 * Moves a slider by some positions and waits for its edit; milliseconds.
 * @param {{ label: string, path: string, by: number }} change
 * @returns {Promise<{ ms: number, doneMs: number, steps: number, sentMs: number, stepMs: number }>}
 */
function change({ label, path, by }) {
  const { heard } = /** @type {any} */ (window);
  const slider = /** @type {HTMLInputElement | null} */ (document.querySelector(`input[aria-label="${label}, slider"]`));
  if (!slider) throw new Error(`There is no slider ${label}.`);
  const before = heard.edits.length;
  const doneBefore = heard.done.at(-1)?.step ?? 0;
  // React listens to the native setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(slider, String(Number(slider.value) + by));
  const began = performance.now();
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  return new Promise((resolve, reject) => {
    const look = () => {
      const edit = heard.edits.slice(before).find((/** @type {{ path: string }} */ e) => e.path === path);
      const done = edit && heard.done.find((/** @type {{ step: number }} */ d) => d.step > edit.step);
      if (done) {
        const recent = heard.stepMs.slice(-12);
        const stepMs = recent.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0) / recent.length;
        resolve({ ms: edit.at - began, doneMs: done.at - began, steps: edit.step - doneBefore, sentMs: heard.sent.at(-1) - began, stepMs });
      }
      else if (performance.now() - began > 20_000) reject(new Error(`${label} never acted.`));
      else setTimeout(look, 5);
    };
    look();
  });
}

/** @param {number[]} values @param {number} q */
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.round(q * (values.length - 1))] ?? Number.NaN;

/** @param {import('playwright').Browser} browser @param {Place} place */
async function measure(browser, { preset, speed, knobs }) {
  const page = await browser.newPage();
  await page.addInitScript(listen);
  await page.goto(`http://localhost:${PORT}/#preset=${preset}`);
  await page.getByLabel('Speed').selectOption(speed);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction(() => /** @type {any} */ (window).heard.stepMs.length > 20, undefined, { timeout: 120_000 });
  for (const [label, path] of knobs) {
    /** @type {{ ms: number, doneMs: number, steps: number, sentMs: number, stepMs: number }[]} */
    const found = [];
    for (let i = 0; i < CHANGES; i++) {
      await page.waitForTimeout(250 + 450 * Math.random());
      found.push(await page.evaluate(change, { label, path, by: i % 2 === 0 ? 3 : -3 }));
    }
    const spread = (/** @type {number[]} */ values) => `${quantile(values, 0.5).toFixed(0)} (${quantile(values, 0).toFixed(0)}-${quantile(values, 1).toFixed(0)})`;
    const late = found.filter(({ ms, stepMs }) => ms > Math.max(200, 2 * stepMs)).length;
    console.log([
      preset.split('&')[0]?.padEnd(12), speed.padEnd(8), path.padEnd(22), `n ${found.length}`, `ms ${spread(found.map(({ ms }) => ms))}`,
      `done ${spread(found.map(({ doneMs }) => doneMs))}`, `steps ${spread(found.map(({ steps }) => steps))}`, `sent after ${spread(found.map(({ sentMs }) => sentMs))}`, `step ${quantile(found.map(({ stepMs }) => stepMs), 0.5).toFixed(1)}`, `late ${late}`, `load ${loadavg()[0]?.toFixed(1)}`,
    ].join('  '));
  }
  await page.close();
}

const executablePath = await findChromium();
if (!executablePath) throw new Error('No Chromium was found. Run: npm test -- browser');
const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'preview', '--port', String(PORT), '--strictPort'], { cwd: ROOT, stdio: 'ignore' });
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
try {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  for (const place of PLACES) await measure(browser, place);
} finally {
  await browser.close();
  server.kill();
}
