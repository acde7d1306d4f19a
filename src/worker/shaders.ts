import type { ShaderTexts } from '../engine/gpu/source.ts';

const FILES = import.meta.glob<string>(
  ['/shaders/**/*.wgsl', '!/shaders/*_tall.wgsl', '!/shaders/*_shuffle.wgsl', '!/shaders/*_workgroup.wgsl', '!/shaders/*_wide.wgsl'],
  { query: '?raw', import: 'default', eager: true },
);

/** Texts by name from files by path. */
export const named = (files: Readonly<Record<string, string>>): ShaderTexts =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('/shaders/', '').replace('.wgsl', ''), text]));

/** Shader texts that a run begins with, as the engine takes them; the bundler put them here. */
export const SHADERS: ShaderTexts = named(FILES);

/** Those of variants that only the tuner tries: loaded when it begins, so that they do not hold up the first step. */
export async function variantShaders(): Promise<ShaderTexts> {
  return (await import('./variantShaders.ts')).VARIANT_SHADERS;
}
