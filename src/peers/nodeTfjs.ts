import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as Tfjs from './tfjs.ts';

type TfjsModule = typeof Tfjs;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * `tfjs.ts` in Node. There the package's entry is a CommonJS bundle that knows no gradients, so its ES modules are
 * bundled into one file under `node_modules/.cache`. Call `offerGpu` first.
 */
export async function loadTfjs(): Promise<TfjsModule> {
  const folder = join(ROOT, 'node_modules', '.cache', 'sparseland');
  const outfile = join(folder, `tfjs-${process.pid}.mjs`);
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL('tfjs.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    banner: { js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);` },
    logLevel: 'error',
  });
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as TfjsModule;
  } finally {
    await rm(outfile);
  }
}

/** Puts a GPU where browsers have it, for libraries that look there; the result takes it away again. */
export function offerGpu(gpu: GPU): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node', hardwareConcurrency: 2 }, configurable: true, writable: true });
  return () => {
    Reflect.deleteProperty(globalThis, 'navigator');
    if (before) Object.defineProperty(globalThis, 'navigator', before);
  };
}
