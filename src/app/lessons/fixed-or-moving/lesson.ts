import type { Lesson } from '../lesson.ts';
import text from './lesson.md?raw';

/** What a mask gains by moving, where so few weights are left that the first draw decides. */
export const fixedOrMoving: Lesson = {
  id: 'fixed-or-moving',
  title: 'Fixed or moving masks at 1 % density',
  preset: 'rigl-mnist',
  settings: [['sparsity.method', 'rigl'], ['sparsity.density', 0.01], ['beside.random', true]],
  ask: {
    question: 'How many more of 100 test digits will the moving mask get right than the fixed one?',
    against: 'random', min: -20, max: 60,
    names: { main: 'moving', against: 'fixed' },
  },
  compare: { methods: ['rigl'], smallDense: false, seeds: 3, equal: 'steps', tune: false, densities: [] },
  change: { path: 'sparsity.density', value: 0.2, words: 'Run at 20 % density' },
  text,
};
