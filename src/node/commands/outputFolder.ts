import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { firstLine } from './chooseExperiment.ts';
import { UsageError } from './usageError.ts';

/** Files that a run writes; a folder that holds nothing else may be replaced by another run. */
export const RUN_FILES = ['experiment.json', 'metrics.csv', 'weights.safetensors', 'report.json'] as const;

/** A folder that appears whole or not at all. */
export interface OutputFolder {
  /** Where it will be. */
  path: string;
  /** Writes all files and moves them to their place. */
  commit(files: Readonly<Record<string, string | Uint8Array>>): void;
  /** Leaves no trace; does nothing after `commit`. Safe to call at the end of the process. */
  discard(): void;
}

/**
 * Prepares to write a run to `path`: a temporary folder beside it is made at once, so that a place that cannot be
 * written to is known before training. A run that is there already is replaced at the end.
 * @throws UsageError where the place cannot be written to, or holds something else than a run.
 */
export function prepareFolder(path: string): OutputFolder {
  const target = resolve(path);
  refuseForeign(target, path);
  const parent = dirname(target);
  const temporary = join(parent, `.${basename(target)}.${process.pid}.tmp`);
  const old = join(parent, `.${basename(target)}.${process.pid}.old`);
  let firstMade: string | undefined;
  try {
    for (const folder of missingFolders(parent)) {
      mkdirSync(folder);
      firstMade ??= folder;
    }
    mkdirSync(temporary);
  } catch (error) {
    if (firstMade) removeEmpty(parent, firstMade);
    throw new UsageError(`${path} cannot be written to: ${firstLine(error)}.`);
  }
  let open = true;
  return {
    path: target,
    commit(files) {
      for (const [name, content] of Object.entries(files)) writeFileSync(join(temporary, name), content);
      refuseForeign(target, path);
      if (existsSync(target)) renameSync(target, old);
      renameSync(temporary, target);
      open = false;
      rmSync(old, { recursive: true, force: true });
    },
    discard() {
      if (!open) return;
      open = false;
      rmSync(temporary, { recursive: true, force: true });
      // Only where the run that was there is not in its place.
      if (existsSync(old) && !existsSync(target)) renameSync(old, target);
      if (firstMade) removeEmpty(parent, firstMade);
    },
  };
}

function refuseForeign(target: string, path: string): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) throw new UsageError(`${path} is a file; --out takes a folder.`);
  const foreign = readdirSync(target).find((name) => !(RUN_FILES as readonly string[]).includes(name));
  if (foreign !== undefined) throw new UsageError(`${path} holds ${foreign}, which is not of a run; choose another folder with --out DIR.`);
}

/** The folders that have to be made for a path, the uppermost first. Node's own recursion never ends below /proc. */
export function missingFolders(path: string): string[] {
  return existsSync(path) ? [] : [...missingFolders(dirname(path)), path];
}

/** Removes folders that were made for a run, from the deepest up to the first, as long as they are empty. */
function removeEmpty(deepest: string, first: string): void {
  for (let folder = deepest; folder.length >= first.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

/** Writes one file whole or not at all. @throws UsageError where it cannot. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`${path} cannot be written: ${firstLine(error)}.`);
  }
}
