import type { Experiment } from '../engine/experiment/experiment.ts';

const FILES = import.meta.glob<string>(
  ['/shaders/**/*.wgsl', '!/shaders/**/conv*.wgsl', '!/shaders/**/*pool*.wgsl', '!/shaders/**/batch_norm*.wgsl'],
  { query: '?raw', import: 'default', eager: true },
);

/** Texts by name, from texts by path. */
export function byName(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('/shaders/', '').replace('.wgsl', ''), text]));
}

/** Shader texts by name, as the engine takes them; the bundler put them here. Those of convolutions and batch norm come with `loadShadersFor`. */
export const SHADERS: Record<string, string> = byName(FILES);

/** Loads what only some networks need: the first step of the others need not wait for it. */
export async function loadShadersFor({ model }: Pick<Experiment, 'model'>): Promise<void> {
  if (model.kind === 'cnn' || model.norm === 'batch') Object.assign(SHADERS, byName((await import('./laterShaders.ts')).LATER_FILES));
}
