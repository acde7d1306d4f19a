import type { ShaderTexts } from '../engine/gpu/source.ts';
import { named } from './shaders.ts';

/** Shader texts of variants that only the tuner tries. */
export const VARIANT_SHADERS: ShaderTexts = named(import.meta.glob<string>(
  ['/shaders/*_tall.wgsl', '/shaders/*_shuffle.wgsl', '/shaders/*_workgroup.wgsl', '/shaders/*_wide.wgsl'],
  { query: '?raw', import: 'default', eager: true },
));
