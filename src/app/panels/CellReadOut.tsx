import { useEffect, type ReactElement, type RefObject } from 'react';
import type { LayerFacts } from '../../engine/experiment/events.ts';
import { cellLines } from '../mask/cellWords.ts';
import type { Cell } from '../mask/draw.ts';
import type { TileShape } from '../mask/layout.ts';
import { ReadOut } from '../mask/ReadOut.tsx';
import type { PanelProps } from './reading.ts';
import { useFlips, useReading } from './useReading.ts';

interface CellReadOutProps extends Pick<PanelProps, 'log' | 'version' | 'cursor'> {
  layer: LayerFacts;
  codes: Uint8Array;
  cell: Cell;
  /** Of the tile that a unit is drawn as. */
  shape: TileShape;
  of: RefObject<HTMLCanvasElement | null>;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  /** Hears the words, for a status line; null when nothing is read any more. */
  onWords(words: string | null): void;
}

/** What a square of a picture stands for, beside it. */
export function CellReadOut({ layer, codes, cell, shape, of, ratio, onWords, ...at }: CellReadOutProps): ReactElement | null {
  const flips = useFlips(at, layer, cell.k === 1 && cell.unit !== undefined);
  const reading = useReading(at, layer, codes, flips?.flips, cell.unit !== undefined);
  const lines = reading ? cellLines(reading, cell, shape) : [];
  const words = lines.join(' ');
  useEffect(() => onWords(words), [words]);
  useEffect(() => () => onWords(null), []);
  return <ReadOut lines={lines} of={of} square={cell} ratio={ratio} />;
}
