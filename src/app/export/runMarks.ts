import { RUN_LOOKS } from '../compare/looks.ts';
import { lightColour } from './lightColours.ts';
import { FIGURE_WIDTH, svgLine, svgText } from './svg.ts';

/** A marker of a run's look, with a rim in the colour of the ground. */
export function marker(look: number, x: number, y: number): string {
  const { marker: path, colour } = RUN_LOOKS[look % RUN_LOOKS.length]!;
  return `<path d="${path}" transform="translate(${x.toFixed(2)} ${y.toFixed(2)})" fill="${lightColour(colour)}" stroke="${lightColour('--surface')}" stroke-width="1.25"/>`;
}

/** Signs and names in rows that fit the figure. @param top where the first row begins; told is where the last ends */
export function runLegend(entries: readonly { label: string; look: number }[], top: number): { body: string[]; bottom: number } {
  let [x, y] = [16, top + 10];
  const body = entries.flatMap(({ label, look }) => {
    const width = 60 + 7 * label.length;
    if (x > 16 && x + width > FIGURE_WIDTH) [x, y] = [16, y + 20];
    const from = x;
    x += width;
    const { colour, dash } = RUN_LOOKS[look % RUN_LOOKS.length]!;
    return [svgLine([from, y], [from + 34, y], { colour, width: 2, dash }), marker(look, from + 17, y), svgText(from + 42, y + 4, label, { colour: '--text-2' })];
  });
  return { body, bottom: y + 10 };
}
