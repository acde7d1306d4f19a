import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { firstLine } from '../commands/chooseExperiment.ts';
import { missingFolders, writeWhole } from '../commands/outputFolder.ts';
import { UsageError } from '../commands/usageError.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One finished run of a claim, as its file holds it. */
const keptRun = v.object({
  format: v.literal(1),
  /** `claimHash` of the claim that it was run for. */
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

/** Files of a claim's folder beside the runs. */
export const CLAIM_FILES = { report: 'report.json', table: 'runs.csv' } as const;
const RUNS = 'runs';

/** The folder of a claim: finished runs stay there, so that a claim that was interrupted goes on. */
export interface ClaimFolder {
  /** Runs of this claim that are there already. */
  runs(): KeptRun[];
  keep(run: KeptRun): void;
  /** Numbers of seeds of the verdicts that were written here. */
  looks(): number[];
  write(name: keyof typeof CLAIM_FILES, content: string): void;
}

/**
 * Opens or makes the folder of a claim.
 * @param hash `claimHash`: runs of another claim, or of another version of it, are refused
 * @throws UsageError where the folder cannot be written to, or holds anything else
 */
export function openClaimFolder(path: string, hash: string): ClaimFolder {
  const folder = join(path, RUNS);
  refuseForeign(path);
  try {
    missingFolders(folder).forEach((missing) => mkdirSync(missing));
  } catch (error) {
    throw new UsageError(`${path} cannot be written to: ${firstLine(error)}.`);
  }
  const runs = (): KeptRun[] => readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => {
    const run = readChecked(join(folder, name), keptRun);
    if (run.claim !== hash) throw new UsageError(`${join(folder, name)} is of another claim, or of another version of it; choose another folder with --out DIR.`);
    return run;
  });
  runs();
  return {
    runs,
    keep: (run) => writeWhole(join(folder, `${run.arm}-${run.seed}.json`), `${JSON.stringify(run)}\n`),
    looks() {
      const file = join(path, CLAIM_FILES.report);
      return existsSync(file) ? readChecked(file, v.object({ looks: v.array(count) })).looks : [];
    },
    write: (name, content) => writeWhole(join(path, CLAIM_FILES[name]), content),
  };
}

function refuseForeign(path: string): void {
  if (!existsSync(path)) return;
  const known = [RUNS, ...Object.values(CLAIM_FILES)] as readonly string[];
  let foreign: string | undefined;
  try {
    foreign = readdirSync(path).find((name) => !known.includes(name));
  } catch {
    throw new UsageError(`${path} is a file; --out takes a folder.`);
  }
  if (foreign !== undefined) throw new UsageError(`${path} holds ${foreign}, which is not of a claim; choose another folder with --out DIR.`);
}

function readChecked<Schema extends v.GenericSchema>(file: string, schema: Schema): v.InferOutput<Schema> {
  try {
    return v.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${firstLine(error)}); remove it, and it is made again.`);
  }
}
