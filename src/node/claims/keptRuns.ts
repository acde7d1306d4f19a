import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { firstLine } from '../commands/chooseExperiment.ts';
import { missingFolders, writeWhole } from '../commands/outputFolder.ts';
import { UsageError } from '../commands/usageError.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One finished run of a claim or a sweep, as its file holds it. */
const keptRun = v.object({
  format: v.literal(1),
  /** Hash of what it was run for: everything that decides it. */
  claim: v.string(),
  arm: v.string(),
  seed: count,
  status: v.picklist(['finished', 'diverged']),
  /** The metric; chance where the run diverged. */
  value: v.number(),
  evaluations: v.array(v.object({ step: count, value: v.nullable(v.number()) })),
  edits: count,
  steps: count,
  epochs: v.number(),
  /** Share of all weights that were active at the end, and on average over the steps. */
  density: v.number(),
  averageDensity: v.number(),
  /** Theoretical: of all steps, each at the density that it had, and of one answer for one example; the same of the dense network. */
  flops: v.object({ training: v.number(), denseTraining: v.number(), inference: v.number(), denseInference: v.number() }),
  adapter: v.string(),
  wallMs: v.number(),
  /** sha256 of parameters and mask; absent where the run diverged. */
  hash: v.optional(v.string()),
});

/** One finished run of a claim. */
export type KeptRun = v.InferOutput<typeof keptRun>;

/** What runs are kept of: how it is named, and the files of its folder beside the runs. */
export interface FolderKind<File extends string> {
  noun: string;
  files: Readonly<Record<File, string>>;
}

/** Files of a claim's folder beside the runs. */
export const CLAIM_FILES = { report: 'report.json', table: 'runs.csv' } as const;
const CLAIM_KIND: FolderKind<keyof typeof CLAIM_FILES> = { noun: 'claim', files: CLAIM_FILES };
const RUNS = 'runs';

/** A folder of finished runs: they stay there, so that what was interrupted goes on. */
export interface RunFolder<File extends string = string> {
  /** Runs that are there already. */
  runs(): KeptRun[];
  keep(run: KeptRun): void;
  /** Numbers of seeds of the verdicts that were written here. */
  looks(): number[];
  write(name: File, content: string | Uint8Array): void;
}

/** The folder of a claim. */
export type ClaimFolder = RunFolder<keyof typeof CLAIM_FILES>;

/** Opens or makes the folder of a claim. @throws UsageError as `openRunFolder` does */
export function openClaimFolder(path: string, hash: string): ClaimFolder {
  return openRunFolder(path, hash, CLAIM_KIND);
}

/**
 * Opens or makes a folder of runs.
 * @param hash of what they are run for: runs of anything else, or of another version of it, are refused
 * @throws UsageError where the folder cannot be written to, or holds anything else
 */
export function openRunFolder<File extends string>(path: string, hash: string, kind: FolderKind<File>): RunFolder<File> {
  const folder = join(path, RUNS);
  refuseForeign(path, kind);
  try {
    missingFolders(folder).forEach((missing) => mkdirSync(missing));
  } catch (error) {
    throw new UsageError(`${path} cannot be written to: ${firstLine(error)}.`);
  }
  const runs = (): KeptRun[] => readRuns(path, hash, kind);
  runs();
  return {
    runs,
    keep: (run) => writeWhole(join(folder, `${run.arm}-${run.seed}.json`), `${JSON.stringify(run)}\n`),
    looks() {
      const file = join(path, 'report.json');
      return existsSync(file) ? readChecked(file, v.object({ looks: v.array(count) })).looks : [];
    },
    write: (name, content) => writeWhole(join(path, kind.files[name]), content),
  };
}

/** The finished runs of a folder. Files that were being written when a run was cut off have other endings. @throws UsageError for runs of anything else */
export function readRuns(path: string, hash: string, { noun }: Pick<FolderKind<string>, 'noun'>): KeptRun[] {
  const folder = join(path, RUNS);
  return readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => {
    const run = readChecked(join(folder, name), keptRun);
    if (run.claim !== hash) throw new UsageError(`${join(folder, name)} is of another ${noun}, or of another version of it; choose another folder with --out DIR.`);
    return run;
  });
}

function refuseForeign(path: string, { noun, files }: FolderKind<string>): void {
  if (!existsSync(path)) return;
  const known = [RUNS, ...Object.values(files)] as readonly string[];
  let foreign: string | undefined;
  try {
    foreign = readdirSync(path).find((name) => !known.includes(name));
  } catch {
    throw new UsageError(`${path} is a file; --out takes a folder.`);
  }
  if (foreign !== undefined) throw new UsageError(`${path} holds ${foreign}, which is not of a ${noun}; choose another folder with --out DIR.`);
}

/** A file of ours, checked. @throws UsageError where it is none */
export function readChecked<Schema extends v.GenericSchema>(file: string, schema: Schema): v.InferOutput<Schema> {
  try {
    return v.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${firstLine(error)}); remove it, and it is made again.`);
  }
}
