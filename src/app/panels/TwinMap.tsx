import { useMemo, type ReactElement } from 'react';
import { drawInputMap, inputCounts, type DrawOptions } from '../mask/draw.ts';
import type { TileShape } from '../mask/layout.ts';
import { Picture } from '../mask/Picture.tsx';
import { classify } from '../mask/states.ts';
import { formatDensity } from '../text/numbers.ts';
import { masks, type PanelProps } from './reading.ts';
import { activeCount, countStates } from '../mask/states.ts';

const SIDE_CSS_PIXELS = 140;

interface TwinMapProps extends Omit<PanelProps, 'end'> {
  image: TileShape;
  most: number;
  options: DrawOptions;
  theme: string;
}

/** The input map of the random twin: same inputs, same scale, a mask that nobody chose. */
export function TwinMap({ log, version, cursor, image, most, options, theme }: TwinMapProps): ReactElement | null {
  const layer = log.layers[0];
  const snapshot = useMemo(() => masks(log, 'random', cursor), [log, version, cursor]);
  const drawing = useMemo(() => {
    if (!snapshot || !layer) return null;
    const links = inputCounts({ codes: classify(snapshot, layer), out: layer.out, in: layer.in }, options.solo);
    const side = Math.round(SIDE_CSS_PIXELS * options.ratio);
    return drawInputMap(links, image, most, { ...options, width: side, height: side });
  }, [snapshot, layer, image, most, options]);
  if (!drawing || !snapshot || !layer) return null;
  const density = activeCount(countStates(snapshot, [layer])) / (layer.in * layer.out);
  return (
    <figure className="twin">
      <figcaption className="small"><strong>Random mask (fixed)</strong><br /><span className="faint">{formatDensity(density)}, same scale</span></figcaption>
      <Picture drawing={drawing} ratio={options.ratio} theme={theme} description={`Input map of the random twin: ${formatDensity(density)} of the links of layer ${layer.name}, spread evenly.`} />
    </figure>
  );
}
