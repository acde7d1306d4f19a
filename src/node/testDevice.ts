import { openGpu, type Gpu } from '../engine/gpu/device.ts';
import { readShaders } from './shaders.ts';
import { testGpu } from './testGpu.ts';

/** Kept on globalThis, because a test runner may load this module more than once in one process. */
const KEY = Symbol.for('sparseland.testDevice');
const shared = globalThis as { [KEY]?: Promise<Gpu> };

/** The device that the GPU tests of a process share, with its compiled pipelines. */
export function testDevice(): Promise<Gpu> {
  return (shared[KEY] ??= testGpu().then((gpu) => openGpu(gpu, readShaders())));
}

const SCOPES = ['validation', 'out-of-memory', 'internal'] as const;

/** Runs `work`; throws what the device had to say, even where `work` itself went well. */
export async function underScopes<T>(gpu: Gpu, work: () => Promise<T> | T): Promise<T> {
  SCOPES.forEach((scope) => gpu.device.pushErrorScope(scope));
  let result: { value: T } | { thrown: unknown };
  try {
    result = { value: await work() };
  } catch (thrown) {
    result = { thrown };
  }
  // Scopes are a stack of the device: all are popped before anything throws, or the next test would find them.
  const errors = await Promise.all(SCOPES.map(() => gpu.device.popErrorScope()));
  const said = errors.flatMap((error) => (error ? [error.message] : [])).join('\n');
  if (said) throw new Error(`The device reports: ${said}`, 'thrown' in result ? { cause: result.thrown } : {});
  if ('thrown' in result) throw result.thrown;
  return result.value;
}
