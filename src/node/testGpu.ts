import { type AdapterChoice, adapterFromEnvironment, type NodeGpu, openNodeGpu, softwareAdapters } from './adapter.ts';

/** Kept on globalThis, because a test runner may load this module more than once in one process. */
const KEY = Symbol.for('sparseland.testGpu');
const shared = globalThis as { [KEY]?: Promise<NodeGpu> };

/**
 * The adapters that kernel tests run on: `swiftshader` always, `lavapipe` where it is installed.
 * Each needs a process of its own, told by SPARSELAND_ADAPTER.
 */
export function testAdapters(): string[] {
  return ['swiftshader', ...softwareAdapters().filter((choice) => choice !== 'swiftshader')];
}

/** The GPU that this process tests on, opened once. Ask it for a new adapter for each device. */
export async function testGpu(): Promise<GPU> {
  return (await openTestGpu()).gpu;
}

/** The same GPU with its name and description, for tests that expect something of one driver. */
export function openTestGpu(): Promise<NodeGpu> {
  return (shared[KEY] ??= openNodeGpu(adapterUnderTest()));
}

/** SPARSELAND_ADAPTER, else SwiftShader, so that a test run by hand is the one that everybody can repeat. */
function adapterUnderTest(): AdapterChoice {
  process.env['SPARSELAND_ADAPTER'] ||= 'swiftshader';
  return adapterFromEnvironment();
}
