import type { ShaderTexts } from '../engine/gpu/source.ts';

const FILES = import.meta.glob<string>(
  [
    '/shaders/{sample_batch,gather_bytes,gather_floats,accumulate,sum_chunks,softmax_cross_entropy,softmax_cross_entropy_gradient}.wgsl',
    '/shaders/{gradient_stats,step_summary,evaluation_summary,sgd,clear_masked,mask_commit,fill}.wgsl',
    '/shaders/{score_active,score_inactive,select_begin,select_count,select_pick,select_rank}.wgsl', '/shaders/linear_*_tiled.wgsl',
    '/shaders/lib/{activation,finite,index,knob,optimizer_words,params_table,radix,random,sampler,select,sgd_rule,status,weight_f32}.wgsl', '/shaders/lib/score_{gradient,magnitude,random}.wgsl',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Texts by name from files by path. */
export const named = (files: Readonly<Record<string, string>>): ShaderTexts =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('/shaders/', '').replace('.wgsl', ''), text]));

/** Shader texts that most runs begin with, as the engine takes them; the bundler put them here. */
export const SHADERS: ShaderTexts = named(FILES);

/** All others: of variants that only the tuner tries, and of what few runs use. They must not hold up the first step; who misses one loads them. */
export async function laterShaders(): Promise<ShaderTexts> {
  return (await import('./laterShaders.ts')).LATER_SHADERS;
}
