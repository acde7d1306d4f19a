import { useMemo, useState, type ReactElement } from 'react';
import { squareWords } from '../mask/squareWords.ts';
import { ageCodes, codesSinceStart, countCodes } from '../mask/flips.ts';
import { AgeLegend, readAgeColours } from '../mask/AgeLegend.tsx';
import { matrixLayout } from '../mask/layout.ts';
import { Legend } from '../mask/Legend.tsx';
import { MatrixCanvas, ZOOM_STEP } from '../mask/MatrixCanvas.tsx';
import { cornerOf, enlarged, WHOLE, windowOf, zoomedAt, type Place, type Square } from '../mask/matrixWindow.ts';
import { ReadOut } from '../mask/ReadOut.tsx';
import type { Colouring } from '../mask/paintMatrix.ts';
import { CODES } from '../mask/signs.ts';
import { MASK_STATES, STATE_WORDS, type MaskState, type StateCounts } from '../mask/states.ts';
import { planesOfCodes, planesOfStates } from '../painting/planes.ts';
import type { PaintedLayer } from '../painting/painting.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import type { MaskBodyProps } from './MaskPanel.tsx';
import { MaskSide, useDrawOptions, useMost } from './MaskSide.tsx';
import { useFlips, useReading } from './useReading.ts';
import './matrix.css';

/** What the colours of a matrix tell. */
const SPANS = { update: 'Last update', start: 'Since start', age: 'Age' } as const;
type Span = keyof typeof SPANS;

/** The weight matrix of a layer: zoomed and moved, read square by square, coloured by the last update, the time since the start, or age. */
export function MatrixBody({ layer, image, snapshot, codes, counts, words, ...panel }: MaskBodyProps): ReactElement {
  const { log, version, cursor } = panel;
  const [span, setSpan] = useState<Span>('update');
  const [wanted, setWanted] = useState<Place>(WHOLE);
  const [read, setRead] = useState<Square | null>(null);
  const [frame, size] = useElementSize<HTMLDivElement>();
  const options = useDrawOptions(size);
  const theme = useView((view) => view.theme);
  const most = useMost(log, version, cursor, image);
  const flips = useFlips(panel, layer, span !== 'update' || read !== null);
  const reading = useReading(panel, layer, codes, flips?.flips, read !== null);

  const { width, height } = options ?? { width: 0, height: 0 };
  // Colours change too, and must not move what is looked at.
  const base = useMemo(() => (layer && width > 0 ? matrixLayout(layer.out, layer.in, width, height) : null), [layer, width, height]);
  // Another layer or room: a place in the former one means nothing there.
  const [placed, setPlaced] = useState(base);
  if (placed !== base) {
    setPlaced(base);
    setWanted(WHOLE);
    setRead(null);
  }
  const place = placed === base ? wanted : WHOLE;
  const shownCodes = useMemo(() => {
    if (span === 'update' || !flips) return codes;
    return span === 'age' ? ageCodes(flips.flips) : codesSinceStart(flips.flips);
  }, [span, flips, codes]);
  const colouring = useMemo<Colouring | null>(() => options && (span === 'age'
    ? { kind: 'age', palette: options.palette, bins: readAgeColours(document.documentElement) }
    : { kind: 'states', palette: options.palette, solo: options.solo }), [span, options, theme]);
  const grid = useMemo<PaintedLayer | null>(() => layer && shownCodes ? {
    codes: shownCodes, out: layer.out, in: layer.in,
    planes: () => (span === 'update' && snapshot ? planesOfStates(snapshot, layer) : planesOfCodes(shownCodes, layer)),
  } : null, [layer, shownCodes, snapshot, span]);
  const tally = useMemo(() => (span === 'update' || !shownCodes ? null : countCodes(shownCodes, CODES)), [span, shownCodes]);
  const shownCounts = span === 'update' ? counts : tally && stateCounts(tally);

  const layout = base && layer && enlarged(base, layer.out, place.zoom);
  const caption = layout && matrixCaption(layout.k, span, shownCounts, layout.bands > 1 && place.zoom === 1 ? layout.bands : 1, flips?.flips.gaps ?? false);
  const lines = read && layout && reading ? squareWords(reading, layout, read) : [];
  const step = (factor: number): void => {
    if (!base || !layer || !options || !layout) return;
    const seen = windowOf(layout, place.zoom, options);
    setWanted(zoomedAt(place, factor, { x: seen.width / 2, y: seen.height / 2 }, base, layer.out, options, options.ratio));
  };
  const solo = options?.solo ?? null;
  return (
    <>
      <div className="mask-body">
        <div className="mask-canvas" ref={frame} tabIndex={-1}>
          {grid && base && options && colouring && layout && (
            <>
              <MatrixCanvas layer={grid} base={base} options={options} colouring={colouring} place={place} read={read} onPlace={setWanted} onRead={setRead}
                description={`Matrix of layer ${layer?.name ?? ''}. ${words} ${caption}. Arrow keys read single squares, plus and minus zoom, 0 shows all.`} />
              {read && lines.length > 0 && <ReadOut lines={lines} of={frame} square={squareIn(cornerOf(layout, read), place, layout.cell)} ratio={options.ratio} />}
            </>
          )}
        </div>
        <MaskSide {...panel} image={image} most={most} options={options}>
          {span === 'age' ? <AgeLegend counts={tally} /> : <Legend counts={shownCounts} />}
        </MaskSide>
      </div>
      <div className="matrix-tools">
        <div className="segmented" role="radiogroup" aria-label="Colours of the matrix">
          {(Object.keys(SPANS) as Span[]).map((id) => (
            <label key={id}><input type="radio" name="span" checked={span === id} onChange={() => setSpan(id)} />{SPANS[id]}</label>
          ))}
        </div>
        <div className="matrix-zoom" role="group" aria-label="Zoom">
          <button type="button" aria-label="Zoom out" disabled={place.zoom === 1} onClick={() => step(1 / ZOOM_STEP)}>−</button>
          <button type="button" aria-label="Zoom in" onClick={() => step(ZOOM_STEP)}>+</button>
          <button type="button" disabled={place.zoom === 1} onClick={() => setWanted(WHOLE)}>All</button>
        </div>
      </div>
      <p className="small mask-reading" role="status" aria-live={read ? 'polite' : 'off'}>{lines.length > 0 ? lines.join(' ') : words}</p>
      <p className="small faint">{solo !== null && span !== 'age' ? `Only ${STATE_WORDS[solo].label}. ` : ''}{caption}</p>
    </>
  );
}

const stateCounts = (tally: readonly number[]): StateCounts => Object.fromEntries(MASK_STATES.map((state, code) => [state, tally[code] ?? 0])) as Record<MaskState, number>;

function matrixCaption(k: number, span: Span, counts: StateCounts | null, bands: number, gaps: boolean): string {
  const square = k === 1 ? '1 square = 1 weight' : `1 square = ${k} × ${k} weights`;
  const events = counts && span !== 'age' ? `, ${formatCount(counts.dropped + counts.regrown)} dropped, ${formatCount(counts.grown + counts.regrown)} grown${span === 'start' ? ' since the start' : ''}` : '';
  const block = k === 1 ? '' : span === 'age' ? '; colour is the youngest, paler where fewer are active' : '; lightness is density';
  const folded = bands > 1 ? ` in ${bands} bands` : '';
  return `${square}${events}${block}; inputs across, units down${folded}${span !== 'update' && gaps ? '; updates are missing from this log' : ''}`;
}

/** A square as it lies in the window onto the picture. */
const squareIn = (corner: { x: number; y: number }, place: Place, side: number): { x: number; y: number; side: number } => ({ x: corner.x - place.x, y: corner.y - place.y, side });
