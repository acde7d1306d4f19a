import { useState } from 'react';
import { groupCount, lineCount, type Lens } from './lens.ts';
import { groupsThatFit, windowAround } from './stripLayout.ts';

/** The part of a layer that a strip shows, and how it is moved. */
export interface StripPlace {
  line: number;
  /** First group that is shown, how many are, and at most can be. */
  group: number;
  count: number;
  most: number;
  /** Shows a group of a line, in the middle where that can be. */
  moveTo(place: { line: number; group: number }): void;
  /** Moves as little as is needed to show a group of a line. */
  show(place: { line: number; group: number }): void;
  /** Another line, the same groups. */
  setLine(line: number): void;
  /** As many groups on, or back. */
  page(way: 1 | -1): void;
  /** Fewer groups, or more, around one of them. */
  zoom(factor: number, middle?: number): void;
}

const within = (value: number, end: number): number => Math.max(0, Math.min(end, value));

/** Follows what a strip of a width in CSS pixels shows; at first the middle of the matrix. */
export function useStripPlace(lens: Lens, width: number): StripPlace {
  const [lines, groups] = [lineCount(lens), groupCount(lens)];
  const [wanted, setWanted] = useState<{ line: number; group: number; count: number | null }>(() => ({ line: Math.floor(lines / 2), group: Math.floor(groups / 2), count: null }));
  const { most, first } = groupsThatFit(width, lens.pattern.m, groups);
  const count = Math.min(most, wanted.count ?? first);
  // Patterns that move make groups larger or smaller: the place is brought back into what there is.
  const line = Math.min(lines - 1, wanted.line);
  const group = within(wanted.group, groups - count);
  const around = (middle: number, shown: number): number => within(middle - Math.floor((shown - 1) / 2), groups - shown);
  return {
    line, group, count, most,
    moveTo: (place) => setWanted({ line: place.line, count: wanted.count, group: around(place.group, count) }),
    show: (place) => setWanted({ line: place.line, count: wanted.count, group: windowAround(group, count, place.group, groups) }),
    setLine: (next) => setWanted({ line: within(next, lines - 1), count: wanted.count, group }),
    page: (way) => setWanted({ line, count: wanted.count, group: within(group + way * count, groups - count) }),
    zoom(factor, middle = group + Math.floor((count - 1) / 2)) {
      const next = Math.max(1, Math.min(most, factor < 1 ? Math.ceil(count * factor) : Math.floor(count * factor)));
      setWanted({ line, count: next, group: around(middle, next) });
    },
  };
}
