import { useMemo, useRef, useState, type ReactElement } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { Point } from '../mask/draw.ts';
import { drawFilters } from '../mask/filters.ts';
import { Picture } from '../mask/Picture.tsx';
import { activeCount, classify, countStates } from '../mask/states.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { useOnScreen } from '../shell/useOnScreen.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { CellReadOut } from './CellReadOut.tsx';
import { useDrawOptions } from './MaskSide.tsx';
import { masks, type PanelProps } from './reading.ts';
import { useInspected } from './useInspected.ts';
import './filters.css';

type Convolution = LayerFacts & { kernel: readonly [number, number] };

/** The kernels of a convolutional network, layer by layer: their weights where a live run tells them, and their masks. */
export function FiltersPanel(props: PanelProps): ReactElement | null {
  const layers = props.log.layers.filter((layer): layer is Convolution => layer.kernel !== undefined);
  const [name, setName] = useState<string | null>(null);
  const layer = layers.find((one) => one.name === name) ?? layers[0];
  if (!layer) return null;
  const [height, width] = layer.kernel;
  return (
    <section className="panel filters-panel" aria-label="Filters">
      <h2>Filters <span className="aside">{formatCount(layer.out)} filters of {formatCount(layer.in / (height * width))} × {height} × {width}</span></h2>
      {layers.length > 1 && (
        <div className="segmented" role="radiogroup" aria-label="Layer whose filters are shown">
          {layers.map((one) => <label key={one.name}><input type="radio" name="filters" checked={one === layer} onChange={() => setName(one.name)} />{one.name}</label>)}
        </div>
      )}
      <Kernels key={layer.name} {...props} layer={layer} />
    </section>
  );
}

function Kernels({ log, version, cursor, layer }: PanelProps & { layer: Convolution }): ReactElement {
  const [frame, size] = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [read, setRead] = useState<Point | null>(null);
  const [words, setWords] = useState<string | null>(null);
  const seen = useOnScreen(frame);
  const theme = useView((view) => view.theme);
  const looksBack = useView((view) => view.cursor !== null);
  const isLive = useRun((run) => run.source === 'live');
  const [weights] = useInspected(log, 'weights', [layer.name], isLive && !looksBack && seen, version);
  const values = isLive && !looksBack ? weights?.values : undefined;
  const snapshot = useMemo(() => masks(log, 'main', cursor), [log, version, cursor]);
  const codes = useMemo(() => snapshot && classify(snapshot, layer), [snapshot, layer]);
  const options = useDrawOptions(size);
  const drawing = useMemo(() => options && codes && drawFilters({ codes, out: layer.out, in: layer.in, kernel: layer.kernel }, values, options), [options, codes, layer, values]);
  const active = snapshot ? activeCount(countStates(snapshot, [layer])) : 0;
  const cell = read && drawing?.cellAt(read.x, read.y);
  const told = values && weights ? `as of step ${formatCount(weights.step)}` : isLive && !looksBack ? 'weights are being read' : 'masks alone: weights are not kept for earlier steps, nor in recordings';
  const [height, width] = layer.kernel;
  return (
    <>
      <div className="filters-frame" ref={frame}>
        {drawing && (
          <Picture ref={canvas} drawing={drawing} ratio={size.ratio} theme={theme} read={read} onRead={setRead}
            description={`Kernels of ${layer.name}: ${formatCount(active)} of ${formatCount(layer.in * layer.out)} weights active. ${drawing.caption}. Arrow keys read single weights, with Shift from kernel to kernel.`} />
        )}
      </div>
      {cell && codes && <CellReadOut log={log} version={version} cursor={cursor} layer={layer} codes={codes} cell={cell} shape={{ rows: height, columns: width }} of={canvas} ratio={size.ratio} onWords={setWords} />}
      <p className="small filters-words" role="status" aria-live={words ? 'polite' : 'off'}>{words ?? `${formatCount(active)} of ${formatCount(layer.in * layer.out)} weights active.`}</p>
      {drawing && <p className="small faint">{drawing.caption}; {told}.</p>}
    </>
  );
}
