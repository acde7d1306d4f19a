import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShaderTexts } from '../engine/gpu/source.ts';

const FOLDER = fileURLToPath(new URL('../../shaders', import.meta.url));

/** All shaders of the repository, by name: `linear_forward`, `lib/random`. The page gets the same texts from its bundler. */
export function readShaders(): ShaderTexts {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.wgsl'));
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.wgsl'.length).split(sep).join('/'), readFileSync(join(FOLDER, file), 'utf8')]),
  );
}
