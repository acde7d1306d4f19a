import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cacheFolder, fileStore, nodeTuningCache } from './tuningStore.ts';

const key = 'a'.repeat(64);
let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sparseland-cache-'));
});
afterEach(() => {
  rmSync(base, { recursive: true });
  vi.unstubAllEnvs();
});

test.each([
  [{ SPARSELAND_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, '/own'],
  [{ SPARSELAND_CACHE: '', XDG_CACHE_HOME: '/xdg' }, join('/xdg', 'sparseland')],
  [{ XDG_CACHE_HOME: 'relative' }, join(homedir(), '.cache', 'sparseland')],
  [{}, join(homedir(), '.cache', 'sparseland')],
])('with %j the folder is %s', (environment, folder) => expect(cacheFolder(environment)).toBe(folder));

describe('a text in a file', () => {
  test('is written whole, with its folders, and leaves nothing beside it', async () => {
    const store = fileStore(join(base, 'deep', 'er', 'tuning.json'));
    await expect(store.read()).rejects.toThrow('ENOENT');
    await store.write('one');
    await store.write('two');
    expect(await store.read()).toBe('two');
    expect(readdirSync(join(base, 'deep', 'er'))).toEqual(['tuning.json']);
  });

  test('is refused where something else is in its place', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(fileStore(join(base, 'file', 'tuning.json')).write('x')).rejects.toThrow();
    mkdirSync(join(base, 'folder.json'));
    await expect(fileStore(join(base, 'folder.json')).write('x')).rejects.toThrow();
    expect(readdirSync(base)).toEqual(['file', 'folder.json']);
  });
});

describe('the cache of the command line', () => {
  test('is there in the next process; what was damaged counts as none and is replaced', async () => {
    vi.stubEnv('SPARSELAND_CACHE', base);
    const file = join(base, 'tuning.json');
    writeFileSync(file, '{"version":1,"build":');
    expect(await nodeTuningCache().isEmpty()).toBe(true);
    nodeTuningCache().set(key, { ratio: 0.5 });
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain(key));
    expect(await nodeTuningCache().get(key)).toEqual({ ratio: 0.5 });
  });

  test('never fails where its folder cannot be made', async () => {
    writeFileSync(join(base, 'file'), '');
    vi.stubEnv('SPARSELAND_CACHE', join(base, 'file'));
    const cache = nodeTuningCache();
    cache.set(key, { ratio: 0.5 });
    expect(await cache.get(key)).toEqual({ ratio: 0.5 });
    expect(existsSync(join(base, 'file', 'tuning.json'))).toBe(false);
  });
});
