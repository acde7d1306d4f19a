import type { ShaderTexts } from '../engine/gpu/source.ts';
import { named } from './shaders.ts';

/** Shader texts that most runs do not begin with; the patterns that shaders.ts leaves out. */
export const LATER_SHADERS: ShaderTexts = named(import.meta.glob<string>(
  [
    '/shaders/*_tall.wgsl', '/shaders/*_shuffle.wgsl', '/shaders/*_workgroup.wgsl', '/shaders/*_wide.wgsl',
    '/shaders/{absolute,probe,csr_*,conv_*,place_*}.wgsl', '/shaders/{batch_norm,average_pool,max_pool}*.wgsl', '/shaders/lib/{csr,conv,pool,score_product,score_sensitivity,score_curvature}*.wgsl',
  ],
  { query: '?raw', import: 'default', eager: true },
));
