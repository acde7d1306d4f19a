import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { ScoreName } from '../../engine/sparsity/method.ts';
import { formatCount, formatValue } from '../text/numbers.ts';
import { scoreOf, SCORE_TITLES, type Criteria } from './criteria.ts';
import { flipWords, type Flips } from './flips.ts';
import type { TileShape } from './layout.ts';
import { isActive, MASK_STATES, STATE_WORDS } from './states.ts';

/** What is known of the weights of a layer at the step looked at. */
export interface Reading {
  layer: LayerFacts;
  /** States, [out, in]. */
  codes: Uint8Array;
  /** Rows and columns of the image that the layer reads, if it does. */
  image: TileShape | undefined;
  flips: Flips | undefined;
  criteria: Criteria;
  /** Where values could come from: a run on this device, at its newest step; else why there are none. */
  source: 'live' | 'earlier' | 'recording' | 'preview';
  weights: { step: number; values: Float32Array } | undefined;
  /** What growth scores by; `dense` where that is known of inactive weights, too. No values where none were computed. */
  gradients: { step: number; values: Float32Array; average: boolean; dense: boolean } | undefined;
}

const ABSENT: Readonly<Record<Exclude<Reading['source'], 'live'>, string>> = {
  earlier: 'Weight and score are not kept for earlier steps.',
  recording: 'Weight and score are not in the recording.',
  preview: 'Weight and score are read off the device once it trains.',
};

/** Place, state, history, value and score of one weight, a sentence or two a line. */
export function weightLines(reading: Reading, unit: number, input: number): string[] {
  const { layer, codes, flips, source, weights } = reading;
  const at = unit * layer.in + input;
  const state = STATE_WORDS[MASK_STATES[codes[at] ?? 0] ?? 'never'].label;
  const lines = [`${placeWords(reading, unit, input)}: ${state}.`, ...(flips ? [flipWords(flips, at)] : [])];
  if (source !== 'live') return [...lines, ABSENT[source]];
  const value = weights?.values[at];
  if (weights === undefined || value === undefined) return [...lines, 'Weight: being read.'];
  return [...lines, `Weight ${formatValue(value)}, as of step ${formatCount(weights.step)}.`, scoreWords(reading, at)];
}

/** Where a weight stands. Units and inputs count from 0, rows and columns of pictures from 1. */
function placeWords({ layer, image }: Reading, unit: number, input: number): string {
  if (layer.kernel) return `Filter ${unit}, ${kernelPlace(layer.kernel, input)}`;
  return `${image ? pixelWords(image, input) : `Input ${input}`} to unit ${unit}`;
}

/** The pixel of an input. */
export function pixelWords({ columns }: TileShape, input: number): string {
  return `Pixel row ${Math.floor(input / columns) + 1}, column ${(input % columns) + 1}`;
}

function kernelPlace([height, width]: readonly [number, number], input: number): string {
  const point = input % (height * width);
  return `channel ${Math.floor(input / (height * width))}, row ${Math.floor(point / width) + 1}, column ${(point % width) + 1}`;
}

/** The score by which a weight would stay, or by which it would enter; where there is none, why. */
export function scoreWords({ layer, codes, criteria, weights, gradients }: Reading, at: number): string {
  if (!layer.maskable) return 'No score: this layer is dense.';
  const active = isActive(codes[at] ?? 0);
  const score = active ? criteria.drop : criteria.grow;
  if (score === undefined) return criteria.drop === undefined ? 'No score: this mask stays as it is.' : 'No score: this method grows nothing.';
  const name = `${active ? 'Drop' : 'Grow'} score`;
  if (score === 'random') return `${name}: drawn by chance in each update.`;
  const why = byGradient(score) ? withoutGradient(gradients, active) : undefined;
  if (why) return `${name} ${SCORE_TITLES[score]}: ${why}.`;
  const gradient = gradients?.values[at];
  const value = scoreOf(score, weights?.values[at], gradient === undefined || !gradients ? undefined : { value: gradient, average: gradients.average });
  if (value === undefined) return `${name} ${SCORE_TITLES[score]}: only the update itself computes it.`;
  const step = byGradient(score) ? gradients?.step : weights?.step;
  return `${name} ${SCORE_TITLES[score]} ${formatValue(value)}${criteria.ofGroups ? ', ranked with its group' : ''}, as of step ${formatCount(step ?? 0)}.`;
}

/** True for scores that the gradient, or its average, is part of. */
export function byGradient(score: ScoreName | undefined): boolean {
  return score === 'gradient' || score === 'momentum' || score === 'sensitivity';
}

function withoutGradient(gradients: Reading['gradients'], active: boolean): string | undefined {
  if (!gradients) return 'being read';
  if (gradients.values.length === 0) return 'no gradient so far';
  return gradients.dense || active ? undefined : 'only mask updates compute it, as the layer is stored sparsely';
}
