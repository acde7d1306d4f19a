/** Shader texts by path that `SHADERS` is without at first: convolutions, pooling and batch norm. */
export const LATER_FILES = import.meta.glob<string>(
  ['/shaders/**/conv*.wgsl', '/shaders/**/*pool*.wgsl', '/shaders/**/batch_norm*.wgsl'],
  { query: '?raw', import: 'default', eager: true },
);
