import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { Edit, Experiment, Phase } from '../../engine/experiment/experiment.ts';
import { phaseStarts } from '../../engine/experiment/phases.ts';
import type { LayerShape, MaskPlan } from '../../engine/sparsity/method.ts';
import { maskedLayers, maskPlan } from '../session/preview.ts';

/** What is planned of a run, step by step: at step t, for the t-th batch. NaN where a phase has no such value. */
export interface Courses {
  steps: number[];
  /** Factor of the weights outside the mask. */
  beta: number[];
  /** Pull on them. */
  pull: number[];
  /** N of every M weights that masks keep, both M where they keep all; of methods whose pattern changes, or whose masks do while no other weight is seen. */
  n: number[];
  m: number[];
}

/** Points of a course, beside those at edits and phases. */
const POINTS = 240;

/** The courses that the plans of all phases take, when each of the edits changes its setting from its step on, until the phase ends. */
export function plannedCourses(experiment: Experiment, all: readonly LayerFacts[], edits: readonly Edit[]): Courses {
  const layers = maskedLayers(experiment, all);
  const starts = phaseStarts(experiment);
  const stride = Math.max(1, Math.ceil((starts.at(-1) ?? 0) / POINTS));
  const courses: Courses = { steps: [], beta: [], pull: [], n: [], m: [] };
  experiment.phases.forEach((phase, i) => {
    const [begin, end] = [starts[i] as number, starts[i + 1] as number];
    const own = edits.filter(({ step, path }) => step >= begin && step < end && path.startsWith('sparsity.'));
    const cuts = [...new Set([begin, ...own.map(({ step }) => step)])].sort((a, b) => a - b);
    cuts.forEach((cut, c) => {
      const plan = maskPlan(edited(phase, own.filter(({ step }) => step <= cut)), layers);
      for (const step of stepsBetween(cut, cuts[c + 1] ?? end, stride)) addPoint(courses, step, plan, step - 1 - begin, layers);
    });
  });
  return courses;
}

/** The phase with edits put in as settings; later ones count. */
function edited(phase: Phase, edits: readonly Edit[]): Phase {
  return { ...phase, sparsity: { ...phase.sparsity, ...Object.fromEntries(edits.map(({ path, value }) => [path.slice('sparsity.'.length), value])) } };
}

/** The first step behind a cut, round ones, and the last before the next cut. */
function stepsBetween(cut: number, next: number, stride: number): number[] {
  const round = Array.from({ length: Math.max(0, Math.floor(next / stride) - Math.floor(cut / stride)) }, (_, i) => (Math.floor(cut / stride) + 1 + i) * stride);
  return [...new Set([cut + 1, ...round, next])].filter((step) => step > cut && step <= next).sort((a, b) => a - b);
}

function addPoint(courses: Courses, step: number, plan: MaskPlan, local: number, layers: readonly LayerShape[]): void {
  const { outside } = plan;
  // Behind a dense beginning the others keep one pattern, and what is seen of the rest is their course.
  const pattern = outside && !plan.patternMoves ? undefined : patternAfter(plan, local, layers);
  courses.steps.push(step);
  courses.beta.push(outside?.factor?.(local) ?? Number.NaN);
  courses.pull.push(outside?.pulls ? outside.pull(local) : Number.NaN);
  courses.n.push(pattern?.n ?? Number.NaN);
  courses.m.push(pattern?.m ?? Number.NaN);
}

function patternAfter(plan: MaskPlan, local: number, layers: readonly LayerShape[]): { n: number; m: number } | undefined {
  const target = plan.target(local);
  const own = layers[0]?.pattern;
  if (own && layers.every(({ groups, out, in: inputs }, l) => target[l] === (groups ?? out * inputs))) return { n: own.m, m: own.m };
  return (plan.patternMoves ? plan.counts(local, target).pattern : undefined) ?? own;
}

/** Edits of a run by step and path: those that it began with, and those that were made while it ran. */
export function allEdits(begun: readonly Edit[], made: readonly Edit[]): Edit[] {
  const known = new Map([...begun, ...made].map((edit) => [`${edit.step}/${edit.path}`, edit]));
  return [...known.values()].sort((a, b) => a.step - b.step);
}
