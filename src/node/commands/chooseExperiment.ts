import { readFileSync } from 'node:fs';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import { setPathStrict } from '../../engine/experiment/paths.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { PHASE_KNOBS, TOP_KNOBS } from '../../engine/experiment/schema.ts';
import { quote } from '../../engine/experiment/values.ts';
import { type Given, type OptionTable, wholeNumber } from './arguments.ts';
import { UsageError } from './usageError.ts';

/** Options that say which experiment is meant. */
export const EXPERIMENT_OPTIONS = {
  preset: { kind: 'value', placeholder: 'ID', help: 'a preset of `list presets`' },
  experiment: { kind: 'value', placeholder: 'FILE', help: 'the experiment.json of a run, in place of a preset' },
  set: { kind: 'list', placeholder: 'PATH=VALUE', help: 'changes one setting; may be given more than once' },
  seed: { kind: 'value', placeholder: 'N', help: 'initial weights, masks and the order of examples follow from it' },
  steps: { kind: 'value', placeholder: 'N', help: 'length of the only phase' },
} as const satisfies OptionTable;

/** The experiment that the options describe. @throws UsageError for anything that is not taken exactly as it was given. */
export function chooseExperiment(given: Given): Experiment {
  let experiment = baseOf(given);
  for (const setting of given.values('set')) experiment = withSetting(experiment, setting);
  const seed = given.value('seed');
  if (seed !== undefined) experiment = { ...experiment, seed: wholeNumber('seed', seed, TOP_KNOBS.seed.min, TOP_KNOBS.seed.max) };
  const steps = given.value('steps');
  return steps === undefined ? experiment : withSteps(experiment, steps);
}

function baseOf(given: Given): Experiment {
  const [preset, file] = [given.value('preset'), given.value('experiment')];
  const known = `Known: ${Object.keys(PRESETS).join(', ')}.`;
  if (preset !== undefined && file !== undefined) throw new UsageError('Give --preset or --experiment, not both.');
  if (file !== undefined) return readExperiment(file);
  if (preset === undefined) throw new UsageError(`Say which preset with --preset ID. ${known}`);
  const found = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (!found) throw new UsageError(`There is no preset ${quote(preset)}. ${known}`);
  return found.experiment;
}

/** @throws UsageError where the file cannot be read, or holds anything that would have to be changed. */
function readExperiment(file: string): Experiment {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${quote(file)} cannot be read as an experiment: ${firstLine(error)}.`);
  }
  const { experiment, notes } = parseExperiment(input);
  if (notes[0] !== undefined) throw new UsageError(`${quote(file)}: ${notes[0]}.`);
  return experiment;
}

function withSetting(experiment: Experiment, setting: string): Experiment {
  const at = setting.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes PATH=VALUE, such as sparsity.density=0.05, not ${quote(setting)}.`);
  const changed = setPathStrict(experiment, setting.slice(0, at).trim(), setting.slice(at + 1));
  if (!changed.ok) throw new UsageError(`--set ${setting.slice(0, 60)}: ${changed.message}.`);
  return changed.experiment;
}

/** The experiment with another length. @throws UsageError for a length out of range, or where phases make it unclear. */
export function withSteps(experiment: Experiment, text: string): Experiment {
  const steps = wholeNumber('steps', text, PHASE_KNOBS.steps.min, PHASE_KNOBS.steps.max);
  if (experiment.phases.length > 1) {
    const each = experiment.phases.map((phase, i) => `--set phases.${i}.steps=${phase.steps}`).join(' ');
    throw new UsageError(`--steps is for experiments of one phase; this one has ${experiment.phases.length}. Set each: ${each}.`);
  }
  return { ...experiment, phases: experiment.phases.map((phase) => ({ ...phase, steps })) };
}

/** The first line of what went wrong, without a full stop at its end. */
export function firstLine(error: unknown): string {
  return ((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').replace(/\.$/, '');
}
