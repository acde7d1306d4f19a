/**
 * `npm run mutate`: breaks one line at a time in a copy of the project and runs the tests meant to notice.
 * Writes the table docs/mutations.md; exit code 1 where a broken line went unnoticed or is no longer in its file.
 * `npm run mutate -- WORD` tries only the mutations whose file contains WORD, and writes nothing.
 *
 * scripts/mutations.json is the list: `file`, `find` (occurs once), `replace`, `project` (`unit` or `kernels`), `tests`
 * (what Vitest filters files by); where a whole file takes long, `only` (a pattern that names of tests must match); and
 * `adapter` (`lavapipe`) for what SwiftShader does not run: variants for subgroups, 16-bit floats.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureChromium } from './browser.mjs';
import { ensureInstalled, ROOT } from './install.mjs';
import { ensureData } from './pack-data.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {{ file: string, find: string, replace: string, project: 'unit' | 'kernels', tests: string, only?: string, adapter?: string }} Mutation */
/** @typedef {'noticed' | 'NOT NOTICED' | 'not in the file' | 'fails unbroken' | 'does not compile' | 'no test ran'} Outcome */
/** @typedef {{ outcome: Outcome, by: string }} Verdict `by` is the test that failed */
/** @typedef {Mutation & Verdict} Tried */
/** @typedef {{ numPassedTests: number, testResults: { assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} Report Vitest's, as far as it is read here */

const COPIED = ['src', 'shaders', 'scripts', 'public', 'package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts'];

/**
 * The text with the mutation made, or undefined where its line is not there exactly once.
 * @param {string} text
 * @param {{ find: string, replace: string }} mutation
 */
export function mutate(text, { find, replace }) {
  const parts = text.split(find);
  return parts.length === 2 ? parts.join(replace) : undefined;
}

/**
 * What a run of Vitest says about the line that was broken for it. A shader that no longer compiles breaks every test
 * that uses it, so it would show nothing about any of them.
 * @param {Report | undefined} report undefined where the run wrote none
 * @returns {Verdict}
 */
export function verdict(report) {
  const results = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  const failed = results.find(({ status }) => status === 'failed');
  if (failed?.failureMessages.some((message) => message.includes('does not compile'))) return { outcome: 'does not compile', by: failed.fullName };
  if (failed) return { outcome: 'noticed', by: failed.fullName };
  return { outcome: report?.numPassedTests ? 'NOT NOTICED' : 'no test ran', by: '' };
}

/**
 * The table for docs/mutations.md.
 * @param {Tried[]} tried
 */
export function table(tried) {
  const plain = (/** @type {string} */ text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
  const code = (/** @type {string} */ text) => (text.trim() === '' ? '(nothing)' : `\`${plain(text)}\``);
  const rows = tried.map(({ file, find, replace, outcome, by }) => `| ${file} | ${code(find)} | ${code(replace)} | ${outcome === 'noticed' ? plain(by) : `**${outcome}**`} |`);
  const files = new Set(tried.map(({ file }) => file));
  return [
    '# Mutations',
    '',
    'One line of a kernel or of a mask rule is broken at a time; some test must fail. Written by `npm run mutate` from scripts/mutations.json.',
    'The tests are run unbroken first, on SwiftShader, or on lavapipe where SwiftShader does not run the line; a line that does not compile once broken does not count as noticed.',
    '',
    `${tried.filter(({ outcome }) => outcome === 'noticed').length} of ${tried.length} broken lines, in ${files.size} files, were noticed.`,
    '',
    '| file | line | broken to | noticed by the test |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** A copy to break things in, so that the work tree stays whole even when this is killed. */
function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'sparseland-mutate-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  return copy;
}

/**
 * Runs the tests of a mutation in the copy as it stands.
 * @param {string} copy @param {Mutation} mutation
 */
async function runTests(copy, { project, tests, only, adapter = 'swiftshader' }) {
  const reportFile = join(copy, 'report.json');
  rmSync(reportFile, { force: true });
  const command = [process.execPath, join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, '--bail=1', '--reporter=json', `--outputFile=${reportFile}`, ...(only ? ['-t', only] : []), tests];
  await runCommand(command, { timeoutMs: 300_000, cwd: copy, quiet: true, env: { SPARSELAND_ADAPTER: adapter } });
  return verdict(existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined);
}

/** @param {string} copy @param {Mutation} mutation @returns {Promise<Verdict>} */
async function tryOne(copy, mutation) {
  const path = join(copy, mutation.file);
  const original = readFileSync(path, 'utf8');
  const broken = mutate(original, mutation);
  if (broken === undefined) return { outcome: 'not in the file', by: '' };
  writeFileSync(path, broken);
  const found = await runTests(copy, mutation);
  writeFileSync(path, original);
  return found;
}

/** Tests that fail on the whole project would "notice" everything: each set of them must pass first.
 * @param {string} copy @param {Mutation[]} mutations */
async function failingTests(copy, mutations) {
  /** @type {Map<string, boolean>} */
  const known = new Map();
  for (const mutation of mutations) {
    const key = testsOf(mutation);
    if (!known.has(key)) known.set(key, (await runTests(copy, mutation)).outcome === 'NOT NOTICED');
  }
  return new Set([...known].filter(([, passed]) => !passed).map(([key]) => key));
}

/** @param {Mutation} mutation */
const testsOf = ({ project, tests, only, adapter }) => `${project} ${tests} ${only} ${adapter}`;

async function main() {
  const word = process.argv[2];
  ensureInstalled();
  ensureData();
  await ensureChromium();
  /** @type {Mutation[]} */
  const all = JSON.parse(readFileSync(join(ROOT, 'scripts/mutations.json'), 'utf8'));
  const wanted = all.filter(({ file }) => word === undefined || file.includes(word));
  const copy = copyProject();
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  const failing = await failingTests(copy, wanted);
  /** @type {Tried[]} */
  const tried = [];
  for (const mutation of wanted) {
    /** @type {Verdict} */
    const found = failing.has(testsOf(mutation)) ? { outcome: 'fails unbroken', by: '' } : await tryOne(copy, mutation);
    console.log(`${found.outcome.padEnd(16)} ${mutation.file}: ${mutation.find.trim()}`);
    tried.push({ ...mutation, ...found });
  }
  if (word === undefined) writeFileSync(join(ROOT, 'docs/mutations.md'), table(tried));
  const noticed = tried.filter(({ outcome }) => outcome === 'noticed').length;
  console.log(`${noticed} of ${tried.length} broken lines were noticed.`);
  process.exit(noticed === tried.length ? 0 : 1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
