import { MAX_POINTS, readPoints, writePoints } from '../sparsity/points.ts';
import type { Knob, KnobValue } from './card.ts';
import { MAX_HIDDEN_LAYERS } from './schema.ts';

/** What a setting holds: a knob's value, or the widths of the hidden layers. */
export type SettingValue = KnobValue | readonly number[];

/** A value made to fit its knob. `problem` says what was wrong and what was done; absent when nothing was. */
export interface Fitted<Value> {
  value: Value;
  problem?: string;
}

const LONGEST_QUOTE = 40;

/** Anything as a short piece of text for a message. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}...` : value);
  if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value)) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Makes a value fit: out of range is clamped, anything of another kind gives way to `fallback`. Total. */
export function fit(knob: Knob, input: unknown, fallback: SettingValue): Fitted<SettingValue> {
  switch (knob.kind) {
    case 'number':
    case 'integer':
      return fitNumber(knob, input, fallback);
    case 'choice':
      // Options such as 16 are numbers in a file that was written by hand.
      if (knob.options.includes(typeof input === 'number' ? String(input) : input as string)) return { value: String(input) };
      return { value: fallback, problem: `${quote(input)} is unknown (known: ${knob.options.join(', ')}); ${writeValue(fallback)} kept` };
    case 'flag':
      if (typeof input === 'boolean') return { value: input };
      return { value: fallback, problem: `${quote(input)} is neither true nor false; ${writeValue(fallback)} kept` };
    case 'widths':
      return fitWidths(knob, input, fallback as readonly number[]);
    case 'points':
      return fitPoints(knob, input, fallback);
  }
}

type NumberKnob = Extract<Knob, { kind: 'number' | 'integer' }>;

function fitNumber(knob: NumberKnob, input: unknown, fallback: SettingValue): Fitted<SettingValue> {
  if (typeof input !== 'number' || Number.isNaN(input)) {
    return { value: fallback, problem: `${quote(input)} is no number; ${writeValue(fallback)} kept` };
  }
  if (input < knob.min) return { value: knob.min, problem: `${input} raised to ${knob.min}` };
  if (input > knob.max) return { value: knob.max, problem: `${input} lowered to ${knob.max}` };
  // -0 would not survive a link, and means nothing else than 0 in any knob.
  if (knob.kind === 'number' || Number.isInteger(input)) return { value: input + 0 };
  return { value: Math.round(input), problem: `${input} rounded to ${Math.round(input)}` };
}

function fitWidths(knob: Extract<Knob, { kind: 'widths' }>, input: unknown, fallback: readonly number[]): Fitted<readonly number[]> {
  const { noun = 'width' } = knob;
  if (!Array.isArray(input)) return { value: fallback, problem: `${quote(input)} is no list of ${noun}s; ${writeValue(fallback)} kept` };
  const one: NumberKnob = { kind: 'integer', min: 1, max: knob.max, default: 1, label: '', help: '' };
  const widths = Array.from(input.slice(0, MAX_HIDDEN_LAYERS), (width) => fit(one, width, Number.NaN));
  if (widths.some(({ value }) => Number.isNaN(value))) return { value: fallback, problem: `a ${noun} is no number; ${writeValue(fallback)} kept` };
  const value = widths.map((width) => width.value as number);
  const problems = widths.flatMap(({ problem }, i) => (problem ? [`${noun} ${i + 1}: ${problem}`] : []));
  if (input.length > MAX_HIDDEN_LAYERS) problems.push(`${input.length} layers cut to ${MAX_HIDDEN_LAYERS}`);
  return problems.length > 0 ? { value, problem: problems.join(', ') } : { value };
}

/** Points in order, their densities within bounds and, where these may not grow, never above the one before. */
function fitPoints({ min, falls }: Extract<Knob, { kind: 'points' }>, input: unknown, fallback: SettingValue): Fitted<SettingValue> {
  const points = readPoints(input);
  if (!points) return { value: fallback, problem: `${quote(input)} is no list of share:density, such as 0:1,0.5:0.05; ${writeValue(fallback)} kept` };
  const problems: string[] = points.length > MAX_POINTS ? [`${points.length} points cut to ${MAX_POINTS}`] : [];
  let before = { at: 0, density: 1 };
  const within = (i: number, noun: string, value: number, low: number, high: number): number => {
    const near = Math.min(high, Math.max(low, value));
    if (near !== value) problems.push(`point ${i + 1}: ${noun} ${value} ${near > value ? 'raised' : 'lowered'} to ${near}`);
    return near;
  };
  const value = writePoints(points.slice(0, MAX_POINTS).map(({ at, density }, i) =>
    (before = { at: within(i, 'share', at, before.at, 1), density: within(i, 'density', density, min, falls ? before.density : 1) })));
  return problems.length > 0 ? { value, problem: problems.join(', ') } : { value };
}

/** Reads what was typed or linked into the kind of value that the knob takes; the text itself where that fails. Percentages are not taken. */
export function readText(knob: Knob, text: string): unknown {
  const trimmed = text.trim();
  switch (knob.kind) {
    case 'number':
    case 'integer':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text;
    case 'flag':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : text;
    case 'widths':
      if (trimmed === 'none' || trimmed === '') return [];
      return /^\d+([-,]\s*\d+)*$/.test(trimmed) ? trimmed.split(/[-,]/).map(Number) : text;
    case 'choice':
    case 'points':
      return trimmed;
  }
}

/** A value as links and the command line write it: widths as `128-64`, no widths as `none`. `readText` reads it back exactly. */
export function writeValue(value: SettingValue): string {
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? 'none' : value.join('-');
}

/** What a knob takes, in words: for error messages and the command line's help. */
export function rangeWords(knob: Knob): string {
  switch (knob.kind) {
    case 'number':
      return `a number from ${knob.min} to ${knob.max}`;
    case 'integer':
      return `a whole number from ${knob.min} to ${knob.max}`;
    case 'choice':
      return `one of ${knob.options.join(', ')}`;
    case 'flag':
      return 'true or false';
    case 'points':
      return `at most ${MAX_POINTS} points share:density, such as 0:1,0.5:0.05, or none`;
    case 'widths':
      return `at most ${MAX_HIDDEN_LAYERS} ${knob.noun ?? 'width'}s from 1 to ${knob.max}, such as ${knob.noun ? '1-2' : '128-64'}, or none`;
  }
}
