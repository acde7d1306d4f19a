import { useMemo, useRef, useState, type ReactElement } from 'react';
import { drawMatrix, drawWeights, type Cell, type DrawOptions, type Point } from '../mask/draw.ts';
import type { TileShape } from '../mask/layout.ts';
import { Picture } from '../mask/Picture.tsx';
import { isActive } from '../mask/states.ts';
import { look } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { CellReadOut } from './CellReadOut.tsx';
import type { PanelProps } from './reading.ts';
import type { LayerFacts } from '../../engine/experiment/events.ts';

const SIDE_CSS_PIXELS = 224;

interface UnitDetailProps extends Pick<PanelProps, 'log' | 'version' | 'cursor'> {
  unit: number;
  /** It covers tiles and can be closed. */
  closes: boolean;
  layer: LayerFacts;
  codes: Uint8Array;
  values: Float32Array | null;
  shape: TileShape;
  options: DrawOptions;
  theme: string;
  /** Hears what is read of the picture; null when nothing is any more. */
  onWords(words: string | null): void;
}

/** One unit's tile, large enough to tell the states of single weights by their signs. */
export function UnitDetail({ unit, closes, layer, codes, values, shape, options, theme, onWords, ...at }: UnitDetailProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [read, setRead] = useState<Point | null>(null);
  const own = useMemo(() => codes.subarray(unit * layer.in, (unit + 1) * layer.in), [codes, unit, layer]);
  const drawing = useMemo(() => {
    const side = Math.round(SIDE_CSS_PIXELS * options.ratio);
    const room = { ...options, width: side, height: side };
    if (values) return drawWeights(values.subarray(unit * layer.in, (unit + 1) * layer.in), { out: 1, in: layer.in }, shape, [0], 1, room);
    return drawMatrix({ codes: own, out: shape.rows, in: shape.columns }, room);
  }, [own, values, unit, layer, shape, options]);
  const active = own.reduce((sum, code) => sum + (isActive(code) ? 1 : 0), 0);
  const found = read && drawing.cellAt(read.x, read.y);
  const cell: Cell | undefined = found ? { ...found, unit, input: values ? found.input : (found.unit ?? 0) * shape.columns + found.input } : undefined;
  return (
    <div className="unit-detail">
      <Picture ref={canvas} drawing={drawing} ratio={options.ratio} theme={theme} read={read} onRead={setRead} description={`Unit ${unit} of layer ${layer.name}, enlarged: ${active} of ${layer.in} links active. Arrow keys read single weights.`} />
      {cell && <CellReadOut {...at} layer={layer} codes={codes} cell={cell} shape={shape} of={canvas} ratio={options.ratio} onWords={onWords} />}
      <div>
        <strong>Unit {unit}</strong>
        <p className="small muted">{formatCount(active)} of {formatCount(layer.in)} links active{active === 0 ? ': it hears nothing and only its bias is left' : ''}.</p>
        {closes
          ? <button type="button" className="link-button" onClick={() => look({ unit: null })}>Close</button>
          : <p className="small faint">A click on a tile enlarges its unit.</p>}
      </div>
    </div>
  );
}
