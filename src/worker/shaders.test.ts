import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LATER_SHADERS } from './laterShaders.ts';
import { SHADERS } from './shaders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the shaders of the page', () => {
  it('come first or later, each once', () => {
    const files = readdirSync(`${root}shaders`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.wgsl')).map((file) => file.replace('.wgsl', '').replaceAll('\\', '/'));
    expect([...Object.keys(SHADERS), ...Object.keys(LATER_SHADERS)].sort()).toEqual(files.sort());
  });

  it('that the default experiment begins with are among the first', () => {
    const listing = readFileSync(`${root}src/node/golden/hello-mnist.explain.txt`, 'utf8');
    const files = [...listing.matchAll(/^ *\d+ {2}.*: (\w+)\/(\w+) {2}grid/gm)].map(([, kernel, variant]) => (variant === 'base' ? kernel : `${kernel}_${variant}`));
    expect(new Set(files).size).toBeGreaterThan(15);
    expect(files.filter((file) => !Object.hasOwn(SHADERS, file ?? ''))).toEqual([]);
  });
});
