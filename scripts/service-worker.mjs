import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';

/** Files that nobody needs offline: other libraries, for comparison, and what only the benchmark and the self-test load. */
const LEFT_OUT = /^(data\/|examples\/|(bench|selftest)\.html$|offline\.js$|assets\/(tfjs|jax|bench|selftest|peer|Growth)[^/]*$)/;

/**
 * Which of the built files are kept for a visit without network.
 * @param {readonly string[]} files paths below the build's folder, with slashes
 */
export function filesToKeep(files) {
  return files.filter((file) => !LEFT_OUT.test(file)).sort();
}

/**
 * The service worker with what it keeps written into it.
 * @param {string} source public/offline.js
 * @param {{ version: string, data: string, files: readonly string[] }} build version: changes with any kept file; data: with any packed data
 */
export async function fillServiceWorker(source, { version, data, files }) {
  const filled = source.replace("VERSION = ''", `VERSION = '${version}'`).replace("DATA = ''", `DATA = '${data}'`).replace('FILES = []', `FILES = ${JSON.stringify(files)}`);
  return (await transform(filled, { minify: true, target: 'es2022' })).code;
}

/** @param {string | Buffer} content */
const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 12);

/**
 * Writes the service worker of a finished build.
 * @param {string} dist folder of the build, all else of it written
 */
export async function writeServiceWorker(dist) {
  const found = await readdir(dist, { recursive: true, withFileTypes: true });
  const all = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(dist.length).replaceAll('\\', '/').replace(/^\//, ''));
  const files = filesToKeep(all);
  const marks = await Promise.all(files.map(async (file) => `${file} ${hash(await readFile(join(dist, file)))}`));
  const manifest = await readFile(join(dist, 'data/manifest.json')).catch(() => '');
  const source = await readFile(join(dist, 'offline.js'), 'utf8');
  await writeFile(join(dist, 'offline.js'), await fillServiceWorker(source, { version: hash(marks.join('\n')), data: hash(manifest), files }));
}
