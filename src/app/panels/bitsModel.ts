import { bitsOfLoss } from '../../engine/data/baselines.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { extent, smooth, type ChartModel, type Curve } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { formatCount } from '../text/numbers.ts';
import { lossModel, networkCurves } from './curves.ts';
import { curve, isText, valueAt } from './reading.ts';
import { evaluatedOn } from './summary.ts';

/** What a table of counts is called at its line. */
const COUNTS = { unigram: 'characters', bigram: 'pairs' } as const;
const WHAT_COUNTS = { unigram: 'single characters', bigram: 'pairs' } as const;

/** The loss as its field draws it: of texts in bits per character, of all else as it is. */
export const lossShown = (log: RunLog, end: number, smoothing: number): ChartModel => (isText(log) ? bitsModel : lossModel)(log, end, smoothing);

/** Bits per character of the test text of all networks, of the training text of the main one, and what counts reach as levels. */
export function bitsModel(log: RunLog, end: number, smoothing: number): ChartModel {
  const batches = curve(log, 'main', 'train', 'loss', end);
  const values = inBits(batches.values);
  const training: Curve = { id: 'training', label: 'training', colour: '--run-5', stroke: 'solid', steps: batches.steps, values: smoothing > 0 ? smooth(values, smoothing) : values };
  const tested = networkCurves(log, 'test', 'loss', end, 0).map((one) => ({ ...one, values: inBits(one.values) }));
  const curves = [training, ...tested];
  const levels = log.baselines.map(({ name, loss }) => ({ value: bitsOfLoss(loss), label: COUNTS[name] }));
  const [lowest = 0, highest = 6] = extent(curves) ?? [];
  const low = lowest > 1.2 ? 1 : 0;
  const high = Math.ceil(Math.min(8, Math.max(highest, ...levels.map(({ value }) => value))));
  return { id: 'bits', title: 'Bits per character', curves, levels, x: [0, log.totalSteps], y: [low, high], ticks: roundTicks(low, high, high - low), format: (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)) };
}

/** What the network needs for a character at a step, beside what counts need. */
export function bitsWords(log: RunLog, cursor: number): string {
  const measured = valueAt(log, 'main', 'test', 'loss', cursor);
  const here = measured ? [`${bits(measured.value)} on the ${evaluatedOn(log.experiment)} as of step ${formatCount(measured.step)}.`] : [];
  const counts = log.baselines.map(({ name, loss }) => `${WHAT_COUNTS[name]} ${bits(loss)}`);
  return [...here, ...(counts.length > 0 ? [`Dotted: by counts of ${counts.join(', of ')}.`] : [])].join(' ');
}

const bits = (loss: number): string => bitsOfLoss(loss).toFixed(2);
const inBits = (losses: ArrayLike<number>): Float32Array => Float32Array.from(losses, bitsOfLoss);
