import { useMemo, type ReactElement } from 'react';
import { drawInputMap, drawMatrix, inputCounts, type DrawOptions } from '../mask/draw.ts';
import { readPalette } from '../mask/palette.ts';
import { Picture } from '../mask/Picture.tsx';
import { classify } from '../mask/states.ts';
import { imageShape, masks, type PanelProps } from '../panels/reading.ts';
import { useView } from '../stores/view.ts';

const SIDE = 56;

/** A small picture of the first layer's mask: it stays beside the settings, so that their effect shows. */
export function Thumbnail({ log, version, cursor }: PanelProps): ReactElement | null {
  const theme = useView((view) => view.theme);
  const ratio = window.devicePixelRatio || 1;
  const drawing = useMemo(() => {
    const layer = log.layers[0];
    const snapshot = masks(log, 'main', cursor);
    if (!layer || !snapshot) return null;
    const side = Math.round(SIDE * ratio);
    const options: DrawOptions = { width: side, height: side, ratio, palette: readPalette(document.documentElement), solo: null };
    const grid = { codes: classify(snapshot, layer), out: layer.out, in: layer.in };
    const image = imageShape(log, layer);
    const counts = inputCounts(grid, null);
    return image ? drawInputMap(counts, image, Math.max(...counts), options) : drawMatrix(grid, options);
  }, [log, version, cursor, ratio, theme]);
  return drawing && <span className="thumbnail"><Picture drawing={drawing} ratio={ratio} theme={theme} description="The mask of the first layer, small." /></span>;
}
