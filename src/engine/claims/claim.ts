import type { Experiment } from '../experiment/experiment.ts';
import { sha256Text } from '../gpu/hash.ts';

/** What a claim compares, and how it is written. */
export interface Metric {
  /** Column of the `test` table. */
  column: 'accuracy' | 'loss';
  /** Which way is better. */
  direction: 'higher' | 'lower';
  unit: string;
  /** Units in one of the column, and the digits behind the point that are shown. */
  scale: number;
  digits: number;
  /** Least standard deviation of paired differences that is believed, as the column counts. */
  floor: number;
  /** What the uniform predictor reaches: the value of a run that diverged. */
  chance(classes: number): number;
}

/** All metrics. A run's value is the mean of its last three evaluations, never the best. */
export const METRICS = {
  accuracy: { column: 'accuracy', direction: 'higher', unit: 'points', scale: 100, digits: 1, floor: 0.001, chance: (classes) => 1 / classes },
  loss: { column: 'loss', direction: 'lower', unit: 'nats', scale: 1, digits: 3, floor: 0.005, chance: (classes) => Math.log(classes) },
  bits: { column: 'loss', direction: 'lower', unit: 'bits per character', scale: 1 / Math.LN2, digits: 3, floor: 0.005, chance: (classes) => Math.log(classes) },
} as const satisfies Readonly<Record<string, Metric>>;

/** One of the things compared: an experiment that is run once a seed. A seed gives every arm the same order of examples, the same sets and the same initial dense weights. */
export interface ClaimArm {
  id: string;
  title: string;
  experiment: Experiment;
}

/** Arms that tell whether the task can tell anything: dense has to reach `target`, and the control to stay more than delta behind it. */
export interface Check {
  dense: string;
  /** As the metric counts. */
  target: number;
  control: string;
}

/** What is compared with what, arms by id. */
export type Comparison =
  | { kind: 'better' | 'as good as' | 'equal'; arm: string; against: string }
  /** Best first. */
  | { kind: 'ordering'; arms: readonly string[] }
  | { kind: 'best'; arm: string; against: readonly string[] }
  /** Each of them better than one, by Holm's levels. */
  | { kind: 'each'; arms: readonly string[]; against: string }
  /** The difference of `arm` to `against` rises with x. `quantity` names its change over the range of x. */
  | { kind: 'trend'; quantity: string; points: readonly { x: number; arm: string; against: string }[] };

/** One part of a claim; all parts have to be shown. */
export interface ClaimPart {
  /** Such as `5 % density`. */
  title: string;
  comparison: Comparison;
  check: Check;
}

/** What is compared with what, and what a difference means: what a verdict follows from, beside the runs. */
export interface Compared {
  sentence: string;
  arms: readonly ClaimArm[];
  metric: keyof typeof METRICS;
  parts: readonly ClaimPart[];
  /** Smallest difference that matters, and how much worse still counts as good, as the metric counts. */
  delta: number;
  margin: number;
  /** Data, network and length in words, for the verdict. */
  setting: string;
  /** How settings were chosen, in a sentence. */
  tuning: string;
}

/** What a paper says, as something that runs can show: fixed before the first of them. */
export interface Claim extends Compared {
  id: string;
  title: string;
  paper: { title: string; authors: string; year: number; url: string };
  /** Seeds 1 to this number, unless others are asked for. */
  seeds: number;
}

/** SHA-256 of everything that decides a claim: with another sentence, arm or size it is another claim. */
export function claimHash(claim: Claim): Promise<string> {
  return sha256Text(JSON.stringify({ ...claim, metric: { name: claim.metric, ...METRICS[claim.metric] } }));
}
