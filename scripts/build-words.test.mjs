import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { buildWords } from './build-words.mjs';

/** @type {string[]} */
const folders = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** @param {string} folder @param {string[]} words */
const git = (folder, ...words) => execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false', ...words], { encoding: 'utf8' });

/** @param {string} folder */
function project(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.3" }');
  return folder;
}

function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sparseland-build-'));
  folders.push(folder);
  return folder;
}

test('a commit is named with its day, as long as nothing differs from it', () => {
  const folder = project(emptyFolder());
  git(folder, 'init', '-q');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'Begin');
  expect(buildWords(folder)).toMatch(/^Version 1\.2\.3, commit [0-9a-f]{7,} of \d{4}-\d\d-\d\d$/);
  writeFileSync(join(folder, 'new.txt'), '');
  expect(buildWords(folder)).toMatch(/^Version 1\.2\.3, built from a working copy, changed since commit [0-9a-f]{7,} of /);
});

test('without a repository of its own it is a working copy, also inside another one', () => {
  const outer = emptyFolder();
  git(outer, 'init', '-q');
  git(outer, 'commit', '-q', '--allow-empty', '-m', 'Begin');
  const words = buildWords(project(join(outer, 'unpacked')));
  expect(words).toBe('Version 1.2.3, built from a working copy');
  expect(words).not.toContain(outer);
});
