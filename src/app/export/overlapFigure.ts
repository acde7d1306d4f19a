import type { OverlapTable } from '../compare/overlap.ts';
import { formatPercent, plural } from '../text/numbers.ts';
import { lightColour } from './lightColours.ts';
import { FIGURE_WIDTH, figureOf, svgLine, svgText, wrapped } from './svg.ts';

const LEFT = 132;
const TOP = 64;
const ROW = 56;
const NOTE = 'Of the weights active in either of two masks at the end, the share active in both. Bars run from 0 to 100 %; the tick is what masks drawn at random share.';

/** Overlaps of masks as a table of bars, as an SVG file that stands alone. @param small where they come from */
export function overlapFigure({ methods, cells }: OverlapTable, network: string, small: readonly string[]): string {
  const width = (FIGURE_WIDTH - 16 - LEFT) / methods.length;
  const end = TOP + ROW * methods.length;
  const note = [network, ...wrapped(NOTE, 100)];
  return figureOf({
    title: 'Overlap of masks', small, bottom: end + 24 + note.length * 16,
    body: [
      ...methods.map((method, j) => svgText(LEFT + j * width, TOP - 10, method, { colour: '--text-2', weight: 600 })),
      ...methods.flatMap((method, i) => [
        svgText(16, TOP + ROW * i + 20, method, { colour: '--text-1' }),
        ...cells[i]!.slice(0, i + 1).flatMap((cell, j) => cellOf(cell, LEFT + j * width, TOP + ROW * i, width - 20)),
      ]),
      ...note.map((words, l) => svgText(16, end + 20 + l * 16, words, { colour: '--text-2' })),
    ],
  });
}

function cellOf(cell: OverlapTable['cells'][number][number], x: number, y: number, width: number): string[] {
  if (!cell) return [svgText(x, y + 20, '–', { colour: '--text-3' })];
  const { share, chance, pairs } = cell;
  const room = `<rect x="${x}" y="${y + 26}" width="${width}" height="8" fill="${lightColour('--mask-never')}" stroke="${lightColour('--hairline')}" stroke-width="0.5"/>`;
  const fill = `<rect x="${x}" y="${y + 26}" width="${(width * share).toFixed(2)}" height="8" fill="${lightColour('--mask-kept')}"/>`;
  return [
    svgText(x, y + 20, formatPercent(share), { colour: '--text-1', weight: 600 }), room, fill,
    svgLine([x + width * chance, y + 24], [x + width * chance, y + 36], { colour: '--text-1', width: 2 }),
    svgText(x, y + 47, `chance ${formatPercent(chance)}, ${plural(pairs, 'pair')}`, { size: 10, colour: '--text-3' }),
  ];
}
