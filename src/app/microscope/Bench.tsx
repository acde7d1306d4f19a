import { useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { formatCount } from '../text/numbers.ts';
import { groupsOf } from './groups.ts';
import { groupCount, lineCount, sharingLines, slotCount } from './lens.ts';
import { MicroscopeLegend } from './MicroscopeLegend.tsx';
import { Finder } from './Finder.tsx';
import { Strip } from './Strip.tsx';
import { groupsThatFit, slotUnder, stripLayout, windowAround } from './stripLayout.ts';
import { useLineHistory } from './useLineHistory.ts';
import type { Specimen } from './useSpecimen.ts';
import { lineWords, slotLines } from './words.ts';

interface BenchProps {
  log: RunLog;
  layer: LayerFacts;
  specimen: Specimen;
}

/** One way to look at a layer: the finder, the strip that it moves, and what a slot is. */
export function Bench({ log, layer, specimen }: BenchProps): ReactElement {
  const { view, codes, flips, other, isBackward, rules } = specimen;
  const { lens } = view;
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const [lines, groups, m] = [lineCount(lens), groupCount(lens), lens.pattern.m];
  const [wanted, setWanted] = useState<{ line: number; group: number; count: number | null }>(() => ({ line: Math.floor(lines / 2), group: Math.floor(groups / 2), count: null }));
  const [read, setRead] = useState<number | null>(null);
  const [byKeys, setByKeys] = useState(false);
  const fit = groupsThatFit(width, m, groups);
  const count = Math.min(fit.most, wanted.count ?? fit.first);
  // Patterns that move make groups larger or smaller: the place is brought back into what there is.
  const line = Math.min(lines - 1, wanted.line);
  const first = Math.max(0, Math.min(groups - count, wanted.group));
  const layout = useMemo(() => stripLayout(width, m, count), [width, m, count]);
  const shown = useMemo(() => groupsOf(view, line, first, count), [view, line, first, count]);
  const sharing = sharingLines(lens, line);
  const history = useLineHistory(log, layer, specimen, line);

  const zoom = (factor: number): void => {
    const next = Math.max(1, Math.min(fit.most, factor < 1 ? Math.ceil(count * factor) : Math.floor(count * factor)));
    const middle = read === null ? first + Math.floor((count - 1) / 2) : Math.floor(read / m);
    setWanted({ line, count: next, group: Math.max(0, Math.min(groups - next, middle - Math.floor((next - 1) / 2))) });
  };
  const moveTo = (place: { line: number; group: number }): void => {
    setRead(null);
    setWanted({ line: place.line, count: wanted.count, group: Math.max(0, Math.min(groups - count, place.group - Math.floor((count - 1) / 2))) });
  };
  const readSlot = (slot: number, at = line): void => {
    setRead(slot);
    setWanted({ line: at, count: wanted.count, group: windowAround(first, count, Math.floor(slot / m), groups) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = read ?? first * m;
    const leap = event.shiftKey ? m : 1;
    const last = slotCount(lens) - 1;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => readSlot(Math.max(0, read === null ? from : from - leap)), ArrowRight: () => readSlot(Math.min(last, read === null ? from : from + leap)),
      ArrowUp: () => readSlot(from, Math.max(0, line - 1)), ArrowDown: () => readSlot(from, Math.min(lines - 1, line + 1)),
      Home: () => readSlot(0), End: () => readSlot(last), '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2), Escape: () => setRead(null),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    setByKeys(true);
    act();
  };
  const onPointer = (event: PointerEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = slotUnder(layout, ((event.clientX - box.left) / box.width) * layout.width);
    const slot = shown[at.group]?.slots[at.place]?.slot;
    setByKeys(false);
    if (slot !== undefined) setRead(slot);
  };

  const group = shown.find(({ slots }) => slots.some(({ slot }) => slot === read));
  const slot = group?.slots.find((one) => one.slot === read);
  const reading = group && slot ? slotLines({ lens, line, lines: sharing, group, slot, code: codes?.[slot.weight], flips, ...(other && { other: { name: other.name, kept: other.mask[slot.weight] === 1 } }) }) : [];
  const words = `${lineWords(lens, line, sharing)}, groups ${formatCount(first)} to ${formatCount(Math.min(groups, first + count) - 1)} of ${formatCount(groups)}`;
  return (
    <div className="bench" ref={frame}>
      <Finder layer={layer} specimen={specimen} place={{ line, group: first, count }} onMove={moveTo} onZoom={zoom} />
      <div className="bench-tools">
        <label className="bench-line">{lens.along === 'in' ? 'Output' : 'Input'}
          <input type="number" className="number-box" min={0} max={lines * lens.share - 1} value={line * lens.share} step={lens.share}
            onChange={({ target }) => Number.isInteger(target.valueAsNumber) && setWanted({ ...wanted, group: first, line: Math.min(lines - 1, Math.max(0, Math.floor(target.valueAsNumber / lens.share))) })} />
        </label>
        <div className="bench-steps" role="group" aria-label="Groups">
          <button type="button" aria-label="Groups before" disabled={first === 0} onClick={() => setWanted({ ...wanted, line, group: Math.max(0, first - count) })}>◂</button>
          <span className="small bench-range">{formatCount(first)}–{formatCount(Math.min(groups, first + count) - 1)} of {formatCount(groups)}</span>
          <button type="button" aria-label="Groups after" disabled={first + count >= groups} onClick={() => setWanted({ ...wanted, line, group: Math.min(groups - count, first + count) })}>▸</button>
        </div>
        <div className="bench-steps" role="group" aria-label="Magnification">
          <button type="button" aria-label="Show more groups" disabled={count >= fit.most} onClick={() => zoom(2)}>−</button>
          <button type="button" aria-label="Show fewer groups" disabled={count === 1} onClick={() => zoom(0.5)}>+</button>
        </div>
      </div>
      <div className="strip-frame" role="img" tabIndex={0} aria-label={`Strip of groups: ${words}. Arrow keys read slots and change the line, plus and minus magnify.`}
        onKeyDown={onKeyDown} onPointerDown={onPointer} onPointerMove={onPointer} onPointerLeave={(event) => event.pointerType === 'mouse' && setRead(null)} onBlur={() => setRead(null)}>
        {width > 0 && <Strip groups={shown} layout={layout} lines={sharing} codes={codes} other={other} chooses={view.chooses} history={history} read={read} />}
      </div>
      <p className="small bench-reading" role="status" aria-live={reading.length > 0 && byKeys ? 'polite' : 'off'}>{reading.length > 0 ? reading.join(' ') : `${words[0]!.toUpperCase()}${words.slice(1)}.`}</p>
      <MicroscopeLegend known={view.values !== undefined} shared={lens.share > 1} chooses={view.chooses} other={other?.name} history={!isBackward} dense={rules.dense} />
    </div>
  );
}
