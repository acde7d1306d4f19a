/** How a run is told from the others: a colour token with a dash and a marker of its own. */
export interface RunLook {
  colour: string;
  /** Dash lengths in CSS pixels; none for a solid line. */
  dash: readonly number[];
  /** Path of the marker around (0, 0), 10 wide. */
  marker: string;
}

const CIRCLE = 'M5 0A5 5 0 1 1-5 0A5 5 0 1 1 5 0z';
const SQUARE = 'M-4.4-4.4h8.8v8.8h-8.8z';
const UP = 'M0-5.5L5.2 4H-5.2z';
const DOWN = 'M0 5.5L5.2-4H-5.2z';
const DIAMOND = 'M0-5.8L5.8 0L0 5.8L-5.8 0z';
const PLUS = 'M-1.7-5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3z';
const BAR = 'M-5.5-2.2h11v4.4h-11z';
const STAR = 'M0-6L1.6-1.9L5.7-1.9L2.5 .9L3.6 5L0 2.6L-3.6 5L-2.5 .9L-5.7-1.9L-1.6-1.9z';

/** The looks of runs 1 to 8: as many as can be told apart. */
export const RUN_LOOKS: readonly RunLook[] = [
  { colour: '--run-1', dash: [], marker: CIRCLE },
  { colour: '--run-2', dash: [7, 3], marker: UP },
  { colour: '--run-3', dash: [2, 2.5], marker: SQUARE },
  { colour: '--run-4', dash: [10, 3, 2, 3], marker: DIAMOND },
  { colour: '--run-5', dash: [4, 2], marker: DOWN },
  { colour: '--run-6', dash: [12, 4], marker: PLUS },
  { colour: '--run-7', dash: [6, 2, 2, 2, 2, 2], marker: BAR },
  { colour: '--run-8', dash: [1.5, 4], marker: STAR },
];
