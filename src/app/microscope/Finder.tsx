import { useCallback, useMemo, useState, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { formatCount, formatPercent, plural } from '../text/numbers.ts';
import { extremeGroup, groupFlips, groupMargins, type GroupNumbers } from './groups.ts';
import { groupCount, lineCount } from './lens.ts';
import { Overview, type GroupPlace } from './Overview.tsx';
import type { Specimen } from './useSpecimen.ts';

interface FinderProps {
  layer: LayerFacts;
  specimen: Specimen;
  place: GroupPlace & { count: number };
  onMove(place: GroupPlace): void;
  onZoom(factor: number): void;
}

/** What the picture of the whole matrix tells of each group. */
const SHOWS = { flips: 'Flips', margin: 'Margins' } as const;
type Shows = keyof typeof SHOWS;

/** The whole matrix by flips or margins, with ways to the groups that stand out. */
export function Finder({ layer, specimen, place, onMove, onZoom }: FinderProps): ReactElement {
  const { view, flips } = specimen;
  const { lens } = view;
  const [wanted, setWanted] = useState<Shows>('flips');
  const flipped = useMemo(() => flips && groupFlips(lens, flips), [lens, flips, flips?.read]);
  const margins = useMemo(() => (view.values ? groupMargins({ ...view, values: view.values }) : undefined), [view]);
  const shows = wanted === 'margin' && margins ? 'margin' : flipped || !margins ? 'flips' : 'margin';
  const numbers = (shows === 'margin' ? margins : flipped) ?? emptyOf(specimen);
  const [least, most] = useMemo(() => rangeOf(numbers), [numbers]);
  // The first choice of a mask flips as many of each group: only what is more tells groups apart.
  const darkness = useCallback((value: number) => (shows === 'margin' ? 1 - Math.sqrt(Math.min(1, Math.max(0, value))) : most > least ? Math.sqrt((value - least) / (most - least)) : 0), [shows, least, most]);
  const restless = flipped && extremeGroup(flipped, 'largest');
  const closest = margins && extremeGroup(margins, 'smallest');
  const words = shows === 'margin' ? marginsWords(margins!) : most === 0 ? 'No slot has flipped so far.' : most === least ? `All groups flipped ${plural(most, 'time')}.` : `The fuller its colour, the more a group flipped: ${formatCount(least)} to ${formatCount(most)} times.`;
  return (
    <div className="finder">
      <Overview numbers={numbers} darkness={darkness} along={lens.along} shape={layer} place={place} onMove={onMove} onZoom={onZoom}
        description={`The whole matrix of ${layer.name}, a square a group: inputs across, outputs down. ${words} Arrow keys move the window, plus and minus magnify.`} />
      <div className="finder-tools">
        <div className="segmented" role="radiogroup" aria-label="What colours of groups tell">
          {(Object.keys(SHOWS) as Shows[]).map((id) => (
            <label key={id} title={id === 'margin' && !margins ? 'Needs weights, which are read off the device of a live run' : undefined}>
              <input type="radio" name="finder" checked={shows === id} disabled={id === 'margin' ? !margins : !flipped} onChange={() => setWanted(id)} />{SHOWS[id]}
            </label>
          ))}
        </div>
        <button type="button" className="button" disabled={!restless} onClick={() => restless && onMove(restless)}>Most flips</button>
        <button type="button" className="button" disabled={!closest} onClick={() => closest && onMove(closest)}>Closest call</button>
      </div>
      <p className="small faint">{words}</p>
    </div>
  );
}

function rangeOf({ values }: GroupNumbers): [least: number, most: number] {
  let [least, most] = [Infinity, 0];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [Math.min(least, most), most];
}

const emptyOf = ({ view: { lens } }: Specimen): GroupNumbers => ({ lines: lineCount(lens), groups: groupCount(lens), values: new Float32Array(lineCount(lens) * groupCount(lens)).fill(NaN) });

function marginsWords({ values }: GroupNumbers): string {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted();
  const crossed = known.filter((value) => value < 0).length;
  const middle = known[Math.floor(known.length / 2)];
  if (middle === undefined) return 'All slots are kept.';
  return `The fuller its colour, the closer the call: the median margin is ${formatPercent(middle, 0)}${crossed > 0 ? `, and ${formatCount(crossed)} of ${formatCount(known.length)} groups leave out more than the smallest that they keep` : ''}.`;
}
