/**
 * `npm run size`: what a visitor loads before the first training step, gzipped, against a limit; exit code 1 above it.
 *
 * Counted are index.html, its scripts, styles and everything that these import statically, and every worker that is
 * started from counted or lazily loaded code of ours, with its static imports. Not counted are data and the chunks
 * that are loaded later or on request: charts, tfjs, katex, the self-test, and other lazily imported code.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Bytes (gzip) that may be loaded before the first training step. */
export const LIMIT = 180_000;

/** Chunks whose workers do not take part in a first step: what is asked for, and the painting of a matrix. */
const ON_REQUEST = /(^|\/)(tfjs|katex|jax|bench|MatrixBody|useSelfTest)[^/]*$/;

/**
 * The relative files that a script names: imported statically, imported when needed, and started as workers.
 * @param {string} code as written by the bundler
 */
export function referencesOf(code) {
  const all = (/** @type {RegExp} */ pattern) => [...new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ''))];
  return {
    // `import "./a.js"`, `import{x}from"./a.js"`, `export*from"./a.js"`; never `import("./a.js")`.
    imports: all(/(?:\bfrom|\bimport)\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g),
    lazy: all(/\bimport\(\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g),
    workers: all(/\bnew URL\(\s*(?:\/\*[^*]*\*\/\s*)?["'`]([^"'`]+\.js)["'`]/g),
  };
}

/**
 * The scripts and styles that a page names, without those of other servers.
 * @param {string} html
 */
export function filesOfPage(html) {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const loaded = tags.filter((tag) => tag.startsWith('<script') || /rel="(?:stylesheet|modulepreload)"/.test(tag));
  return loaded.flatMap((tag) => /(?:src|href)="(\.?\/?[^":]+)"/.exec(tag)?.[1] ?? []);
}

/**
 * What is loaded at first and what later: paths relative to `dist`.
 * @param {string} dist folder of the build
 */
export function firstLoad(dist) {
  const page = join(dist, 'index.html');
  const roots = filesOfPage(readFileSync(page, 'utf8')).map((file) => join(dist, file));
  const first = new Set([page, ...closure(roots, (code) => code.imports)]);
  const reachable = closure(roots, (code) => [...code.imports, ...code.lazy, ...code.workers]);
  const ours = [...reachable].filter((file) => !ON_REQUEST.test(file));
  const workers = ours.flatMap((file) => targets(file, (code) => code.workers));
  for (const file of closure(workers, (code) => code.imports)) first.add(file);
  const names = (/** @type {Iterable<string>} */ files) => [...files].map((file) => relative(dist, file)).sort();
  return { first: names(first), later: names([...reachable].filter((file) => !first.has(file))) };
}

/** @typedef {ReturnType<typeof referencesOf>} References */

/** All files that can be reached from `roots` by what `follow` picks. @param {string[]} roots @param {(code: References) => string[]} follow */
function closure(roots, follow) {
  const seen = new Set(roots);
  // A set hands out what is added while it is walked.
  for (const file of seen) for (const next of targets(file, follow)) seen.add(next);
  return seen;
}

/** @param {string} file @param {(code: References) => string[]} follow */
function targets(file, follow) {
  if (!file.endsWith('.js')) return [];
  const named = follow(referencesOf(readFileSync(file, 'utf8')));
  return named.map((name) => join(dirname(file), name)).filter((target) => existsSync(target));
}

/** @param {string} file */
function gzipBytes(file) {
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

function main() {
  const dist = fileURLToPath(new URL('../dist/', import.meta.url));
  if (!existsSync(join(dist, 'index.html'))) {
    console.error('There is no build to weigh. Run: npm run build');
    process.exit(2);
  }
  const { first, later } = firstLoad(dist);
  const weigh = (/** @type {string[]} */ files) => files.map((file) => ({ file, bytes: gzipBytes(join(dist, file)) })).sort((a, b) => b.bytes - a.bytes);
  const weighed = weigh(first);
  const total = weighed.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log('Before the first training step, gzip:');
  for (const { file, bytes } of weighed) console.log(row(file, bytes));
  console.log(row('all', total));
  console.log(row('limit', LIMIT));
  console.log('Later or on request:');
  for (const { file, bytes } of weigh(later)) console.log(row(file, bytes));
  if (total <= LIMIT) return;
  console.error(`The first load is ${((total - LIMIT) / 1000).toFixed(1)} kB over the limit. Import what is not needed for the first step lazily.`);
  process.exit(1);
}

/** @param {string} name @param {number} bytes */
function row(name, bytes) {
  return `  ${name.padEnd(44)} ${(bytes / 1000).toFixed(1).padStart(8)} kB`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
