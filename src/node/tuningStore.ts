import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { createTuningCache, type TextStore, type TuningCache } from '../engine/gpu/tuningCache.ts';
import { missingFolders, writeWhole } from './commands/outputFolder.ts';

/**
 * The user's folder for what can be found out again: SPARSELAND_CACHE where it is set, else `sparseland` in
 * XDG_CACHE_HOME (ignored where it is relative, as the XDG Base Directory Specification asks), else in `~/.cache`.
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { SPARSELAND_CACHE: own, XDG_CACHE_HOME: base } = environment;
  return own || join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'sparseland');
}

/** A text in a file, whose folder is made when it is first written. Rejects where the file cannot be read or written. */
export function fileStore(path: string): TextStore {
  return {
    read: () => readFile(path, 'utf8'),
    async write(text) {
      missingFolders(dirname(path)).forEach((folder) => mkdirSync(folder));
      writeWhole(path, text);
    },
  };
}

/** What earlier runs of this user found out about kernel variants, by this version of Dawn. */
export function nodeTuningCache(): TuningCache {
  const { version } = createRequire(import.meta.url)('webgpu/package.json') as { version: string };
  return createTuningCache(fileStore(join(cacheFolder(), 'tuning.json')), `webgpu ${version} ${process.platform} ${process.arch}`);
}
