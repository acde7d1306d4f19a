import { describe, expect, it } from 'vitest';
import { experimentFrom } from '../../engine/experiment/defaults.ts';
import type { Edit, Experiment } from '../../engine/experiment/experiment.ts';
import type { MethodId } from '../../engine/sparsity/methods/index.ts';
import { layerFacts } from '../session/preview.ts';
import { allEdits, plannedCourses, type Courses } from './courses.ts';

const phase = (method: MethodId, knobs: object, steps = 100): object => ({ steps, sparsity: { method, ...knobs } });

function experimentOf(...phases: object[]): Experiment {
  return experimentFrom({ preset: 'rigl-moons', data: { set: 'moons', batch: 16, samples: 200 }, model: { hidden: [16] }, masks: { granularity: 'nm', n: 2, m: 8 }, phases: phases as never, evaluateEvery: 50 });
}

const coursesOf = (experiment: Experiment, edits: readonly Edit[] = []): Courses => plannedCourses(experiment, layerFacts(experiment), edits);
const at = ({ steps, ...courses }: Courses, of: 'beta' | 'pull' | 'n' | 'm', step: number): number => courses[of][steps.indexOf(step)] as number;

describe('planned courses', () => {
  it('have a value for every step of a short run, as its step is run with it', () => {
    const courses = coursesOf(experimentOf(phase('mdgf', { decay: 'linear', eta: 0.02, denseShare: 0.1, fineTune: 0.2 })));
    expect(courses.steps).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    // Step 11 is the tenth behind the first: the dense beginning is over, and beta still 1.
    expect([1, 11, 12, 60, 61, 81].map((step) => Number(at(courses, 'beta', step).toFixed(6)))).toEqual([1, 1, 0.98, 0.02, 0, 0]);
    expect(courses.pull.every(Number.isNaN) && courses.n.every(Number.isNaN)).toBe(true);
  });

  it('turn at edits, from the next step on and no longer than their phase', () => {
    const byHand = { decay: 'manual', beta: 0.5, denseShare: 0, fineTune: 0 };
    const courses = coursesOf(experimentOf(phase('mdgf', byHand), phase('mdgf', byHand)), [{ step: 30, path: 'sparsity.beta', value: 0.25 }, { step: 60, path: 'sparsity.beta', value: 0 }, { step: 60, path: 'optimizer.rate', value: 1 }]);
    expect([30, 31, 60, 61, 100, 101, 200].map((step) => at(courses, 'beta', step))).toEqual([0.5, 0.25, 0.25, 0, 0, 0.5, 0.5]);
  });

  it('keep every turn of a long run', () => {
    const courses = coursesOf(experimentOf(phase('sr-ste', { pull: 0.01 }, 100_000)), [{ step: 40_001, path: 'sparsity.pull', value: 0.02 }]);
    expect(courses.steps.length).toBeLessThan(300);
    expect([40_001, 40_002].map((step) => at(courses, 'pull', step))).toEqual([0.01, 0.02]);
  });

  it('tell the patterns of SdGf, and when ASP prunes', () => {
    const sdgf = coursesOf(experimentOf(phase('sdgf', { decay: 'geometric', denseShare: 0.1, fineTune: 0.1 })));
    expect([10, 11, 31, 51, 71, 100].map((step) => [at(sdgf, 'n', step), at(sdgf, 'm', step)])).toEqual([[8, 8], [16, 64], [8, 32], [4, 16], [2, 8], [2, 8]]);
    const asp = coursesOf(experimentOf(phase('asp', { pruneAt: 0.5 })));
    expect([50, 51, 52].map((step) => [at(asp, 'n', step), at(asp, 'm', step)])).toEqual([[8, 8], [2, 8], [2, 8]]);
  });
});

it('edits of the link and of the run are one list, and what was made last counts', () => {
  const edit = (step: number, value: number): Edit => ({ step, path: 'sparsity.beta', value });
  expect(allEdits([edit(90, 1), edit(10, 0.5)], [edit(10, 0.5), edit(20, 0.1), edit(20, 0.2)])).toEqual([edit(10, 0.5), edit(20, 0.2), edit(90, 1)]);
});
