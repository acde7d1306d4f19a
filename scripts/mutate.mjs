/**
 * `npm run mutate`: breaks one line at a time in a copy of the project and runs the tests meant to notice.
 * Writes the table docs/mutations.md; exit code 1 where a broken line went unnoticed or is no longer in its file.
 * `npm run mutate -- WORD` tries only the mutations whose file contains WORD, and writes nothing.
 *
 * scripts/mutations.json is the list: `file`, `find` (occurs once), `replace`, `project` (`unit` or `kernels`) and
 * `tests` (what Vitest filters files by).
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureChromium } from './browser.mjs';
import { ensureInstalled, ROOT } from './install.mjs';
import { ensureData } from './pack-data.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {{ file: string, find: string, replace: string, project: 'unit' | 'kernels', tests: string }} Mutation */
/** @typedef {Mutation & { outcome: 'noticed' | 'NOT NOTICED' | 'not in the file' | 'fails unbroken' }} Tried */

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
 * The table for docs/mutations.md.
 * @param {Tried[]} tried
 */
export function table(tried) {
  const cell = (/** @type {string} */ text) => `\`${text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()}\``;
  const rows = tried.map((one) => `| ${one.file} | ${cell(one.find)} | ${cell(one.replace)} | ${one.tests} | ${one.outcome} |`);
  return [
    '# Mutations',
    '',
    'One line of a kernel or of a mask rule is broken at a time; some test must fail. Written by `npm run mutate`.',
    '',
    '| file | line | broken to | tests | outcome |',
    '|---|---|---|---|---|',
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

/** Whether the tests pass in the copy as it stands. @param {string} copy @param {Mutation} mutation */
async function passes(copy, { project, tests }) {
  const command = [process.execPath, join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, '--bail=1', '--reporter=dot', tests];
  const { code } = await runCommand(command, { timeoutMs: 300_000, cwd: copy, quiet: true, env: { SPARSELAND_ADAPTER: 'swiftshader' } });
  return code === 0;
}

/** @param {string} copy @param {Mutation} mutation @returns {Promise<Tried['outcome']>} */
async function tryOne(copy, mutation) {
  const path = join(copy, mutation.file);
  const original = readFileSync(path, 'utf8');
  const broken = mutate(original, mutation);
  if (broken === undefined) return 'not in the file';
  writeFileSync(path, broken);
  const unnoticed = await passes(copy, mutation);
  writeFileSync(path, original);
  return unnoticed ? 'NOT NOTICED' : 'noticed';
}

/** Tests that fail on the whole project would "notice" everything: each set of them must pass first.
 * @param {string} copy @param {Mutation[]} mutations */
async function failingTests(copy, mutations) {
  /** @type {Map<string, boolean>} */
  const known = new Map();
  for (const mutation of mutations) {
    const key = `${mutation.project} ${mutation.tests}`;
    if (!known.has(key)) known.set(key, await passes(copy, mutation));
  }
  return new Set([...known].filter(([, passed]) => !passed).map(([key]) => key));
}

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
    const outcome = failing.has(`${mutation.project} ${mutation.tests}`) ? 'fails unbroken' : await tryOne(copy, mutation);
    console.log(`${outcome.padEnd(16)} ${mutation.file}: ${mutation.find.trim()}`);
    tried.push({ ...mutation, outcome });
  }
  if (word === undefined) writeFileSync(join(ROOT, 'docs/mutations.md'), table(tried));
  const noticed = tried.filter(({ outcome }) => outcome === 'noticed').length;
  console.log(`${noticed} of ${tried.length} broken lines were noticed.`);
  process.exit(noticed === tried.length ? 0 : 1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
