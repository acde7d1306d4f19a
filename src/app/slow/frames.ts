import type { LayerFacts, SlowUpdate } from '../../engine/experiment/events.ts';
import type { ScoreName } from '../../engine/sparsity/method.ts';
import { SCORE_TITLES } from '../mask/criteria.ts';
import { CODE } from '../mask/states.ts';
import { formatCount, formatPercent, formatValue } from '../text/numbers.ts';

/** The frames of an update; those of growth are left out where the method does not grow. */
export const FRAMES = ['train', 'score', 'drop', 'inactive', 'grow'] as const;
/** One of the frames. */
export type Frame = (typeof FRAMES)[number];

/** Short titles, as the row of frames shows them. */
const FRAME_TITLES: Readonly<Record<Frame, string>> = { train: 'Train', score: 'Score', drop: 'Drop', inactive: 'Score the inactive', grow: 'Grow' };

/** The frames that an update has. */
export function framesOf(update: SlowUpdate): readonly Frame[] {
  return update.grow ? FRAMES : FRAMES.slice(0, 3);
}

/** True of an update that filled the mask anew from all weights: what it kept was not all active before. One that changed nothing cannot be told from a drop. */
export function isChoice({ grow, before, kept }: SlowUpdate): boolean {
  return !grow && kept.some((word, w) => (word & ~(before[w] ?? 0)) !== 0);
}

/** Title of a frame of an update. */
export const titleOf = (frame: Frame, update: SlowUpdate): string => (frame === 'drop' && isChoice(update) ? 'Choose' : FRAME_TITLES[frame]);

/** Weights of a layer by what the update did to them. */
export interface Moved {
  size: number;
  active: number;
  dropped: number;
  kept: number;
  grown: number;
  /** Of the grown, those that the same update had dropped. */
  regrown: number;
}

/** Counts who moved in a layer. */
export function movedIn(update: SlowUpdate, layer: LayerFacts): Moved {
  const moved: Moved = { size: layer.out * layer.in, active: 0, dropped: 0, kept: 0, grown: 0, regrown: 0 };
  const [dropped, grown] = [codesIn('drop', update, layer), codesIn('grow', update, layer)];
  grown.forEach((code, i) => {
    if (dropped[i] === CODE.kept) moved.kept++;
    if (dropped[i] === CODE.dropped) moved.dropped++;
    if (code === CODE.grown || code === CODE.regrown) moved.grown++;
    if (code === CODE.regrown) moved.regrown++;
  });
  return { ...moved, active: moved.kept + moved.dropped };
}

/** What each weight of a layer is in a frame, as codes of mask states, [out, in]. */
export function codesIn(frame: Frame, { before, kept, after }: SlowUpdate, layer: LayerFacts): Uint8Array {
  const bit = (mask: Uint32Array, i: number): boolean => (((mask[layer.wordOffset + (i >> 5)] ?? 0) >>> (i & 31)) & 1) === 1;
  return Uint8Array.from({ length: layer.out * layer.in }, (_, i) => {
    const was = bit(before, i);
    if (frame === 'train' || frame === 'score') return was ? CODE.kept : CODE.never;
    // What a choice keeps may not have been active.
    if (bit(kept, i)) return was ? CODE.kept : CODE.grown;
    if (frame === 'grow' && bit(after, i)) return was ? CODE.regrown : CODE.grown;
    return was ? CODE.dropped : CODE.never;
  });
}

/** Rows of a layer in which most moves, the first `most` of them, in their own order. */
export function busiestUnits(update: SlowUpdate, layer: LayerFacts, most: number): number[] {
  const codes = codesIn(update.grow ? 'grow' : 'drop', update, layer);
  const moves = Array.from({ length: layer.out }, (_, unit) => codes.subarray(unit * layer.in, (unit + 1) * layer.in).reduce((sum, code) => sum + (code === CODE.never || code === CODE.kept ? 0 : 1), 0));
  return moves.map((_, unit) => unit).sort((a, b) => (moves[b] as number) - (moves[a] as number) || a - b).slice(0, most).sort((a, b) => a - b);
}

const INACTIVE: Readonly<Record<ScoreName, string>> = {
  gradient: 'Gradients of weights that are zero: how the loss would fall if each of them could move.',
  momentum: 'Gradients of weights that are zero, averaged over the steps so far.',
  random: 'This method does not score: each inactive weight draws a number, and chance decides.',
  magnitude: 'Sizes of the inactive weights.', sensitivity: 'What the loss would change by, to first order.', curvature: 'What the gradient would change by, to first order.',
};

/** A loss with digits enough to see what an update does to it. */
export function lossDigits(loss: number): string {
  return Number.isFinite(loss) && loss < 1000 ? loss.toFixed(4) : formatValue(loss);
}

/** What a frame says about a layer, in one or two sentences. */
export function frameWords(frame: Frame, update: SlowUpdate, layer: LayerFacts, thresholds: { drop: number; grow: number }): string {
  const { size, active, dropped, kept, grown, regrown } = movedIn(update, layer);
  const chosen = isChoice(update);
  const share = `${formatCount(active)} of ${formatCount(size)} weights of ${layer.name}`;
  switch (frame) {
    case 'train': return `The network trains on a batch. ${share} are active; all others are outside the mask. The loss of this batch is ${lossDigits(update.losses[0] ?? Number.NaN)}.`;
    case 'score': if (chosen) return `All weights are ranked by ${SCORE_TITLES[update.drop.score]}, whether they are active or not. ${dropped === 0 ? 'Here the same ones stay.' : `${formatCount(dropped)} active ones are behind others.`}`;
      return `Each active weight is ranked by ${SCORE_TITLES[update.drop.score]}. ${dropped === 0 ? 'This update drops none of them.' : `The threshold ${thresholdWords(thresholds.drop)} leaves ${formatCount(dropped)} of ${formatCount(active)} below it.`}`;
    case 'drop': if (chosen) return `${formatCount(dropped)} weights leave, ${formatCount(grown)} enter, ${formatCount(kept)} stay. ${lossWords(update, 0, 1)}`;
      return `${formatCount(dropped)} weights leave (${formatPercent(active > 0 ? dropped / active : 0)} of the active), ${formatCount(kept)} stay. ${lossWords(update, 0, 1)}`;
    case 'inactive': return `${INACTIVE[update.grow?.score ?? 'gradient']} ${grown === 0 ? 'This update grows none.' : update.grow?.score === 'random' ? `The highest ${formatCount(grown)} will enter.` : `Above the threshold ${thresholdWords(thresholds.grow)} lie the ${formatCount(grown)} that will enter.`}`;
    case 'grow': return `${formatCount(grown)} weights enter. ${growthWords(update, grown, regrown)}`;
  }
}

const thresholdWords = (threshold: number): string => (Number.isFinite(threshold) ? formatValue(threshold) : threshold > 0 ? '∞' : '0');

function lossWords({ losses }: SlowUpdate, from: number, to: number): string {
  const [a, b] = [losses[from] ?? Number.NaN, losses[to] ?? Number.NaN];
  if (a === b) return 'The loss of the batch is the same to the bit.';
  return `The loss of the batch ${b > a ? 'rises' : 'falls'} from ${lossDigits(a)} to ${lossDigits(b)}.`;
}

/** New weights are zero; the loss changes only where some that were dropped came back with their values, in any layer. */
function growthWords(update: SlowUpdate, grown: number, regrown: number): string {
  const unchanged = update.losses[1] === update.losses[2];
  if (unchanged && grown > 0) return 'New weights are zero, so growing changes nothing: the loss stays as it was after the drop.';
  if (unchanged) return 'The loss stays as it was after the drop.';
  const back = regrown > 0 ? `${formatCount(regrown)} of them had just been dropped and ${regrown === 1 ? 'returns with its value' : 'return with their values'}` : 'In other layers some that had just been dropped return with their values';
  return `${back}; the others are zero and change nothing. ${lossWords(update, 1, 2)}`;
}
