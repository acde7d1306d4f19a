import type { ShaderTexts } from '../engine/gpu/source.ts';

const FILES = import.meta.glob<string>(
  [
    '/shaders/**/*.wgsl',
    '!/shaders/*_tall.wgsl', '!/shaders/*_shuffle.wgsl', '!/shaders/*_workgroup.wgsl', '!/shaders/*_wide.wgsl',
    '!/shaders/{absolute,probe,csr_*,conv_*,place_*}.wgsl', '!/shaders/{batch_norm,average_pool,max_pool}*.wgsl', '!/shaders/lib/{csr,conv,pool,score_product,score_sensitivity,score_curvature}*.wgsl',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Texts by name from files by path. */
export const named = (files: Readonly<Record<string, string>>): ShaderTexts =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('/shaders/', '').replace('.wgsl', ''), text]));

/** Shader texts that most runs begin with, as the engine takes them; the bundler put them here. */
export const SHADERS: ShaderTexts = named(FILES);

/** All others: of variants that only the tuner tries, and of what few runs use. They must not hold up the first step. */
export async function laterShaders(): Promise<ShaderTexts> {
  return (await import('./laterShaders.ts')).LATER_SHADERS;
}
