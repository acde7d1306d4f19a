import { lazy, Suspense, useMemo, useRef, useState, type ReactElement } from 'react';
import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { classify, countStates, isActive, STATE_WORDS, type StateCounts } from '../mask/states.ts';
import { drawInputMap, drawNeurons, drawWeights, inputCounts, type Drawing, type Point } from '../mask/draw.ts';
import { activeByOutput } from '../mask/aggregate.ts';
import { byActivity, tileShape, type TileShape } from '../mask/layout.ts';
import { Legend } from '../mask/Legend.tsx';
import { Picture } from '../mask/Picture.tsx';
import { useRun } from '../stores/run.ts';
import { look, useView, VIEWS, type View } from '../stores/view.ts';
import { useElementSize, useMedia } from '../shell/useElementSize.ts';
import { formatCount } from '../text/numbers.ts';
import { MaskSide, useDrawOptions, useMost } from './MaskSide.tsx';
import { imageShape, layerNamed, masks, type PanelProps } from './reading.ts';
import { updateWords } from './summary.ts';
import { useInspected } from './useInspected.ts';

/** Only views of tiles have one. */
const UnitDetail = lazy(async () => ({ default: (await import('./UnitDetail.tsx')).UnitDetail }));
const CellReadOut = lazy(async () => ({ default: (await import('./CellReadOut.tsx')).CellReadOut }));
const MatrixBody = lazy(async () => ({ default: (await import('./MatrixBody.tsx')).MatrixBody }));

const VIEW_WORDS: Readonly<Record<View, string>> = { inputs: 'Input map', neurons: 'Neurons', matrix: 'Matrix', weights: 'Weights' };

/** What a view of the mask is drawn from. */
export interface MaskBodyProps extends PanelProps {
  layer: LayerFacts | undefined;
  image: TileShape | undefined;
  snapshot: MaskSnapshot | undefined;
  codes: Uint8Array | null;
  counts: StateCounts | null;
  /** What the update looked at did. */
  words: string;
}

/** The mask of one layer in its views, with the legend and the twin beside it. */
export function MaskPanel({ log, version, cursor, end }: PanelProps): ReactElement {
  const { view: wanted, layer: name } = useView();
  const layer = layerNamed(log, name);
  const image = useMemo(() => imageShape(log, layer), [log, layer]);
  const snapshot = useMemo(() => masks(log, 'main', cursor), [log, version, cursor]);
  const codes = useMemo(() => (snapshot && layer ? classify(snapshot, layer) : null), [snapshot, layer]);
  const counts = useMemo(() => (snapshot && layer ? countStates(snapshot, [layer]) : null), [snapshot, layer]);
  const live = useRun((run) => run.source === 'live');
  const view = wanted === 'inputs' && !image ? 'matrix' : wanted;
  const words = layer ? updateWords(log, 'main', layer.name, cursor) : '';
  const body: MaskBodyProps = { log, version, cursor, end, layer, image, snapshot, codes, counts, words };
  return (
    <section className="panel mask-panel" aria-label="Mask">
      <div className="mask-top">
        <ViewChoice view={view} image={image !== undefined} live={live} />
        <span className="small faint mask-layer">{layer ? `${layer.name}: ${formatCount(layer.in)} inputs, ${formatCount(layer.out)} units` : ''}</span>
      </div>
      {view === 'matrix'
        ? <Suspense fallback={<div className="mask-body"><div className="mask-canvas" /></div>}><MatrixBody {...body} /></Suspense>
        : <PictureBody {...body} view={view} live={live} />}
    </section>
  );
}

/** The input map, and the views that draw units as tiles. */
function PictureBody({ view, live, layer, image, codes: cursorCodes, counts, words, ...panel }: MaskBodyProps & { view: Exclude<View, 'matrix'>; live: boolean }): ReactElement {
  const { solo, unit, theme } = useView();
  const [read, setRead] = useState<Point | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frame, size] = useElementSize<HTMLDivElement>();
  const narrow = useMedia('(max-width: 1023px)');
  const looksBack = useView((state) => state.cursor !== null);
  // Weights are not kept: while an earlier step is looked at, those read last stay, with the mask that they had.
  const [weights] = useInspected(panel.log, 'weights', layer ? [layer.name] : [], view === 'weights' && live && !looksBack, panel.version);
  const codes = useMemo(() => (view === 'weights' && weights && layer ? codesAt(panel.log, layer, weights.step) : cursorCodes), [view, weights?.step, layer, cursorCodes]);
  // Methods may train weights outside the mask, too: no pass of the network sees them.
  const values = useMemo(() => weights && codes && weights.values.map((value, i) => (isActive(codes[i]!) ? value : 0)), [weights?.values, codes]) ?? null;
  const most = useMost(panel.log, panel.version, panel.cursor, image);
  const options = useDrawOptions(size);
  const drawing = useMemo<Drawing | null>(() => {
    if (!options || !layer || !codes) return null;
    const grid = { codes, out: layer.out, in: layer.in };
    const columns = narrow ? 4 : 16;
    if (view === 'inputs' && image) {
      return drawInputMap(inputCounts(grid, solo), image, most, options);
    }
    if (view === 'weights') return values && drawWeights(values, layer, tileShape(layer.in, image), byActivity(activeByOutput(codes, layer.out, layer.in)), columns, options);
    return drawNeurons(grid, tileShape(layer.in, image), columns, options);
  }, [options, layer, codes, view, image, narrow, solo, most, values]);

  // Wide screens have room for one enlarged unit: the most active one until another is picked.
  const enlarged = unit ?? (narrow ? undefined : drawing?.cellAt(0, 0)?.unit);
  const cell = read && drawing?.cellAt(read.x, read.y);
  const shape = tileShape(layer?.in ?? 1, image);
  const picksUnits = view === 'neurons' || view === 'weights';
  return (
    <>
      <div className="mask-body">
        <div className={`mask-canvas ${picksUnits ? 'scrolls' : ''} ${view === 'weights' && looksBack ? 'stale' : ''}`} ref={frame} tabIndex={-1}>
          {drawing && (
            <Picture ref={canvas} drawing={drawing} ratio={size.ratio} theme={theme} read={read} onRead={setRead} onPick={picksUnits ? (picked) => look({ unit: picked === unit && narrow ? null : picked }) : undefined}
              description={`${VIEW_WORDS[view]} of layer ${layer?.name ?? ''}. ${words} ${drawing.caption}. Arrow keys read single squares${picksUnits ? ', with Shift from unit to unit; Enter enlarges one' : ''}.`} />
          )}
          {cell && layer && codes && <Suspense fallback={null}><CellReadOut {...panel} layer={layer} codes={codes} cell={cell} shape={shape} of={canvas} ratio={size.ratio} onWords={setReading} /></Suspense>}
          {view === 'weights' && !drawing && <p className="faint empty">Weights are read off the device of a live run: {looksBack && live ? 'return to live' : 'press Play'}.</p>}
          {picksUnits && enlarged !== undefined && codes && layer && options && enlarged < layer.out && (
            <Suspense fallback={null}><UnitDetail {...panel} unit={enlarged} closes={narrow} layer={layer} codes={codes} values={view === 'weights' ? values : null} shape={shape} options={options} theme={theme} onWords={setReading} /></Suspense>
          )}
        </div>
        <MaskSide {...panel} image={image} most={most} options={options}><Legend counts={counts} /></MaskSide>
      </div>
      <p className="small mask-reading" role="status" aria-live={reading ? 'polite' : 'off'}>{reading ?? words}</p>
      <p className="small faint">{solo !== null ? `Only ${STATE_WORDS[solo].label}: ${STATE_WORDS[solo].help}. ` : ''}{drawing?.caption}{view === 'weights' && weights ? `; as of step ${formatCount(weights.step)}` : ''}</p>
    </>
  );
}

function codesAt(log: PanelProps['log'], layer: LayerFacts, step: number): Uint8Array | null {
  const snapshot = masks(log, 'main', step);
  return snapshot ? classify(snapshot, layer) : null;
}

function ViewChoice({ view, image, live }: { view: View; image: boolean; live: boolean }): ReactElement {
  return (
    <div className="segmented" role="radiogroup" aria-label="View of the mask">
      {VIEWS.map((id) => (
        <label key={id} title={id === 'inputs' && !image ? 'Only for a first layer that reads images' : undefined}>
          <input type="radio" name="view" checked={view === id} disabled={(id === 'inputs' && !image) || (id === 'weights' && !live && view !== 'weights')} onChange={() => look({ view: id, unit: null })} />
          {VIEW_WORDS[id]}
        </label>
      ))}
    </div>
  );
}
