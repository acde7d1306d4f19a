import type { ReactElement } from 'react';
import { formatCount } from '../text/numbers.ts';
import { groupCount, lineCount, type Lens } from './lens.ts';
import type { StripPlace } from './useStripPlace.ts';

/** Line, groups and magnification of a strip. */
export function BenchTools({ lens, place }: { lens: Lens; place: StripPlace }): ReactElement {
  const { line, group, count, most } = place;
  const groups = groupCount(lens);
  const end = Math.min(groups, group + count);
  return (
    <div className="bench-tools">
      <label className="bench-line">{lens.along === 'in' ? 'Output' : 'Input'}
        <input type="number" className="number-box" min={0} max={(lineCount(lens) - 1) * lens.share} value={line * lens.share} step={lens.share}
          onChange={({ target }) => Number.isInteger(target.valueAsNumber) && place.setLine(Math.floor(target.valueAsNumber / lens.share))} />
      </label>
      <div className="bench-steps" role="group" aria-label="Groups">
        <button type="button" aria-label="Groups before" disabled={group === 0} onClick={() => place.page(-1)}>◂</button>
        <span className="small bench-range">{count === 1 ? formatCount(group) : `${formatCount(group)}–${formatCount(end - 1)}`} of {formatCount(groups)}</span>
        <button type="button" aria-label="Groups after" disabled={end >= groups} onClick={() => place.page(1)}>▸</button>
      </div>
      <div className="bench-steps" role="group" aria-label="Magnification">
        <button type="button" aria-label="Show more groups" disabled={count >= most} onClick={() => place.zoom(2)}>−</button>
        <button type="button" aria-label="Show fewer groups" disabled={count === 1} onClick={() => place.zoom(0.5)}>+</button>
      </div>
    </div>
  );
}
