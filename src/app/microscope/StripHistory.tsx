import { memo, type ReactElement } from 'react';
import { formatCount } from '../text/numbers.ts';
import type { Group } from './groups.ts';
import { STRETCH, type Stretch } from './lineHistory.ts';
import { insetOf, slotX, type StripLayout } from './stripLayout.ts';

interface StripHistoryProps {
  /** The newest first. */
  stretches: readonly Stretch[];
  groups: readonly Group[];
  layout: StripLayout;
  top: number;
  height: number;
}

const CLASSES: readonly [code: number, name: string][] = [[STRETCH.kept, 'was-kept'], [STRETCH.entered, 'has-entered'], [STRETCH.left, 'has-left']];
/** Tallest row, in CSS pixels: the first updates of a run do not fill the room. */
const TALLEST = 10;

/** What each slot was over time, below it: the newest update on top, the first at the bottom. */
export const StripHistory = memo(function StripHistory({ stretches, groups, layout, top, height }: StripHistoryProps): ReactElement {
  const row = Math.min(TALLEST, height / Math.max(1, stretches.length));
  const end = top + row * stretches.length;
  const inset = insetOf(layout.slot);
  const [newest, oldest] = [stretches[0], stretches.at(-1)];
  return (
    <g className="strip-history">
      {groups.map(({ group, slots }, at) => <rect key={group} className="ground" x={slotX(layout, at, 0)} y={top} width={slots.length * layout.slot} height={end - top} />)}
      {CLASSES.map(([code, name]) => <path key={name} className={name} d={columnsOf(code)} />)}
      <g className="strip-words">
        {newest && <text x={0} y={top + 10}>{formatCount(newest.to)}</text>}
        {oldest && stretches.length > 2 && <text x={0} y={end - 1}>{formatCount(oldest.from)}</text>}
        {row * stretches.length >= 52 && <text x={0} y={(top + end) / 2 + 4}>↑ steps</text>}
      </g>
    </g>
  );

  /** Rows of one code as rectangles, those below one another as one. */
  function columnsOf(code: number): string {
    const width = Math.max(0.5, layout.slot - 2 * inset).toFixed(2);
    return groups.flatMap(({ slots }, at) => slots.flatMap(({ slot }, place) => runsOf(slot, code).map(([from, to]) => `M${(slotX(layout, at, place) + inset).toFixed(2)} ${(top + from * row).toFixed(2)}h${width}v${((to - from) * row).toFixed(2)}h-${width}z`))).join('');
  }

  function runsOf(slot: number, code: number): [number, number][] {
    const runs: [number, number][] = [];
    for (let i = 0; i < stretches.length; i++) {
      if (stretches[i]!.codes[slot] !== code) continue;
      const last = runs.at(-1);
      if (last?.[1] === i) last[1] = i + 1;
      else runs.push([i, i + 1]);
    }
    return runs;
  }
});
