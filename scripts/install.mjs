import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean, dev?: boolean }> }} Lock */

/**
 * Installs the packages of the lock file where some are missing or of another version. Progress goes to `say`.
 * Ends the process with code 1 where npm cannot.
 * @param {(line: string) => void} [say]
 */
export function ensureInstalled(say = console.log) {
  requireNode();
  if (isInstalled(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'))) return;
  say('Installing packages (npm ci, once, about half a minute) ...');
  const done = runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (done !== 0) {
    console.error('npm ci failed; its message is above. Check the connection to the package registry, then run the same command again.');
    process.exit(1);
  }
  say('Packages are installed.');
}

/**
 * Whether every package that the lock file requires is installed at its version. Optional ones depend on the system.
 * @param {Lock | undefined} wanted
 * @param {Lock | undefined} installed
 */
export function isInstalled(wanted, installed) {
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) => path === '' || optional === true || installed.packages[path]?.version === version,
  );
}

/** @param {string} file @returns {Lock | undefined} */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  } catch {
    return undefined;
  }
}

/** npm's own output goes to stderr, so that a command's stdout holds only its own words.
 * @param {string[]} args */
function runNpm(args) {
  const self = process.env['npm_execpath'];
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: ROOT, stdio: ['ignore', 2, 2] };
  if (self && /\.[cm]?js$/.test(self)) return spawnSync(process.execPath, [self, ...args], options).status;
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' }).status;
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Sparseland needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
