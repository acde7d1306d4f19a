import type { Cue } from './draw.ts';
import { CODE } from './states.ts';

/** CSS colours of the marks. */
export interface CueColours {
  kept: string;
  was: string;
  dropped: string;
  grown: string;
  /** Drawn over a grown cell: its plus and the notch of a regrown one. */
  surface: string;
}

/** Reads the colours of the marks from the CSS tokens in force. */
export function readCueColours(root: Element): CueColours {
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    kept: token('--mask-kept'), was: token('--mask-was'), dropped: token('--mask-dropped'),
    grown: token('--mask-grown'), surface: token('--surface'),
  };
}

/** Paints the marks that tell the states apart without colour: kept inset, dropped hollow with a slash, grown with a plus, regrown notched, was active a dot. */
export function paintCues(context: CanvasRenderingContext2D, cues: readonly Cue[], colours: CueColours): void {
  for (const { code, x, y, size } of cues) {
    const line = Math.max(1, size / 8);
    context.lineWidth = line;
    if (code === CODE.kept) {
      const inset = Math.max(1, Math.round(size / 8));
      context.fillStyle = colours.kept;
      context.fillRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset);
    } else if (code === CODE.was) {
      const dot = Math.max(2, Math.round(size / 3));
      const at = Math.floor((size - dot) / 2);
      context.fillStyle = colours.was;
      context.fillRect(x + at, y + at, dot, dot);
    } else if (code === CODE.dropped) {
      context.strokeStyle = colours.dropped;
      context.strokeRect(x + line / 2, y + line / 2, size - line, size - line);
      context.beginPath();
      context.moveTo(x + line, y + size - line);
      context.lineTo(x + size - line, y + line);
      context.stroke();
    } else {
      context.fillStyle = colours.grown;
      context.fillRect(x, y, size, size);
      context.fillStyle = colours.surface;
      const half = size / 2;
      const arm = size * 0.28;
      context.fillRect(x + half - line / 2, y + half - arm, line, arm * 2);
      context.fillRect(x + half - arm, y + half - line / 2, arm * 2, line);
      if (code === CODE.regrown) {
        context.beginPath();
        context.moveTo(x + size, y);
        context.lineTo(x + size - size * 0.42, y);
        context.lineTo(x + size, y + size * 0.42);
        context.fill();
      }
    }
  }
}
