import type { Knob } from '../../engine/experiment/card.ts';
import { livePath } from '../stores/experiment.ts';

/** Settings that a slider can move. */
export type NumberKnob = Extract<Knob, { kind: 'number' | 'integer' }>;

/** Positions of a slider from end to end. */
export const SLIDER_STEPS = 240;

/** The smallest value above 0 that a logarithmic slider beginning at 0 reaches. */
function logFloor(knob: NumberKnob): number {
  if (knob.min > 0) return knob.min;
  return knob.kind === 'integer' ? 1 : knob.max * 1e-6;
}

/** False for numbers that name something, such as seeds: a slider over billions of them is of no use. */
export function hasSlider(knob: NumberKnob): boolean {
  return knob.log === true || knob.kind === 'number' || knob.max - knob.min <= 100_000;
}

/** Where on the slider a value stands, from 0 to SLIDER_STEPS. */
export function toPosition(knob: NumberKnob, value: number): number {
  const { min, max } = knob;
  if (!(max > min)) return 0;
  const inside = Math.min(max, Math.max(min, value));
  if (!knob.log) return Math.round(((inside - min) / (max - min)) * SLIDER_STEPS);
  const floor = logFloor(knob);
  if (min <= 0 && inside < floor) return 0;
  return Math.round((Math.log(inside / floor) / Math.log(max / floor)) * SLIDER_STEPS);
}

/** The value at a slider position, rounded to what a person would type; both ends are exact. */
export function fromPosition(knob: NumberKnob, position: number): number {
  const { min, max } = knob;
  const t = position / SLIDER_STEPS;
  if (t <= 0) return min;
  if (t >= 1) return max;
  const raw = knob.log ? logFloor(knob) * (max / logFloor(knob)) ** t : min + t * (max - min);
  const rounded = knob.kind === 'integer' ? Math.round(raw) : tidy(raw, knob.log ? raw : max - min);
  return Math.min(max, Math.max(min, rounded));
}

/** Rounds to two significant digits of `size`. */
function tidy(value: number, size: number): number {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(size))) - (Math.abs(size) === Math.abs(value) ? 1 : 2));
  return Number((Math.round(value / unit) * unit).toPrecision(6));
}

/** What a number box makes of a text: a value, or a sentence about what is wrong. */
export type Reading = { ok: true; value: number } | { ok: false; reason: string };

/** How a value is written: as it is, or as per cent. */
export interface Writing {
  factor: number;
  unit: string;
}

/** Sparsity settings between 0 and 1 are shares and are written in per cent; all others as they are. */
export function writingOf(path: string, knob: NumberKnob): Writing {
  const share = livePath(path).startsWith('sparsity.') && knob.kind === 'number' && !knob.unit && knob.min >= 0 && knob.max <= 1;
  return share ? { factor: 100, unit: '%' } : { factor: 1, unit: knob.unit ?? '' };
}

/** The text of a value in a number box. */
export function writeNumber(value: number, writing: Writing): string {
  return String(Number((value * writing.factor).toPrecision(6)));
}

/** Reads what was typed; accepts a decimal comma, a per cent sign and thousands of spaces, and checks the range. */
export function readNumber(text: string, knob: NumberKnob, writing: Writing): Reading {
  const cleaned = text.replace(/[\s%]/g, '').replace(',', '.');
  const typed = cleaned === '' ? Number.NaN : Number(cleaned);
  if (!Number.isFinite(typed)) return { ok: false, reason: 'Type a number.' };
  if (knob.kind === 'integer' && !Number.isInteger(typed)) return { ok: false, reason: 'Type a whole number.' };
  const value = Number((typed / writing.factor).toPrecision(12));
  if (value < knob.min || value > knob.max) {
    const unit = writing.unit ? `\u202f${writing.unit}` : '';
    return { ok: false, reason: `From ${writeNumber(knob.min, writing)} to ${writeNumber(knob.max, writing)}${unit}.` };
  }
  return { ok: true, value };
}

/** Reads hidden widths such as `300, 100`; an empty text means no hidden layer. */
export function readWidths(text: string, max: number): { ok: true; value: number[] } | { ok: false; reason: string } {
  const parts = text.split(/[\s,;x×-]+/).filter((part) => part !== '');
  const value = parts.map(Number);
  if (value.some((width) => !Number.isInteger(width) || width < 1)) return { ok: false, reason: 'Type widths such as 300, 100.' };
  if (value.some((width) => width > max)) return { ok: false, reason: `Widths up to ${max}.` };
  return { ok: true, value };
}
