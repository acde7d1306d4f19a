import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './install.mjs';

const NAMES = ['chromium', 'google-chrome-stable', 'google-chrome', 'chrome.exe'];
const USUAL = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(homedir(), 'Applications/Google Chrome.app/Contents/MacOS/Google Chrome'),
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Flags that give a headless Chromium WebGPU on SwiftShader; without the ANGLE and Vulkan ones canvases stay empty in screenshots. */
export const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=vulkan',
  '--use-vulkan=swiftshader',
  '--enable-features=Vulkan',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The binary of a full Chromium: CHROMIUM_PATH, else the system's, else Playwright's own; undefined where there is none.
 * (Playwright's headless shell does not count: it has no WebGPU.)
 */
export async function findChromium() {
  const own = process.env['CHROMIUM_PATH'];
  if (own) return existsSync(own) ? own : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const system = [...onPath, ...USUAL].find((file) => existsSync(file));
  return system ?? playwrightChromium();
}

/** @returns {Promise<string | undefined>} */
async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright');
    const file = chromium.executablePath();
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The same, after installing one where there is none: by apt on Debian as root, elsewhere through Playwright.
 * Throws an Error that says in one line what to do where neither works. Packages must be installed before.
 * @param {(line: string) => void} [say]
 * @returns {Promise<string>}
 */
export async function ensureChromium(say = console.log) {
  const found = await findChromium();
  if (found) return found;
  if (process.env['CHROMIUM_PATH']) throw new Error(`CHROMIUM_PATH is '${process.env['CHROMIUM_PATH']}', but no such file exists.`);
  say('Installing a test browser (once, some minutes) ...');
  if (isDebianRoot()) installByApt('chromium', 'fonts-dejavu-core');
  else run(process.execPath, [join(ROOT, 'node_modules/playwright/cli.js'), 'install', 'chromium']);
  const installed = await findChromium();
  if (installed) return installed;
  throw new Error('No test browser could be installed. Install Chromium or Chrome yourself and set CHROMIUM_PATH to its binary, then run npm test again.');
}

/** Ubuntu is left out: its package `chromium-browser` only points to a snap. */
function isDebianRoot() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID=debian$/m.test(release) && process.getuid?.() === 0;
}

/**
 * Installs the system's Vulkan loader where Debian has none: Dawn in Node opens its drivers through it, also SwiftShader
 * beside Chromium, whose own loader only Chromium finds. Elsewhere nothing happens; what is missing then is said by the
 * first test that opens a GPU.
 * @param {(line: string) => void} [say]
 */
export function ensureVulkanLoader(say = console.log) {
  if (!isDebianRoot() || hasVulkanLoader()) return;
  say('Installing the Vulkan loader (once) ...');
  installByApt('libvulkan1');
}

function hasVulkanLoader() {
  const known = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  return known.includes('libvulkan.so.1 ');
}

/** @param {string[]} packages */
function installByApt(...packages) {
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** Its output goes to stderr; whether it worked shows in what is found afterwards.
 * @param {string} command @param {string[]} args */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], env, timeout: 15 * 60_000 });
}
