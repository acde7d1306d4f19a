import { type Claim, type Compared, METRICS } from '../../engine/claims/claim.ts';
import type { Judgement } from '../../engine/claims/judge.ts';
import { wordsOf } from '../../engine/claims/words.ts';
import { meanOf } from '../../engine/claims/verdict.ts';
import { quoted } from '../../engine/experiment/metricsCsv.ts';
import type { KeptRun } from './keptRuns.ts';

/** An arm over its seeds. */
interface ArmSummary {
  id: string;
  title: string;
  runs: readonly KeptRun[];
  mean: number;
  /** Null for a single seed. */
  sd: number | null;
}

function summaries(claim: Compared, judgement: Judgement, runs: readonly KeptRun[]): ArmSummary[] {
  return claim.arms.map(({ id, title }) => {
    const own = runs.filter((run) => run.arm === id && judgement.seeds.includes(run.seed)).toSorted((a, b) => a.seed - b.seed);
    const values = own.map(({ value }) => value);
    const mean = meanOf(values);
    return { id, title, runs: own, mean, sd: values.length > 1 ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) : null };
  });
}

const average = (runs: readonly KeptRun[], of: (run: KeptRun) => number): number => meanOf(runs.map(of));

/** The content of a claim's `report.json`; docs/command-line.md describes each field. @param looks numbers of seeds of all verdicts so far, this one included */
export function claimReport(claim: Compared, hash: string, judgement: Judgement, runs: readonly KeptRun[], looks: readonly number[]): Record<string, unknown> {
  const { arms: _, ...fixed } = claim;
  return {
    format: 1,
    claim: { ...fixed, hash },
    adapter: runs[0]?.adapter ?? null,
    looks,
    outcome: judgement.outcome,
    words: wordsOf(claim, judgement),
    seeds: judgement.seeds,
    editedRuns: judgement.edited,
    extendedAfterLooking: judgement.earlierLooks.length > 0,
    parts: judgement.parts,
    arms: summaries(claim, judgement, runs).map(({ runs: own, ...arm }) => ({
      ...arm,
      values: own.map(({ value }) => value),
      diverged: own.filter(({ status }) => status === 'diverged').length,
      steps: average(own, ({ steps }) => steps),
      epochs: average(own, ({ epochs }) => epochs),
      density: average(own, ({ density }) => density),
      averageDensity: average(own, ({ averageDensity }) => averageDensity),
      flops: {
        training: average(own, ({ flops }) => flops.training), denseTraining: average(own, ({ flops }) => flops.denseTraining),
        inference: average(own, ({ flops }) => flops.inference), denseInference: average(own, ({ flops }) => flops.denseInference),
      },
      wallMs: average(own, ({ wallMs }) => wallMs),
      experiment: claim.arms.find(({ id }) => id === arm.id)?.experiment,
    })),
  };
}

const CSV_COLUMNS = ['arm', 'seed', 'status', 'metric', 'value', 'edits', 'steps', 'epochs', 'density', 'average_density', 'training_flops', 'dense_training_flops', 'inference_flops', 'wall_ms'];

/** All runs of a claim in tidy form: one line a run, one column a variable. */
export function runsCsv(claim: Claim, runs: readonly KeptRun[]): string {
  return tidyCsv(claim, runs, ['claim'], () => [claim.id]);
}

/** Runs in tidy form, in the order of the arms. @param lead columns that stand first, and their values for an arm by its id */
export function tidyCsv({ arms, metric }: Pick<Compared, 'arms' | 'metric'>, runs: readonly KeptRun[], lead: readonly string[], valuesOf: (arm: string) => readonly string[]): string {
  const order = arms.map(({ id }) => id);
  const sorted = runs.toSorted((a, b) => order.indexOf(a.arm) - order.indexOf(b.arm) || a.seed - b.seed);
  const lines = sorted.map((run) => [
    ...valuesOf(run.arm).map(quoted), run.arm, run.seed, run.status, metric, run.value, run.edits, run.steps, run.epochs, run.density, run.averageDensity,
    Math.round(run.flops.training), Math.round(run.flops.denseTraining), run.flops.inference, Math.round(run.wallMs),
  ].join(','));
  return `${[[...lead.map(quoted), ...CSV_COLUMNS].join(','), ...lines].join('\n')}\n`;
}

/** What the arms are compared at, as rows of a table: value, steps, densities, training and inference FLOPs over those of the dense network. */
export function comparedAt(claim: Compared, judgement: Judgement, runs: readonly KeptRun[]): string[][] {
  const { scale, digits, unit } = METRICS[claim.metric];
  const share = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;
  const rows = summaries(claim, judgement, runs).map(({ title, id, runs: own, mean, sd }) => [
    id, title,
    `${(scale * mean).toFixed(digits + 1)}${sd === null ? '' : ` (sd ${(scale * sd).toFixed(digits + 1)})`}`,
    `${Math.round(average(own, ({ steps }) => steps))} / ${average(own, ({ epochs }) => epochs).toFixed(1)}`,
    share(average(own, ({ density }) => density)), share(average(own, ({ averageDensity }) => averageDensity)),
    share(average(own, ({ flops }) => flops.training / flops.denseTraining)), share(average(own, ({ flops }) => flops.inference / flops.denseInference)),
  ]);
  return [['arm', '', `${claim.metric}, ${unit}`, 'steps / epochs', 'density', 'on average', 'training FLOPs', 'inference FLOPs'], ...rows];
}
