import { lightColour } from './lightColours.ts';
import { lines } from './caption.ts';

/** Width of every figure, in CSS pixels. */
export const FIGURE_WIDTH = 720;
const LINE = 14;
/** Characters of small print that fit on a line in any sans-serif. */
const LINE_CHARACTERS = 100;

/** Text as it may stand in XML: control characters have no place there. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Coordinates with two decimals: a hundredth of a pixel is never seen. */
export const round = (value: number): number => Number(value.toFixed(2));

/** How a text of a figure looks; the colour is a token of the light theme. */
export interface TextLooks {
  size?: number;
  colour: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
}

/** A text of a figure. */
export function svgText(x: number, y: number, words: string, { size = 12, colour, anchor = 'start', weight = 400 }: TextLooks): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${lightColour(colour)}">${escapeXml(words)}</text>`;
}

/** How a line or path of a figure looks. */
export interface StrokeLooks {
  colour: string;
  width?: number;
  /** Dash lengths; none for a solid line. */
  dash?: readonly number[];
  opacity?: number;
}

function strokeOf({ colour, width = 1, dash = [], opacity = 1 }: StrokeLooks): string {
  return `stroke="${lightColour(colour)}" stroke-width="${width}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}${opacity < 1 ? ` opacity="${opacity}"` : ''}`;
}

/** A straight line of a figure. */
export function svgLine([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number], looks: StrokeLooks): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${strokeOf(looks)}/>`;
}

/** A line through corners; one that is stepped holds each value until the next corner. */
export function svgPath(corners: readonly (readonly [number, number])[], looks: StrokeLooks, stepped = false): string {
  const d = corners.map(([x, y], i) => (i === 0 ? `M${round(x)} ${round(y)}` : stepped ? `H${round(x)}V${round(y)}` : `L${round(x)} ${round(y)}`)).join('');
  return `<path d="${d}" fill="none" stroke-linejoin="round" ${strokeOf(looks)}/>`;
}

/** What a figure is made of. */
export interface FigureParts {
  title: string;
  /** Elements of the drawing, down to `bottom`. */
  body: readonly string[];
  bottom: number;
  /** Small print below: what ran, and links that run it again. */
  small: readonly string[];
}

/** A figure as an SVG file that stands alone: its title, its drawing in light colours, and where it comes from in small print. */
export function figureOf({ title, body, bottom, small }: FigureParts): string {
  const print = small.flatMap((words) => lines(words, LINE_CHARACTERS));
  const height = Math.ceil(bottom + print.length * LINE + 8);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${FIGURE_WIDTH}" height="${height}" viewBox="0 0 ${FIGURE_WIDTH} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${FIGURE_WIDTH}" height="${height}" fill="${lightColour('--surface')}"/>`,
    svgText(16, 28, title, { size: 16, colour: '--text-1', weight: 600 }),
    ...body,
    ...print.map((line, i) => svgText(16, bottom + 8 + i * LINE, line, { size: 10, colour: '--text-3' })),
    '</svg>', '',
  ].join('\n');
}

/** A text in lines of at most `most` characters, broken between words. */
export function wrapped(text: string, most: number): string[] {
  return text.split(' ').reduce<string[]>((all, word) => {
    const last = all.at(-1);
    return last !== undefined && last.length + 1 + word.length <= most ? [...all.slice(0, -1), `${last} ${word}`] : [...all, word];
  }, []);
}
