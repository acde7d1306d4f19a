import type { ArmId } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { activeCount, countStates } from '../mask/states.ts';
import { formatCount, formatDensity, formatPercent, formatPoints, plural } from '../text/numbers.ts';
import { isText, maskableWeights, masks, valueAt, type Measured } from './reading.ts';

/** The figures of a run at one step. */
export interface Summary {
  /** Maskable weights, and how many of them are active. */
  weights: number;
  active: number;
  density: number;
  biases: number;
  /** Newest accuracy on the test set, per network. */
  accuracy: Partial<Record<ArmId, Measured>>;
  /** Newest loss on the test set of the main network, for tasks without accuracy. */
  loss: Measured | undefined;
}

/** Reads the figures of a run at one step. */
export function summarise(log: RunLog, cursor: number): Summary {
  const weights = maskableWeights(log.layers);
  const snapshot = masks(log, 'main', cursor);
  const maskable = log.layers.filter((layer) => layer.maskable);
  const active = snapshot ? activeCount(countStates(snapshot, maskable)) : weights;
  const accuracy: Summary['accuracy'] = {};
  for (const arm of log.arms) {
    const measured = valueAt(log, arm, 'test', 'accuracy', cursor);
    if (measured) accuracy[arm] = measured;
  }
  return {
    weights, active, density: weights > 0 ? active / weights : 1, biases: log.biases, accuracy,
    loss: valueAt(log, 'main', 'test', 'loss', cursor),
  };
}

/** What a sentence may say about the run beside its figures. */
export interface SentenceContext {
  finished: boolean;
  /** Steps made so far. */
  step: number;
  totalSteps: number;
  /** Density that the plan ends at. */
  finalDensity: number;
  /** What the accuracies are measured on, in words. */
  evaluatedOn: string;
}

/** One computed sentence: what the reader sees. Differences are given as they are; one seed allows no verdict. */
export function sentence(summary: Summary, context: SentenceContext): string {
  const { main, dense, random } = summary.accuracy;
  const all = formatCount(summary.weights);
  if (context.step === 0 || !main) return plan(summary, context, all);
  const kept = summary.density >= 0.9995 ? 'all weights active' : `${formatDensity(summary.density)} of the weights left`;
  const parts: string[] = [];
  if (dense) parts.push(`${distance(main.value - dense.value)} its dense twin`);
  if (random) parts.push(`${distance(main.value - random.value, parts.length === 0)} a random mask`);
  const against = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  const lead = context.finished ? `Finished with ${kept}` : kept.charAt(0).toUpperCase() + kept.slice(1);
  return `${lead}, ${formatPercent(main.value)} of the ${context.evaluatedOn} right${against}.`;
}

function plan(summary: Summary, context: SentenceContext, all: string): string {
  const steps = plural(context.totalSteps, 'step');
  if (Math.min(summary.density, context.finalDensity) >= 0.9995) return `All ${all} weights stay active for ${steps}.`;
  const end = formatDensity(context.finalDensity);
  if (summary.density - context.finalDensity > 0.0005) {
    return `${formatDensity(summary.density)} of ${all} weights are active now; ${steps} of training will leave ${end} of them.`;
  }
  if (context.finalDensity - summary.density > 0.0005) return `Only ${formatDensity(summary.density)} of ${all} weights are active now; after ${steps} it will be ${end}.`;
  return `Only ${end} of ${all} weights are active, chosen at random so far; ${steps} of training follow.`;
}

function distance(difference: number, withUnit = true): string {
  const points = formatPoints(difference);
  const where = points === '0.0' ? 'from' : difference > 0 ? 'above' : 'below';
  return `${points.replace(/^[+−]/, '')}${withUnit ? ' points' : ''} ${where}`;
}

/** The last update in words, with exact counts: `Update 17: 96 dropped, 96 grown, 11 of them regrown, 921 kept.` */
export function updateWords(log: RunLog, arm: ArmId, layerName: string, cursor: number): string {
  const snapshot = masks(log, arm, cursor);
  const layer = log.layers.find((candidate) => candidate.name === layerName);
  if (!snapshot || !layer) return '';
  const counts = countStates(snapshot, [layer]);
  if (snapshot.update === 0) return `${layer.name}, initial mask: ${formatCount(activeCount(counts))} of ${formatCount(layer.out * layer.in)} weights active.`;
  const again = counts.regrown > 0 ? `, ${formatCount(counts.regrown)} of them regrown` : '';
  const grown = counts.grown + counts.regrown;
  const dropped = counts.dropped + counts.regrown;
  return `${layer.name}, update ${snapshot.update}: ${formatCount(dropped)} dropped, ${formatCount(grown)} grown${again}, ${formatCount(counts.kept)} kept.`;
}

/** What the accuracies of an experiment are measured on, in words. */
export function evaluatedOn(experiment: Experiment | undefined): string {
  const held = experiment?.data.evaluateOn === 'validation' ? 'validation' : 'test';
  if (isText({ experiment })) return `${held} characters`;
  return held === 'test' ? 'test set' : 'validation split';
}
