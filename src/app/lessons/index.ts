import { fixedOrMoving } from './fixed-or-moving/lesson.ts';
import type { Lesson } from './lesson.ts';

/** All lessons, in the order of the menu. A new one is one folder and one line here. */
export const LESSONS: readonly [Lesson, ...Lesson[]] = [
  fixedOrMoving,
];
