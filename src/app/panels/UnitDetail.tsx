import { useMemo, type ReactElement } from 'react';
import { drawMatrix, drawWeights, type DrawOptions } from '../mask/draw.ts';
import type { TileShape } from '../mask/layout.ts';
import { Picture } from '../mask/Picture.tsx';
import { isActive } from '../mask/states.ts';
import { look } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import type { LayerFacts } from '../../engine/experiment/events.ts';

const SIDE_CSS_PIXELS = 224;

interface UnitDetailProps {
  unit: number;
  /** It covers tiles and can be closed. */
  closes: boolean;
  layer: LayerFacts;
  codes: Uint8Array;
  values: Float32Array | null;
  shape: TileShape;
  options: DrawOptions;
  theme: string;
}

/** One unit's tile, large enough to tell the states of single weights by their signs. */
export function UnitDetail({ unit, closes, layer, codes, values, shape, options, theme }: UnitDetailProps): ReactElement {
  const own = useMemo(() => codes.subarray(unit * layer.in, (unit + 1) * layer.in), [codes, unit, layer]);
  const drawing = useMemo(() => {
    const side = Math.round(SIDE_CSS_PIXELS * options.ratio);
    const room = { ...options, width: side, height: side };
    if (values) return drawWeights(values.subarray(unit * layer.in, (unit + 1) * layer.in), { out: 1, in: layer.in }, shape, [0], 1, room);
    return drawMatrix({ codes: own, out: shape.rows, in: shape.columns }, room);
  }, [own, values, unit, layer, shape, options]);
  const active = own.reduce((sum, code) => sum + (isActive(code) ? 1 : 0), 0);
  return (
    <div className="unit-detail">
      <Picture drawing={drawing} ratio={options.ratio} theme={theme} description={`Unit ${unit} of layer ${layer.name}, enlarged: ${active} of ${layer.in} links active.`} />
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
