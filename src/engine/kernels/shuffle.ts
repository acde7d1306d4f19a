/*
 * What the shuffle variants of products share. The threads of a subgroup have the same rows of the left matrix: each reads
 * another column of it and all get it by shuffles. Linear and block products add two steps at a time, row by row: two right
 * vectors of four, the four sums of a row and its weight fit the sixteen vector registers of a CPU, so that each sum is
 * fetched and put back once for two products. Four steps at a time do not fit and take 1.7 times as long (lavapipe).
 */

/** Sizes of subgroups that have a variant; 4 is left out: the one driver that has it is faster without shuffles. */
export const LANES = [8, 16, 32, 64] as const;
/** Rows a thread: 8 gives less reuse, 32 compiles two to three times as long for no speed. */
export const ROWS = 16;
/**
 * Steps of a sum between two loads of the left matrix. The compiler knows it, and 784 inputs divide by it: with a bound that
 * only the run knows, for a last turn of fewer steps, products take 1.04 to 1.12 times as long (lavapipe).
 */
export const depthFor = (lanes: number): number => Math.min(lanes, 16);
