import { lazy, Suspense, useEffect, useMemo, useState, type ReactElement } from 'react';
import type { ArmId } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { session } from '../session/current.ts';
import { classify, countStates, STATE_WORDS } from '../mask/states.ts';
import { drawInputMap, drawMatrix, drawNeurons, drawWeights, inputCounts, type Drawing, type DrawOptions } from '../mask/draw.ts';
import { activeByOutput } from '../mask/aggregate.ts';
import { byActivity, tileShape, type TileShape } from '../mask/layout.ts';
import { Legend } from '../mask/Legend.tsx';
import { readPalette } from '../mask/palette.ts';
import { Picture } from '../mask/Picture.tsx';
import { useRun } from '../stores/run.ts';
import { look, useView, VIEWS, type View } from '../stores/view.ts';
import { useElementSize, useMedia } from '../shell/useElementSize.ts';
import { formatCount } from '../text/numbers.ts';
import { imageShape, layerNamed, masks, type PanelProps } from './reading.ts';
import { updateWords } from './summary.ts';
import { NarrowCurve } from './NarrowCurve.tsx';
import { TwinMap } from './TwinMap.tsx';

/** Only views of tiles have one. */
const UnitDetail = lazy(async () => ({ default: (await import('./UnitDetail.tsx')).UnitDetail }));

const VIEW_WORDS: Readonly<Record<View, string>> = { inputs: 'Input map', neurons: 'Neurons', matrix: 'Matrix', weights: 'Weights' };

/** The mask of one layer in its views, with the legend and the twin beside it. */
export function MaskPanel({ log, version, cursor, end }: PanelProps): ReactElement {
  const { view: wanted, layer: name, solo, unit, theme } = useView();
  const [reading, setReading] = useState<string | null>(null);
  const [frame, size] = useElementSize<HTMLDivElement>();
  const narrow = useMedia('(max-width: 1023px)');
  const layer = layerNamed(log, name);
  const image = useMemo(() => imageShape(log, layer), [log, layer]);
  const snapshot = useMemo(() => masks(log, 'main', cursor), [log, version, cursor]);
  const codes = useMemo(() => (snapshot && layer ? classify(snapshot, layer) : null), [snapshot, layer]);
  const counts = useMemo(() => (snapshot && layer ? countStates(snapshot, [layer]) : null), [snapshot, layer]);
  const looksBack = useView((state) => state.cursor !== null);
  const live = useRun((run) => run.source === 'live');
  const view = wanted === 'inputs' && !image ? 'matrix' : wanted;
  const weights = useWeights(log, layer?.name, view === 'weights' && live, version);
  const values = weights?.values ?? null;
  const most = useMost(log, version, cursor, image);

  const options = useMemo<DrawOptions | null>(() => size.width === 0 ? null : {
    width: Math.round(size.width * size.ratio), height: Math.round(size.height * size.ratio), ratio: size.ratio,
    // The palette is read from CSS: the theme in the list below tells when it has changed.
    palette: readPalette(document.documentElement), solo,
  }, [size, solo, theme]);
  const drawing = useMemo<Drawing | null>(() => {
    if (!options || !layer || !codes) return null;
    const grid = { codes, out: layer.out, in: layer.in };
    const columns = narrow ? 4 : 16;
    if (view === 'inputs' && image) {
      return drawInputMap(inputCounts(grid, solo), image, most, options);
    }
    if (view === 'matrix') return drawMatrix(grid, options);
    if (view === 'weights') return values && drawWeights(values, layer, tileShape(layer.in, image), byActivity(activeByOutput(codes, layer.out, layer.in)), columns, options);
    return drawNeurons(grid, tileShape(layer.in, image), columns, options);
  }, [options, layer, codes, view, image, narrow, solo, most, values]);

  const words = layer ? updateWords(log, 'main', layer.name, cursor) : '';
  // Wide screens have room for one enlarged unit: the most active one until another is picked.
  const enlarged = unit ?? (narrow ? undefined : drawing?.unitAt?.(0, 0));
  const picksUnits = view === 'neurons' || view === 'weights';
  return (
    <section className="panel mask-panel" aria-label="Mask">
      <div className="mask-top">
        <ViewChoice view={view} image={image !== undefined} live={live} />
        <span className="small faint mask-layer">{layer ? `${layer.name}: ${formatCount(layer.in)} inputs, ${formatCount(layer.out)} units` : ''}</span>
      </div>
      <div className="mask-body">
        <div className={`mask-canvas ${picksUnits ? 'scrolls' : ''} ${view === 'weights' && looksBack ? 'stale' : ''}`} ref={frame} tabIndex={-1}>
          {drawing && (
            <Picture drawing={drawing} ratio={size.ratio} theme={theme} onRead={setReading} onPick={picksUnits ? (picked) => look({ unit: picked === unit && narrow ? null : picked }) : undefined}
              description={`${VIEW_WORDS[view]} of layer ${layer?.name ?? ''}. ${words} ${drawing.caption}. Arrow keys read single cells.`} />
          )}
          {view === 'weights' && !drawing && <p className="faint empty">Weights are read off the device of a live run: press Play.</p>}
          {picksUnits && enlarged !== undefined && codes && layer && options && enlarged < layer.out && (
            <Suspense fallback={null}><UnitDetail unit={enlarged} closes={narrow} layer={layer} codes={codes} values={view === 'weights' ? values : null} shape={tileShape(layer.in, image)} options={options} theme={theme} /></Suspense>
          )}
        </div>
        <div className="mask-side">
          <Legend counts={counts} />
          {narrow && <NarrowCurve log={log} version={version} end={end} theme={theme} />}
          {image && options && <TwinMap log={log} version={version} cursor={cursor} image={image} most={most} options={options} theme={theme} />}
        </div>
      </div>
      <p className="small mask-reading" role="status" aria-live={reading ? 'polite' : 'off'}>{reading ?? words}</p>
      <p className="small faint">{solo !== null ? `Only ${STATE_WORDS[solo].label}: ${STATE_WORDS[solo].help}. ` : ''}{drawing?.caption}{view === 'weights' && weights ? `; as of step ${formatCount(weights.step)}` : ''}</p>
    </section>
  );
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

const WEIGHTS_EVERY_MS = 400;

/** Asks a live run for the weights of a layer while they are looked at. */
function useWeights(log: RunLog, layer: string | undefined, wanted: boolean, version: number): { values: Float32Array; step: number } | null {
  const found = log.inspections.get(`weights/main/${layer ?? ''}`);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!wanted || layer === undefined) return;
    const now = performance.now();
    if (found && now - asked < WEIGHTS_EVERY_MS) return;
    setAsked(now);
    session.inspect({ type: 'inspect', what: 'weights', arm: 'main', layer });
    // A new version means that training went on, so the weights may be others.
  }, [wanted, layer, version]);
  return found?.inspection.what === 'weights' ? { values: found.inspection.values, step: found.step } : null;
}

/** The largest number of links of an input, here and in the twin: both pictures share one scale. */
function useMost(log: PanelProps['log'], version: number, cursor: number, image: TileShape | undefined): number {
  const solo = useView((view) => view.solo);
  return useMemo(() => {
    const layer = log.layers[0];
    if (!layer || !image) return 0;
    const largest = (arm: ArmId): number => {
      const snapshot = masks(log, arm, cursor);
      return snapshot ? Math.max(...inputCounts({ codes: classify(snapshot, layer), out: layer.out, in: layer.in }, solo)) : 0;
    };
    return Math.max(largest('main'), largest('random'));
  }, [log, version, cursor, image, solo]);
}
