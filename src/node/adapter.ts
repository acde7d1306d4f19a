import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type * as WebGpu from 'webgpu';

/** The adapters that Node can open, by name. */
export const ADAPTER_CHOICES = ['default', 'swiftshader', 'lavapipe'] as const;

/** `swiftshader`: the software driver that comes with Chromium; `lavapipe`: Mesa's; `default`: what the system offers. */
export type AdapterChoice = (typeof ADAPTER_CHOICES)[number];

/** A GPU opened in Node. End the process with `process.exit()`: Dawn's threads keep it alive otherwise. */
export interface NodeGpu {
  gpu: GPU;
  /** What was opened; `swiftshader` where `default` found nothing of its own. */
  choice: AdapterChoice;
  /** One line for reports, such as `swiftshader-device-subzero (SwiftShader driver 5.0.0), software`. */
  describe: string;
}

/** Why no adapter could be opened; the message says what to install. */
export class NoAdapterError extends Error {
  override readonly name = 'NoAdapterError';
  readonly choice: AdapterChoice;
  constructor(choice: AdapterChoice, message: string) {
    super(message);
    this.choice = choice;
  }
}

const ADVICE: Record<AdapterChoice, string> = {
  swiftshader:
    'SwiftShader comes with Chromium. Install Chromium (Debian: apt-get install chromium; elsewhere: npx playwright install chromium), or set CHROMIUM_PATH to its binary. Node needs the Vulkan loader beside it (Debian: apt-get install libvulkan1).',
  lavapipe:
    "lavapipe comes with Mesa 25 or newer. Install mesa-vulkan-drivers (Debian 12: from bookworm-backports; its own Mesa 22.3 is too old for Dawn).",
  default:
    'No GPU driver that WebGPU accepts was found. Install a Vulkan driver, or Chromium for its software driver (Debian: apt-get install chromium; elsewhere: npx playwright install chromium).',
};

/** Objects of `create()`: a collected one crashes the process, so this module holds them for its whole life. */
const opened: GPU[] = [];

/** Reads SPARSELAND_ADAPTER; `default` where it is unset. Throws a RangeError that lists the known names. */
export function adapterFromEnvironment(): AdapterChoice {
  const wanted = process.env['SPARSELAND_ADAPTER'] || 'default';
  const known = ADAPTER_CHOICES.find((choice) => choice === wanted);
  if (known === undefined) {
    throw new RangeError(`SPARSELAND_ADAPTER is '${wanted}', but the known adapters are ${ADAPTER_CHOICES.join(', ')}.`);
  }
  return known;
}

/**
 * Opens a GPU for Node through Dawn and puts the WebGPU constants (`GPUBufferUsage` and so on) on `globalThis`.
 * Request a new adapter from it for every device. A process should open one choice: the driver list is process-wide.
 * Throws NoAdapterError with what to install.
 */
export async function openNodeGpu(choice: AdapterChoice = adapterFromEnvironment()): Promise<NodeGpu> {
  if (choice !== 'default') return openDriver(choice);
  const system = await tryOpen('default');
  return system ?? openDriver('swiftshader', 'default');
}

/** The software drivers installed on this machine. */
export function softwareAdapters(): AdapterChoice[] {
  return (['swiftshader', 'lavapipe'] as const).filter((choice) => driverFile(choice) !== undefined);
}

/** The Vulkan driver manifest (`*_icd*.json`) of a software driver, or undefined where it is not installed. */
export function driverFile(choice: 'swiftshader' | 'lavapipe'): string | undefined {
  return choice === 'swiftshader'
    ? chromiumFolders().map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((file) => existsSync(file))
    : vulkanFolders().flatMap((folder) => filesIn(folder).filter((file) => /[\\/]lvp_icd[^\\/]*\.json$/.test(file)))[0];
}

async function openDriver(choice: 'swiftshader' | 'lavapipe', askedFor: AdapterChoice = choice): Promise<NodeGpu> {
  const file = driverFile(choice);
  if (file === undefined) throw new NoAdapterError(askedFor, `No ${choice} driver was found. ${ADVICE[askedFor]}`);
  selectDriver(file);
  const found = await tryOpen(choice);
  if (found === undefined) throw new NoAdapterError(askedFor, `Dawn refused the ${choice} driver ${file}. ${ADVICE[askedFor]}`);
  return found;
}

/** Leaves the Vulkan loader one driver to choose from; it reads these variables when Dawn makes its instance. */
function selectDriver(file: string): void {
  process.env['VK_ICD_FILENAMES'] = file;
  delete process.env['VK_DRIVER_FILES'];
  // Mesa complains on stderr without it.
  process.env['XDG_RUNTIME_DIR'] ||= tmpdir();
}

async function tryOpen(choice: AdapterChoice): Promise<NodeGpu | undefined> {
  const { create, globals } = await loadDawn(choice);
  Object.assign(globalThis, globals);
  const gpu = create(choice === 'default' ? [] : ['backend=vulkan']);
  opened.push(gpu);
  const adapter = await gpu.requestAdapter();
  return adapter === null ? undefined : { gpu, choice, describe: describeAdapter(adapter.info) };
}

/** The package has binaries for some systems only; where it has none, importing it is what fails. */
async function loadDawn(choice: AdapterChoice): Promise<typeof WebGpu> {
  try {
    return await import('webgpu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NoAdapterError(choice, `WebGPU for Node does not load on ${process.platform} ${process.arch}: ${reason.split('\n')[0]}`);
  }
}

function describeAdapter({ device, description, vendor, isFallbackAdapter }: GPUAdapterInfo): string {
  // Dawn ends some names with the dashes of characters that it replaced.
  const name = (device || vendor || 'unnamed adapter').replace(/-+$/, '');
  const software = isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${device} ${description}`);
  return `${name}${description ? ` (${description})` : ''}, ${software ? 'software' : 'hardware'}`;
}

/** Folders that may hold Chromium's own Vulkan driver: beside a system browser, or in Playwright's browser folder. */
function chromiumFolders(): string[] {
  const own = process.env['CHROMIUM_PATH'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => ['chromium', 'google-chrome'].map((name) => join(folder, name)));
  const binaries = [...(own ? [own] : []), ...onPath].filter((file) => existsSync(file));
  const system = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  return [...binaries.map((file) => dirname(realpathSync(file))), ...system, ...playwrightFolders()];
}

/** `chromium-1234/chrome-linux64` and the like, newest first. */
function playwrightFolders(): string[] {
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(process.env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright'),
  };
  const browsers = process.env['PLAYWRIGHT_BROWSERS_PATH'] || (caches[process.platform] ?? join(homedir(), '.cache/ms-playwright'));
  const versions = filesIn(browsers).filter((folder) => /[\\/]chromium-\d+$/.test(folder));
  return versions.sort((a, b) => revision(b) - revision(a)).flatMap(filesIn);
}

function revision(folder: string): number {
  return Number(/(\d+)$/.exec(folder)?.[1] ?? 0);
}

/** Where Vulkan drivers register themselves on Linux. */
function vulkanFolders(): string[] {
  return ['/usr/share', '/usr/local/share', '/etc'].map((base) => join(base, 'vulkan', 'icd.d'));
}

/** Full paths of a folder's entries; empty where the folder does not exist. */
function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
