import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, ROOT } from './install.mjs';

/**
 * Runs a TypeScript program of this project on a fresh clone too, and ends this process as it ended.
 * It runs in the project's folder, as everything does that npm starts.
 * @param {string} file from the project's folder
 * @param {string[]} args
 */
export function runTypeScript(file, args) {
  ensureInstalled((line) => console.error(line));
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, file), ...args], { cwd: ROOT, stdio: 'inherit' });
  // The terminal sends Ctrl+C to the child as well; it decides when to stop, for it may have a file half-written.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
