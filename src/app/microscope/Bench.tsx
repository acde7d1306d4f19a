import { useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { formatCount } from '../text/numbers.ts';
import { BenchTools } from './BenchTools.tsx';
import { Finder } from './Finder.tsx';
import { groupsOf, type Group } from './groups.ts';
import { groupCount, lineCount, sharingLines, slotCount, type Lens } from './lens.ts';
import { MicroscopeLegend } from './MicroscopeLegend.tsx';
import { Strip } from './Strip.tsx';
import { slotUnder, stripLayout } from './stripLayout.ts';
import { useLineHistory } from './useLineHistory.ts';
import type { Specimen } from './useSpecimen.ts';
import { useStripPlace, type StripPlace } from './useStripPlace.ts';
import { lineWords, slotLines } from './words.ts';

interface BenchProps {
  log: RunLog;
  layer: LayerFacts;
  specimen: Specimen;
}

/** One way to look at a layer: the finder, the strip that it moves, and what a slot is. */
export function Bench({ log, layer, specimen }: BenchProps): ReactElement {
  const { view, codes, other, isBackward, rules } = specimen;
  const { lens } = view;
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const place = useStripPlace(lens, width);
  const [read, setRead] = useState<number | null>(null);
  const [byKeys, setByKeys] = useState(false);
  const { line, group, count } = place;
  const m = lens.pattern.m;
  const layout = useMemo(() => stripLayout(width, m, count), [width, m, count]);
  const groups = useMemo(() => groupsOf(view, line, group, count), [view, line, group, count]);
  const history = useLineHistory(log, layer, specimen, line);

  const onKeyDown = (event: KeyboardEvent): void => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keyActs(lens, place, read, setRead, event.shiftKey)[event.key];
    if (!act) return;
    event.preventDefault();
    setByKeys(true);
    act();
  };
  const onPointer = (event: PointerEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = slotUnder(layout, ((event.clientX - box.left) / box.width) * layout.width);
    const slot = groups[at.group]?.slots[at.place]?.slot;
    setByKeys(false);
    if (slot !== undefined) setRead(slot);
  };
  const reading = wordsOf(specimen, groups, line, read);
  const sharing = sharingLines(lens, line);
  const words = `${lineWords(lens, line, sharing)}, groups ${formatCount(group)} to ${formatCount(Math.min(groupCount(lens), group + count) - 1)} of ${formatCount(groupCount(lens))}`;
  return (
    <div className="bench" ref={frame}>
      <Finder layer={layer} specimen={specimen} place={place} onZoom={place.zoom} onMove={(to) => {
        setRead(null);
        place.moveTo(to);
      }} />
      <BenchTools lens={lens} place={place} />
      <div className="strip-frame" role="img" tabIndex={0} aria-label={`Strip of groups: ${words}. Arrow keys read slots and change the line, plus and minus magnify.`}
        onKeyDown={onKeyDown} onPointerDown={onPointer} onPointerMove={onPointer} onPointerLeave={(event) => event.pointerType === 'mouse' && setRead(null)} onBlur={() => setRead(null)}>
        {width > 0 && <Strip groups={groups} layout={layout} lines={sharing} codes={codes} other={other} chooses={view.chooses} history={history} read={read} />}
      </div>
      <p className="small bench-reading" role="status" aria-live={reading && byKeys ? 'polite' : 'off'}>{reading || `${words[0]!.toUpperCase()}${words.slice(1)}.`}</p>
      <MicroscopeLegend known={view.values !== undefined} shared={lens.share > 1} chooses={view.chooses} other={other?.name} history={!isBackward} dense={rules.dense} />
    </div>
  );
}

/** What keys do: arrows read slots, with Shift group by group, and lines; the window follows. */
function keyActs(lens: Lens, place: StripPlace, read: number | null, onRead: (slot: number | null) => void, leaps: boolean): Readonly<Record<string, (() => void) | undefined>> {
  const { m } = lens.pattern;
  const last = slotCount(lens) - 1;
  const from = read ?? place.group * m;
  const show = (slot: number, line = place.line): void => {
    onRead(slot);
    place.show({ line, group: Math.floor(slot / m) });
  };
  // The first press begins with what is seen.
  const by = read === null ? 0 : leaps ? m : 1;
  const middle = read === null ? undefined : Math.floor(read / m);
  return {
    ArrowLeft: () => show(Math.max(0, from - by)), ArrowRight: () => show(Math.min(last, from + by)),
    ArrowUp: () => show(from, Math.max(0, place.line - 1)), ArrowDown: () => show(from, Math.min(lineCount(lens) - 1, place.line + 1)),
    Home: () => show(0), End: () => show(last), Escape: () => onRead(null),
    '+': () => place.zoom(0.5, middle), '=': () => place.zoom(0.5, middle), '-': () => place.zoom(2, middle),
  };
}

/** All that is known of the slot that is read; empty where there is none. */
function wordsOf({ view: { lens }, codes, flips, other }: Specimen, groups: readonly Group[], line: number, read: number | null): string {
  const group = groups.find(({ slots }) => slots.some(({ slot }) => slot === read));
  const slot = group?.slots.find((one) => one.slot === read);
  if (!group || !slot) return '';
  return slotLines({
    lens, line, lines: sharingLines(lens, line), group, slot, code: codes?.[slot.weight], flips,
    ...(other && { other: { name: other.name, kept: other.mask[slot.weight] === 1 } }),
  }).join(' ');
}
