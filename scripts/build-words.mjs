import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a build was made of, in words that hold no path and no host: `Version 0.1.0, commit 3b1af8b of 2026-11-25`, or
 * that it was a working copy, where there is no git, or files are not as committed.
 * @param {string} root folder of the project
 */
export function buildWords(root) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `Version ${version}, ${sourceWords(root)}`;
}

/** @param {string} root */
function sourceWords(root) {
  /** @param {string[]} words */
  const git = (...words) => {
    const { status, stdout } = spawnSync('git', ['-C', root, ...words], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const top = git('rev-parse', '--show-toplevel');
  // An unpacked archive may lie inside somebody's other repository, whose commits say nothing about it.
  if (top === undefined || realpathSync(top) !== realpathSync(root)) return 'built from a working copy';
  const commit = git('log', '-1', '--format=%h of %cs');
  if (commit === undefined) return 'built from a working copy';
  return git('status', '--porcelain') === '' ? `commit ${commit}` : `built from a working copy, changed since commit ${commit}`;
}
