/* What only runs need whose masks switch more than single weights, or keep N of M: see units.ts. */
export { writeGroups } from './groupTables.ts';
export { traceGroupActive, traceGroupInactive, traceSpread } from './groupMoves.ts';
export { chooseByPattern } from './patternChoice.ts';
export { tracePattern } from './patternMoves.ts';
export { patternColumns } from './patternColumns.ts';
