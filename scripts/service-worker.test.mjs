import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesToKeep, writeServiceWorker } from './service-worker.mjs';

/** @type {string} */
let dist;
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'sparseland-offline-'));
  await mkdir(join(dist, 'assets'));
  await mkdir(join(dist, 'data'));
});
afterAll(() => rm(dist, { recursive: true }));

/** What the service worker of such a build holds. @param {Record<string, string>} files */
async function built(files) {
  for (const [file, text] of Object.entries(files)) await writeFile(join(dist, file), text);
  await writeFile(join(dist, 'offline.js'), await readFile(new URL('../public/offline.js', import.meta.url)));
  await writeServiceWorker(dist);
  const text = await readFile(join(dist, 'offline.js'), 'utf8');
  return { text, hashes: text.match(/"[0-9a-f]{12}"/g) };
}

test('the page and its parts are kept; data, other libraries and the benchmark are not', () => {
  expect(filesToKeep(['index.html', 'theme.js', 'assets/worker-1.js', 'assets/tfjs-1.js', 'assets/benchWorker-1.js', 'bench.html', 'data/manifest.json', 'offline.js', 'examples/a.html'])).toEqual(['assets/worker-1.js', 'index.html', 'theme.js']);
});

test('the version follows every kept file, the version of data follows the manifest', async () => {
  const first = await built({ 'index.html': 'a', 'assets/a-1.js': 'x', 'data/manifest.json': '{}' });
  expect(first.text).toContain('["assets/a-1.js","index.html"]');
  expect(first.hashes).toHaveLength(2);
  expect((await built({})).hashes).toEqual(first.hashes);
  const page = await built({ 'index.html': 'b' });
  expect([page.hashes?.[0] === first.hashes?.[0], page.hashes?.[1] === first.hashes?.[1]]).toEqual([false, true]);
  const data = await built({ 'data/manifest.json': '{"a":1}' });
  expect([data.hashes?.[0] === page.hashes?.[0], data.hashes?.[1] === page.hashes?.[1]]).toEqual([true, false]);
});
