import type { KnobValue } from '../card.ts';
import type { Experiment } from '../experiment.ts';

/** What a preset is measured by, on the test set: the share that it gets right, or, of a text, bits per character. */
export type PresetMetric = 'testAccuracy' | 'testBits';

/** What was measured over several seeds: the last value of the metric on the test set. */
export interface Recorded {
  mean: number;
  /** Standard deviation over the seeds. */
  sd: number;
  seeds: number;
  steps: number;
}

/** A named experiment with its reason, and what it reached when it was measured. */
export interface Preset {
  id: string;
  title: string;
  /** What can be seen in it, in one sentence. */
  sentence: string;
  /** The paper it follows. */
  paper?: { title: string; url: string };
  experiment: Experiment;
  metric: PresetMetric;
  /** Null until it was measured. */
  recorded: Recorded | null;
  /** Changes that make a copy of a few seconds, for tests; null where the preset is short already. */
  small: { set: readonly (readonly [path: string, value: KnobValue])[]; recorded: Recorded | null } | null;
}

/** Changes of the small copies of presets on digits: a narrow network, few steps, no controls. */
export const SMALL_DIGITS = [
  ['model.hidden', '32'], ['steps', 300], ['evaluateEvery', 100], ['beside.random', false], ['beside.dense', false],
] as const satisfies readonly (readonly [string, KnobValue])[];

/** The optimizer of the presets on digits: SGD with momentum. */
export const DIGITS_OPTIMIZER = { name: 'sgd', rate: 0.05, momentum: 0.9, decay: 0.0001, schedule: 'constant' } as const;

/** Changes of the small copies of presets of two phases on digits. */
export const SMALL_TWO_PHASES = [
  ['model.hidden', '32'], ['phases.0.steps', 150], ['phases.1.steps', 150], ['evaluateEvery', 50],
  ['beside.random', false], ['beside.dense', false],
] as const satisfies readonly (readonly [string, KnobValue])[];
