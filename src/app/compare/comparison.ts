import type { ClaimArm, ClaimPart, Compared, Comparison } from '../../engine/claims/claim.ts';
import { checkBy, controlOf, sharing } from '../../engine/claims/controls.ts';
import { networkWords } from '../../engine/claims/words.ts';
import { datasetCard } from '../../engine/data/cards.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { findMethod, METHODS, type MethodId } from '../../engine/sparsity/methods/index.ts';
import { layerFacts, scheduleOf } from '../session/preview.ts';
import { formatCount, formatDensity, formatQuantity } from '../text/numbers.ts';
import { equalDense, finalParameters } from './equalDense.ts';
import { plannedFlops, withFlops } from './equalFlops.ts';

/** What a reader chose to compare on an experiment. */
export interface ComparisonChoice {
  methods: readonly MethodId[];
  /** A dense network of as many parameters as the first method leaves, beside. */
  smallDense: boolean;
  seeds: number;
  equal: 'steps' | 'flops';
  /** Each arm's learning rate is chosen first, on a validation split. */
  tune: boolean;
  /** Densities of a sweep, rising; none compares at the density that the experiment has. */
  densities: readonly number[];
}

/** Methods that a reader may choose; the fixed random mask and the dense network are in every comparison. */
export const CHOOSABLE = (Object.keys(METHODS) as MethodId[]).filter((id) => id !== 'dense' && id !== 'random');

/** Densities that a sweep may have. */
export const SWEPT = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;

/** Numbers of seeds on offer. */
export const SEEDS = [1, 3, 5, 10] as const;

/** Sizes of the rule for accuracies, as docs/claims.md says. */
const DELTA = 0.005;
const MARGIN = 0.01;

/** The dense network that tells whether the task can be learnt, where the other one is cut to equal FLOPs. */
const WHOLE_DENSE = 'whole-dense';

/** The choice that an experiment suggests: its own method, against the controls. */
export function usualChoice(experiment: Experiment): ComparisonChoice {
  const method = experiment.phases[0]?.sparsity.method ?? 'rigl';
  const own = CHOOSABLE.find((id) => id === method) ?? 'rigl';
  return { methods: [own], smallDense: false, seeds: 3, equal: 'steps', tune: false, densities: [] };
}

/** A method in the fewest words: `RigL` for `RigL: rigging the lottery`. */
export function shortTitle(id: string): string {
  return findMethod(id).card.title.split(':')[0] as string;
}

/** An experiment as an arm: alone, without edits, and of one phase where its method is not the experiment's own. */
function armOf(experiment: Experiment, method: MethodId): Experiment {
  const alone: Experiment = { ...experiment, edits: [], beside: { random: false, dense: false } };
  const [first] = alone.phases;
  if (!first || alone.phases.some(({ sparsity }) => sparsity.method === method)) return alone;
  const single = { ...alone, phases: [{ ...first, steps: totalSteps(alone), entry: 'keep' as const }] };
  return setPath(single, 'sparsity.method', method);
}

/**
 * What is run, and how it is judged. All arms share data, network, optimizer and, seed by seed, initial weights and
 * batches; the fixed random mask and the dense network are always among them.
 * @param denseFlops FLOPs of a dense step by the hidden widths or channels of a network, where runs have told them
 */
export function comparisonOf(experiment: Experiment, choice: ComparisonChoice, denseFlops: (of: Experiment) => number | undefined = () => undefined): Compared {
  if (choice.densities.length === 0) return comparisonAt(experiment, choice, denseFlops);
  return merged(choice.densities.map((density) => comparisonAt(experiment, choice, denseFlops, density)));
}

/** Comparisons at several densities as one. An arm that several of them have, such as the dense network, is trained once. */
function merged(comparisons: readonly Compared[]): Compared {
  const arms = new Map<string, ClaimArm>();
  const parts = comparisons.flatMap((one, i) => {
    const ids = new Map(one.arms.map((arm) => {
      const key = encodeLink(arm.experiment);
      const known = arms.get(key) ?? { ...arm, id: `${arm.id}-${i + 1}` };
      arms.set(key, known);
      return [arm.id, known.id];
    }));
    const idOf = (id: string): string => ids.get(id) ?? id;
    return one.parts.map(({ title, comparison, check }): ClaimPart => ({ title, comparison: renamed(comparison, idOf), check: { ...check, dense: idOf(check.dense), control: idOf(check.control) } }));
  });
  return { ...comparisons[0]!, arms: [...arms.values()], parts };
}

function renamed(comparison: Comparison, idOf: (id: string) => string): Comparison {
  if (comparison.kind === 'best') return { ...comparison, arm: idOf(comparison.arm), against: comparison.against.map(idOf) };
  return comparison.kind === 'as good as' ? { ...comparison, arm: idOf(comparison.arm), against: idOf(comparison.against) } : comparison;
}

/** The experiment with another final density, where its method has one. */
function atDensity(experiment: Experiment, density: number): Experiment {
  const last = experiment.phases.length - 1;
  return Object.hasOwn(experiment.phases[last]!.sparsity, 'density') ? setPath(experiment, `phases.${last}.sparsity.density`, density) : experiment;
}

/** The comparison at one density, or at the experiment's own. */
function comparisonAt(experiment: Experiment, choice: ComparisonChoice, denseFlops: (of: Experiment) => number | undefined, density?: number): Compared {
  const own = armOf(experiment, choice.methods[0] ?? 'random');
  const first = density === undefined ? own : atDensity(own, density);
  const methods = choice.methods.map((id, i): ClaimArm => ({ id, title: shortTitle(id), experiment: i === 0 ? first : sharing(first, armOf(experiment, id)) }));
  const lead = methods[0] ?? { id: 'random', title: '', experiment: first };
  const arms: ClaimArm[] = [
    ...methods,
    { id: 'random', title: 'random mask', experiment: controlOf(lead.experiment, 'random') },
    { id: 'dense', title: 'dense', experiment: controlOf(lead.experiment, 'dense') },
    ...(choice.smallDense ? smallDense(lead.experiment) : []),
  ];
  const flops = plannedFlops(lead.experiment, denseFlops(lead.experiment));
  const byFlops = choice.equal === 'flops';
  const cut = (arm: ClaimArm): ClaimArm => (arm === lead ? arm : { ...arm, experiment: withFlops(arm.experiment, flops, denseFlops(arm.experiment)) });
  // Dense steps are dear: for as many FLOPs the dense network may not learn at all, which says nothing about the task.
  const whole = byFlops ? [{ ...arms.find(({ id }) => id === 'dense')!, id: WHOLE_DENSE, title: 'dense, all steps' }] : [];
  return {
    sentence: '', arms: [...(byFlops ? arms.map(cut) : arms), ...whole], metric: 'accuracy', parts: partsOf(experiment, methods, arms.some(({ id }) => id === 'small-dense'), byFlops ? WHOLE_DENSE : 'dense'),
    delta: DELTA, margin: MARGIN, setting: settingOf(lead.experiment, choice, flops), tuning: 'Equal settings, not tuned.',
  };
}

function smallDense(lead: Experiment): ClaimArm[] {
  const found = equalDense(controlOf(lead, 'dense'), finalParameters(lead));
  return found ? [{ id: 'small-dense', title: `small dense (${formatCount(found.parameters)})`, experiment: found.experiment }] : [];
}

/** Each method against those chosen after it, the random mask and the small dense network, with Holm's levels; and against dense, as good as. */
function partsOf(experiment: Experiment, methods: readonly ClaimArm[], small: boolean, dense: string): ClaimPart[] {
  const classes = datasetCard(experiment.data.set)?.classes ?? 2;
  const check = checkBy(dense, 'random', classes);
  return methods.flatMap(({ id, experiment: own }, i): ClaimPart[] => {
    const title = `${densityOf(own)} density`;
    const against = [...methods.slice(i + 1).map((other) => other.id), 'random', ...(small ? ['small-dense'] : [])];
    return [
      { title, comparison: { kind: 'best', arm: id, against }, check },
      { title, comparison: { kind: 'as good as', arm: id, against: 'dense' }, check },
    ];
  });
}

/** An arm's title, with its final density where another arm has the same title. */
export function armTitle({ arms }: Pick<Compared, 'arms'>, arm: ClaimArm): string {
  return arms.some((other) => other !== arm && other.title === arm.title) ? `${arm.title}, ${densityOf(arm.experiment)}` : arm.title;
}

/** The density that an experiment is planned to end at, in words. */
export function densityOf(experiment: Experiment): string {
  const schedule = scheduleOf(experiment, layerFacts(experiment));
  return formatDensity(schedule.density(schedule.totalSteps));
}

function settingOf(experiment: Experiment, { equal }: ComparisonChoice, flops: number): string {
  const { data, model } = experiment;
  const length = equal === 'steps' ? `${formatCount(totalSteps(experiment))} steps of ${data.batch}` : `${formatQuantity(flops, 'FLOP')} of training in batches of ${data.batch}`;
  return `${datasetCard(data.set)?.title ?? data.set}, ${networkWords(model)}, ${length}`;
}
