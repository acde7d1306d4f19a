import { spawn } from 'node:child_process';

/** @typedef {{ code: number, timedOut: boolean, seconds: number }} Ended */

/** How long a stopped command may take to put its own children away before it is killed. */
const GRACE_MS = 5000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a command with our output streams and no input, and stops it with all its children when its time is up.
 * @param {string[]} command program and arguments
 * @param {{ timeoutMs: number, cwd?: string, env?: Record<string, string>, quiet?: boolean }} options
 * @returns {Promise<Ended>} `code` is 1 where a signal ended it or it could not start
 */
export function runCommand([program = '', ...args], { timeoutMs, cwd, env, quiet = false }) {
  const began = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'ignore' : 'inherit', quiet ? 'ignore' : 'inherit'],
      // A process group of its own, so that the children of the command can be stopped with it.
      detached: process.platform !== 'win32',
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      stop(child);
    }, timeoutMs);
    const end = (/** @type {number | null} */ code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: code ?? 1, timedOut, seconds: (performance.now() - began) / 1000 });
    };
    running.add(child);
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      end(1);
    });
    child.on('exit', end);
  });
}

/** Stops whatever still runs, for a Ctrl+C that a process group of its own would not hear. */
export function stopAll() {
  for (const child of running) stop(child);
}

/** Asks first, because a test runner then closes its browser and server, which have groups of their own.
 * @param {import('node:child_process').ChildProcess} child */
function stop(child) {
  signal(child, 'SIGTERM');
  setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS).unref();
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} name */
function signal(child, name) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // It ended in the meantime.
  }
}
