import { useMemo, type ReactElement } from 'react';
import type { LayerFacts, SlowUpdate } from '../../engine/experiment/events.ts';
import { drawMatrix, type Drawing, type DrawOptions } from '../mask/draw.ts';
import { matrixLayout, tileShape, type TileShape } from '../mask/layout.ts';
import { readPalette } from '../mask/palette.ts';
import { Picture } from '../mask/Picture.tsx';
import { useElementSize } from '../shell/useElementSize.ts';
import { useView } from '../stores/view.ts';
import { busiestUnits, codesIn, type Frame } from './frames.ts';

interface CellsProps {
  update: SlowUpdate;
  frame: Frame;
  layer: LayerFacts;
  image: TileShape | undefined;
  description: string;
}

/** Cells of at least so many CSS pixels show the marks of their states. */
const CELL = 6;
const GAP = 16;

/** The weights of a layer as cells: all of them where they are large enough, else those of the units in which most moves. */
export function Cells({ update, frame, layer, image, description }: CellsProps): ReactElement {
  const [box, { width, height, ratio }] = useElementSize<HTMLDivElement>();
  const theme = useView((view) => view.theme);
  const { whole, units, pictures } = useMemo(() => {
    const shape = tileShape(layer.in, image);
    const whole = fits(layer.out, layer.in, width, height);
    const four = !whole && fits(shape.rows, shape.columns, (width - GAP) / 2, (height - GAP) / 2);
    const units = whole ? [] : busiestUnits(update, layer, Math.min(layer.out, four ? 4 : 1));
    if (width === 0) return { whole, units, pictures: [] };
    const codes = codesIn(frame, update, layer);
    const room = (side: number): number => Math.floor((four ? (side - GAP) / 2 : side) * ratio);
    const options: DrawOptions = { width: room(width), height: room(height), ratio, palette: readPalette(document.documentElement), solo: null };
    const drawn = (name: string, own: Uint8Array, out: number, inputs: number): { name: string; drawing: Drawing } => ({ name, drawing: drawMatrix({ codes: own, out, in: inputs }, options) });
    const pictures = whole ? [drawn(layer.name, codes, layer.out, layer.in)] : units.map((unit) => drawn(`unit ${unit}`, codes.subarray(unit * layer.in, (unit + 1) * layer.in), shape.rows, shape.columns));
    return { whole, units, pictures };
    // The palette is read from CSS: the theme tells when it has changed.
  }, [update, frame, layer, image, width, height, ratio, theme]);
  return (
    <figure className="slow-cells">
      <div ref={box} className={`slow-cells-room ${units.length > 1 ? 'tiles' : ''}`}>
        {pictures.map(({ name, drawing }) => <Picture key={name} drawing={drawing} ratio={ratio} theme={theme} description={`${name}: ${description}`} />)}
      </div>
      <figcaption className="small faint">{whole ? `1 square = 1 weight of ${layer.name}` : `1 square = 1 weight; of ${layer.name} ${units.length === 1 ? 'the unit' : 'the units'} in which most moves: ${units.join(', ')}`}</figcaption>
    </figure>
  );
}

function fits(out: number, inputs: number, width: number, height: number): boolean {
  if (width <= 0 || height <= 0) return false;
  const { k, cell } = matrixLayout(out, inputs, width, height);
  return k === 1 && cell >= CELL;
}
