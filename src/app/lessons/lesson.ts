import type { SettingValue } from '../../engine/experiment/values.ts';
import type { ComparisonChoice } from '../compare/comparison.ts';

/** A setting by its path, as in links: `sparsity.density`. */
export type LessonSetting = readonly [path: string, value: SettingValue];

/** A lesson: what its parts say, and what its buttons do to the page. */
export interface Lesson {
  /** Name of its folder. */
  id: string;
  title: string;
  /** Id of the preset that it runs. */
  preset: string;
  /** What the lesson is about. A run with these settings is its run, whatever else the reader changed, such as the steps. */
  settings: readonly LessonSetting[];
  /** Asked before the run: by how many points of test accuracy the network ends above its twin. */
  ask: {
    question: string;
    against: 'random' | 'dense';
    /** Points between which the reader may choose. */
    min: number;
    max: number;
    /** What the two networks are called in this lesson. */
    names: { main: string; against: string };
  };
  /** What the Compare queue trains. Its first method is the one of `settings`. */
  compare: ComparisonChoice;
  /** The one thing changed at the end, and the words of its button. */
  change: { path: string; value: SettingValue; words: string };
  /** Markdown with one section for each of `PARTS`, in this order. */
  text: string;
}

/** The parts of a lesson, as its sections are headed. */
export const PARTS = ['Predict', 'Run', 'Compare', 'Explain', 'Change one thing'] as const;

/** One of the parts of a lesson. */
export type Part = (typeof PARTS)[number];

/** Words that the explanation may have. */
export const EXPLAIN_WORDS = 80;

/**
 * The sections of a lesson by part, as Markdown.
 * @throws RangeError that names the headings found, where they are not `PARTS` in order
 */
export function partsOf({ id, text }: Pick<Lesson, 'id' | 'text'>): Readonly<Record<Part, string>> {
  const [before = '', ...sections] = text.split(/^## /m);
  const split = sections.map((section): [string, string] => {
    const end = section.indexOf('\n');
    return end < 0 ? [section.trim(), ''] : [section.slice(0, end).trim(), section.slice(end).trim()];
  });
  const found = split.map(([heading]) => heading);
  if (before.trim() !== '' || found.join('\n') !== PARTS.join('\n')) {
    throw new RangeError(`lesson "${id}" has the sections ${found.join(', ') || 'none'}${before.trim() ? ' after text of its own' : ''}; wanted: ${PARTS.join(', ')}`);
  }
  return Object.fromEntries(split) as Record<Part, string>;
}

/** Words of a piece of Markdown. */
export function countWords(markdown: string): number {
  return markdown.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu)?.length ?? 0;
}
