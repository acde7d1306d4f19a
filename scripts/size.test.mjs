import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { filesOfPage, firstLoad, referencesOf } from './size.mjs';

/** @type {string[]} */
const folders = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder with these files. @param {Record<string, string>} files */
function build(files) {
  const folder = mkdtempSync(join(tmpdir(), 'sparseland-size-'));
  folders.push(folder);
  mkdirSync(join(folder, 'assets'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('static imports, lazy imports and workers are told apart', () => {
  const code = 'import{a as b}from"./a.js";import"./b.js";export*from\'./c.js\';const d=()=>import("./d.js");import(`./e.js`);new Worker(new URL("worker-1.js",import.meta.url),{type:"module"});new Worker(new URL(/* @vite-ignore */ "w2.js",import.meta.url))';
  expect(referencesOf(code)).toEqual({ imports: ['./a.js', './b.js', './c.js'], lazy: ['./d.js', './e.js'], workers: ['worker-1.js', 'w2.js'] });
});

test('a page names its scripts, styles and preloads; icons and other servers do not count', () => {
  const html = '<link rel="icon" href="./i.svg"><script src="./theme.js"></script><script type="module" crossorigin src="./assets/a.js"></script><link rel="modulepreload" href="./assets/r.js"><link rel="stylesheet" href="./assets/s.css"><script src="https://elsewhere.test/x.js"></script>';
  expect(filesOfPage(html)).toEqual(['./theme.js', './assets/a.js', './assets/r.js', './assets/s.css']);
});

test('workers count with their imports, also when lazy code of ours starts them; charts, peers and the self-test do not', () => {
  const dist = build({
    'index.html': '<script type="module" src="./assets/main.js"></script><link rel="stylesheet" href="./assets/main.css">',
    'assets/main.css': '',
    'assets/main.js': 'import"./react.js";import("./client.js");import("./charts.js");import("./tfjs-peer.js");import("./useSelfTest.js")',
    'assets/react.js': '',
    'assets/client.js': 'new Worker(new URL("worker.js",import.meta.url))',
    'assets/worker.js': 'import"./engine.js"',
    'assets/engine.js': '',
    'assets/charts.js': 'import"./react.js"',
    'assets/tfjs-peer.js': 'new Worker(new URL("peer-worker.js",import.meta.url))',
    'assets/peer-worker.js': '',
    'assets/useSelfTest.js': 'new Worker(new URL("selftest-worker.js",import.meta.url))',
    'assets/selftest-worker.js': '',
  });
  expect(firstLoad(dist)).toEqual({
    first: ['assets/engine.js', 'assets/main.css', 'assets/main.js', 'assets/react.js', 'assets/worker.js', 'index.html'],
    later: ['assets/charts.js', 'assets/client.js', 'assets/peer-worker.js', 'assets/selftest-worker.js', 'assets/tfjs-peer.js', 'assets/useSelfTest.js'],
  });
});
