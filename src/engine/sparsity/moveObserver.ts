import type { Value } from '../gpu/trace.ts';
import type { ScoreName } from './method.ts';

/** Keys of candidates, blocks of 64 of which belong to a layer each, and the cuts of their selection: one a layer, or with `global` a common one. */
export interface Selected {
  keys: Value;
  cuts: Value;
  blocks: Value;
  global: 0 | 1;
}

/** Hears what an update selects. It may record dispatches of its own that write to nothing of the run. */
export interface MoveObserver {
  /** A move has been selected (a choice anew counts as a drop), among weights or groups of them. */
  selected(move: 'drop' | 'grow', score: ScoreName, among: Selected): void;
  /** All moves have been selected, and nothing is written yet: who stays after the drop, weight by weight. */
  decided(kept: Selected): void;
}
