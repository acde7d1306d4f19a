/**
 * `npm test`: installs what is missing, then runs the groups one after another and closes with `N passed, N failed`.
 * `npm test -- unit kernels` runs only these groups. SPARSELAND_ADAPTER restricts the kernel tests to one adapter.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, ensureVulkanLoader } from './browser.mjs';
import { closingLine, countPlaywright, countVitest, withExitCode } from './count-tests.mjs';
import { ensureInstalled, ROOT } from './install.mjs';
import { ensureData } from './pack-data.mjs';
import { runCommand, stopAll } from './run-command.mjs';

/** @typedef {import('./count-tests.mjs').Counts} Counts */
/** @typedef {{ name: string, seconds: number, counts: Counts, note?: string }} Result */
/** @typedef {() => Promise<Result[]>} Group */

/** The runners' JSON reports, in a folder of this run's own, so that two runs do not count each other's tests. */
const REPORTS = mkdtempSync(join(tmpdir(), 'sparseland-test-'));

/** In the order in which they run: what fails fastest first. @type {Record<string, Group>} */
const GROUPS = {
  types: async () => [await once('types', [bin('typescript/bin/tsc'), '--noEmit'], 120)],
  lint: async () => [await once('lint', [bin('oxlint/bin/oxlint')], 60)],
  unit: async () => [await vitest('unit', 'unit', 300)],
  kernels: testKernels,
  build: async () => [await buildAndWeigh()],
  browser: async () => [await testPage()],
};

const wanted = chooseGroups(process.argv.slice(2));
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(name, () => (stopAll(), process.exit(130)));
ensureInstalled();
ensureData();
process.on('exit', () => rmSync(REPORTS, { recursive: true, force: true }));
/** @type {Result[]} */
const results = [];
for (const name of wanted) {
  console.log(`\n--- ${name}`);
  results.push(...(await GROUPS[name]?.() ?? []));
}
report(results);
process.exit(results.some(({ counts }) => counts.failed > 0) ? 1 : 0);

/** @param {string[]} names */
function chooseGroups(names) {
  const known = Object.keys(GROUPS);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`Unknown test group ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
    process.exit(2);
  }
  return known.filter((name) => names.length === 0 || names.includes(name));
}

/** The kernel tests once for every software adapter found, each in a process of its own: the driver list is process-wide.
 * @returns {Promise<Result[]>} */
async function testKernels() {
  const missing = await browserProblem();
  ensureVulkanLoader();
  const adapters = adaptersToTest();
  if (adapters.length === 0) return [failure('kernels', missing ?? 'No software adapter was found beside Chromium.')];
  /** @type {Result[]} */
  const done = [];
  for (const [i, adapter] of adapters.entries()) {
    console.log(`on ${adapter}:`);
    // Small copies of presets train once, on the last: of these adapters the fastest.
    /** @type {Record<string, string>} */
    const env = { SPARSELAND_ADAPTER: adapter, ...(i < adapters.length - 1 && { SPARSELAND_TARGETS: 'elsewhere' }) };
    done.push(await vitest(`kernels on ${adapter}`, 'kernels', 600, env));
  }
  return done;
}

/** Where no software driver works (macOS), the system's own GPU is what there is to test on. @returns {string[]} */
function adaptersToTest() {
  const only = process.env['SPARSELAND_ADAPTER'];
  if (only) return [only];
  if (process.platform === 'darwin') return ['default'];
  return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', 'scripts/software-adapters.ts'], { cwd: ROOT, encoding: 'utf8' }));
}

/** Builds dist/ and holds its first load against the limit. */
async function buildAndWeigh() {
  const built = await once('build and size', ['scripts/build.mjs'], 180);
  if (built.counts.failed > 0) return built;
  const weighed = await once('build and size', ['scripts/size.mjs'], 60);
  return { ...weighed, seconds: built.seconds + weighed.seconds };
}

/** @returns {Promise<Result>} */
async function testPage() {
  const missing = await browserProblem();
  if (missing) return failure('browser', missing);
  if (!(await isBuilt())) return failure('browser', 'There is no build to test.');
  const command = [bin('playwright/cli.js'), 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
  const ended = await node(command, 900, { PLAYWRIGHT_JSON_OUTPUT_NAME: join(REPORTS, 'browser.json') });
  return result('browser', ended, readCounts('browser.json', countPlaywright));
}

/** A build of this very run counts; alone, the browser group makes its own. */
async function isBuilt() {
  const known = results.find(({ name }) => name === 'build and size');
  if (known) return existsSync(join(ROOT, 'dist/index.html'));
  return (await node(['scripts/build.mjs'], 180)).code === 0;
}

/** @returns {Promise<string | undefined>} */
async function browserProblem() {
  try {
    await ensureChromium();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param {string} name @param {string} project @param {number} limit seconds @param {Record<string, string>} [env] */
async function vitest(name, project, limit, env) {
  const file = `${name.replaceAll(' ', '-')}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(REPORTS, file)}`];
  const ended = await node([bin('vitest/vitest.mjs'), 'run', '--project', project, ...reporters], limit, env);
  return result(name, ended, readCounts(file, countVitest));
}

/** A command that passes or fails as one. @param {string} name @param {string[]} args @param {number} limit seconds */
async function once(name, args, limit) {
  const ended = await node(args, limit);
  return result(name, ended, { passed: ended.code === 0 ? 1 : 0, failed: ended.code === 0 ? 0 : 1, skipped: 0 });
}

/** @param {string[]} args @param {number} limit seconds @param {Record<string, string>} [env] */
function node(args, limit, env) {
  return runCommand([process.execPath, ...args], { timeoutMs: limit * 1000, cwd: ROOT, ...(env ? { env } : {}) });
}

/** @param {string} name @param {import('./run-command.mjs').Ended} ended @param {Counts} counts @returns {Result} */
function result(name, ended, counts) {
  const note = ended.timedOut ? `did not finish within ${Math.round(ended.seconds)} s and was stopped` : undefined;
  return { name, seconds: ended.seconds, counts: withExitCode(counts, ended.code), ...(note ? { note } : {}) };
}

/** @param {string} name @param {string} note @returns {Result} */
function failure(name, note) {
  return { name, seconds: 0, counts: { passed: 0, failed: 1, skipped: 0 }, note };
}

/**
 * What a runner wrote; nothing where it died before that.
 * @template R
 * @param {string} file
 * @param {(report: R) => Counts} count
 * @returns {Counts}
 */
function readCounts(file, count) {
  const path = join(REPORTS, file);
  return existsSync(path) ? count(JSON.parse(readFileSync(path, 'utf8'))) : { passed: 0, failed: 0, skipped: 0 };
}

/** The file that a package's command starts. @param {string} path */
function bin(path) {
  return join(ROOT, 'node_modules', path);
}

/** @param {Result[]} all */
function report(all) {
  console.log('\n--- time');
  for (const { name, seconds, counts, note } of all) {
    const numbers = `${counts.passed} ok${counts.failed > 0 ? `, ${counts.failed} FAILED` : ''}${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
    console.log(`${name.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s   ${numbers}${note ? `: ${note}` : ''}`);
  }
  const total = all.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(`${'all'.padEnd(24)} ${total.toFixed(1).padStart(7)} s\n`);
  console.log(closingLine(all.map(({ counts }) => counts)));
}
