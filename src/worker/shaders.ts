import type { ShaderTexts } from '../engine/gpu/source.ts';

const FILES = import.meta.glob<string>('/shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

/** Shader texts by name, as the engine takes them; the bundler put them here. */
export const SHADERS: ShaderTexts = Object.fromEntries(
  Object.entries(FILES).map(([path, text]) => [path.replace('/shaders/', '').replace('.wgsl', ''), text]),
);
