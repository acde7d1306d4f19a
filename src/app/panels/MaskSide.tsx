import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { ArmId } from '../../engine/experiment/events.ts';
import { inputCounts, type DrawOptions } from '../mask/draw.ts';
import type { TileShape } from '../mask/layout.ts';
import { readPalette } from '../mask/palette.ts';
import { classify } from '../mask/states.ts';
import { useView } from '../stores/view.ts';
import { useMedia, type ElementSize } from '../shell/useElementSize.ts';
import { later } from './later.tsx';
import { masks, type PanelProps } from './reading.ts';
import { TwinMap } from './TwinMap.tsx';

const NarrowCurve = later(async () => (await import('./NarrowCurve.tsx')).NarrowCurve);

/** What stands beside the picture of a mask: its legend, the accuracy on narrow screens, the twin's input map. */
export function MaskSide({ log, version, cursor, end, options, image, most, children }: PanelProps & { options: DrawOptions | null; image: TileShape | undefined; most: number; children: ReactNode }): ReactElement {
  const theme = useView((view) => view.theme);
  const narrow = useMedia('(max-width: 1023px)');
  return (
    <div className="mask-side">
      {children}
      {narrow && <NarrowCurve log={log} version={version} cursor={cursor} end={end} />}
      {image && options && <TwinMap log={log} version={version} cursor={cursor} image={image} most={most} options={options} theme={theme} />}
    </div>
  );
}

/** Room and colours of a picture in an element of that size; null until it is measured. */
export function useDrawOptions(size: ElementSize): DrawOptions | null {
  const solo = useView((view) => view.solo);
  const theme = useView((view) => view.theme);
  return useMemo(() => size.width === 0 ? null : {
    width: Math.round(size.width * size.ratio), height: Math.round(size.height * size.ratio), ratio: size.ratio,
    // The palette is read from CSS: the theme in the list below tells when it has changed.
    palette: readPalette(document.documentElement), solo,
  }, [size, solo, theme]);
}

/** The largest number of links of an input, here and in the twin: both pictures share one scale. */
export function useMost(log: PanelProps['log'], version: number, cursor: number, image: TileShape | undefined): number {
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
