import type { ClaimArm, ClaimPart, Compared } from '../../engine/claims/claim.ts';
import { checkBy, controlOf } from '../../engine/claims/controls.ts';
import { networkWords } from '../../engine/claims/words.ts';
import { datasetCard } from '../../engine/data/cards.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { setPathStrict } from '../../engine/experiment/paths.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { quote } from '../../engine/experiment/values.ts';
import { sha256Text } from '../../engine/gpu/hash.ts';
import { UsageError } from '../commands/usageError.ts';

/** A setting that a sweep varies, and its values as they were written. */
export interface Axis {
  path: string;
  values: readonly string[];
}

/** One setting of the grid: the values of its axes, in their order. */
export interface GridPoint {
  arm: string;
  values: readonly string[];
}

/** What a sweep runs: every combination of its axes, a random mask and a dense network beside, and what is judged of them. */
export interface Sweep {
  axes: readonly Axis[];
  points: readonly GridPoint[];
  compared: Compared;
  seeds: number;
  /** SHA-256 of all of it but the number of seeds. */
  hash: string;
}

/** Most settings of a grid. */
const MAX_POINTS = 1000;
const CONTROLS = ['random', 'dense'] as const;

/** Reads `key=a,b,c`. @throws UsageError where it is none, or says a value twice */
export function readAxis(text: string): Axis {
  const at = text.indexOf('=');
  const values = text.slice(at + 1).split(',').map((value) => value.trim());
  if (at < 1 || values.some((value) => value === '')) throw new UsageError(`--vary takes PATH=VALUE,VALUE, such as sparsity.density=0.05,0.1, not ${quote(text)}.`);
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw new UsageError(`--vary ${text.slice(0, at)}: ${quote(twice)} is there twice.`);
  return { path: text.slice(0, at).trim(), values };
}

/**
 * The sweep over all combinations of the axes, the last axis fastest. Nothing is run with a value that would be changed.
 * @throws UsageError for unknown settings and values out of range, for settings that are the same, and for too many
 */
export async function sweepOf(experiment: Experiment, axes: readonly Axis[], seeds: number): Promise<Sweep> {
  refuseRepeated(axes);
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > MAX_POINTS) throw new UsageError(`The grid has ${size} settings; ${MAX_POINTS} are the most.`);
  const combinations = axes.reduce<string[][]>((all, { values }) => all.flatMap((one) => values.map((value) => [...one, value])), [[]]);
  const width = String(combinations.length).length;
  const points = combinations.map((values, i): GridPoint => ({ arm: `setting-${String(i + 1).padStart(width, '0')}`, values }));
  const arms = points.map(({ arm, values }): ClaimArm => ({ id: arm, title: titleOf(axes, values), experiment: withValues(experiment, axes, values) }));
  refuseAlike(arms);
  const compared = judged(arms);
  return { axes, points, compared, seeds, hash: await sha256Text(JSON.stringify({ format: 1, axes, compared })) };
}

/** The values of a point in words. */
export function titleOf(axes: readonly Axis[], values: readonly string[]): string {
  return axes.map(({ path }, i) => `${path.split('.').at(-1)} ${values[i]}`).join(', ');
}

function refuseRepeated(axes: readonly Axis[]): void {
  if (axes.length === 0) throw new UsageError('Say what to vary: --vary PATH=VALUE,VALUE.');
  const twice = axes.find(({ path }, i) => axes.findIndex((other) => other.path === path) !== i);
  if (twice) throw new UsageError(`--vary ${twice.path} is given twice.`);
}

function withValues(experiment: Experiment, axes: readonly Axis[], values: readonly string[]): Experiment {
  const alone: Experiment = { ...experiment, edits: [], beside: { random: false, dense: false } };
  // A method first: other settings may be its own.
  const order = axes.map((axis, i) => ({ axis, value: values[i] as string })).toSorted((a, b) => Number(isMethod(b.axis)) - Number(isMethod(a.axis)));
  return order.reduce((changed, { axis: { path }, value }) => {
    const set = setPathStrict(changed, path, value);
    if (!set.ok) throw new UsageError(`--vary ${path}: ${set.message}.`);
    return set.experiment;
  }, alone);
}

const isMethod = ({ path }: Axis): boolean => path.endsWith('sparsity.method');

/** Two settings that are one experiment, such as densities of a dense network, would be run twice and told as two. */
function refuseAlike(arms: readonly ClaimArm[]): void {
  const known = new Map<string, ClaimArm>();
  for (const arm of arms) {
    const link = encodeLink(arm.experiment);
    const other = known.get(link);
    if (other) throw new UsageError(`${arm.title} is the same experiment as ${other.title}; leave one of them out.`);
    known.set(link, arm);
  }
}

/** Each setting against the first; the controls are those of the first. */
function judged(arms: readonly ClaimArm[]): Compared {
  const [first, ...others] = arms as [ClaimArm, ...ClaimArm[]];
  const { data, model } = first.experiment;
  const controls = CONTROLS.map((id): ClaimArm => ({ id, title: id === 'random' ? 'random mask' : 'dense', experiment: controlOf(first.experiment, id) }));
  const check = checkBy('dense', 'random', datasetCard(data.set)?.classes ?? 2);
  const parts: ClaimPart[] = others.length > 0 ? [{ title: `against ${first.title}`, comparison: { kind: 'each', arms: others.map(({ id }) => id), against: first.id }, check }] : [];
  return {
    sentence: `every setting is better than the first, ${first.title}.`, arms: [...arms, ...controls], metric: 'accuracy', parts,
    delta: 0.005, margin: 0.01, setting: `${datasetCard(data.set)?.title ?? data.set}, ${networkWords(model)}, ${totalSteps(first.experiment)} steps of ${data.batch}`, tuning: 'Equal settings but for what is varied, not tuned.',
  };
}
