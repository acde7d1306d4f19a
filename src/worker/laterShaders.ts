import type { ShaderTexts } from '../engine/gpu/source.ts';
import { named } from './shaders.ts';

/** Shader texts that most runs do not begin with; all but those of shaders.ts. */
export const LATER_SHADERS: ShaderTexts = named(import.meta.glob<string>(
  [
    '/shaders/**/*.wgsl',
    '!/shaders/{sample_batch,gather_bytes,gather_floats,accumulate,sum_chunks,softmax_cross_entropy,softmax_cross_entropy_gradient}.wgsl',
    '!/shaders/{gradient_stats,step_summary,evaluation_summary,sgd,clear_masked,mask_commit,fill}.wgsl',
    '!/shaders/{score_active,score_inactive,select_begin,select_count,select_pick,select_rank}.wgsl', '!/shaders/linear_*_tiled.wgsl',
    '!/shaders/lib/{activation,finite,index,knob,optimizer_words,params_table,radix,random,sampler,select,sgd_rule,status,weight_f32}.wgsl', '!/shaders/lib/score_{gradient,magnitude,random}.wgsl',
  ],
  { query: '?raw', import: 'default', eager: true },
));
