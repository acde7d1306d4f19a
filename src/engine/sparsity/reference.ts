import { PURPOSE, randomU32 } from '../random.ts';
import { type RoundingId, shareCount } from './counts.ts';
import type { GroupLayout, LayerGroups, PatternLayout } from '../nn/layout.ts';
import { grows, type MaskMoves, type MaskPlan, type Method, type ScoreName, type UpdateCounts } from './method.ts';
import { chooseByPattern, KEPT } from './patternChoice.ts';
import { layerMean, redistribute } from './redistribution.ts';
import { selectTop } from './topk.ts';

/**
 * State of a network as the mask update sees it. All arrays are flat parameter vectors of one length, biases and
 * padding included; elements outside the layers are never touched.
 */
export interface ReferenceState {
  /** Maskable layers: where each begins in the flat vector, and how many weights it has. Ascending, disjoint. */
  layers: readonly { offset: number; size: number }[];
  /** What the mask switches as one; absent where that is a single weight. */
  groups?: GroupLayout | undefined;
  /** The pattern of N to M that it keeps, if any. */
  pattern?: PatternLayout | undefined;
  weights: Float32Array;
  /** Gradients by the masked weight, dense: not zero where the mask is 0. */
  gradients: Float32Array;
  /** Average of the gradients so far, as averages.ts keeps it; only for methods that score by it. */
  average?: Float32Array;
  /** Momentum, or first and second moments. */
  slots: readonly Float32Array[];
  /** 1 where active. */
  mask: Uint8Array;
  /** 1 where active at any time so far. */
  fired: Uint8Array;
}

/** Everything an update depends on besides the state. */
export interface ReferenceUpdate {
  seed: number;
  step: number;
  counts: UpdateCounts;
  scope: MaskPlan['scope'];
  exchange?: RoundingId | undefined;
  redistribute?: boolean | undefined;
  keepsInactive?: boolean | undefined;
  regrowAllowed: boolean;
  keepValueOnRegrow: boolean;
}

/** Flat indices, ascending. A regrown weight is in all three lists; the net change is what only one of the first two holds. */
export interface UpdateSets {
  /** Left the mask in a drop. */
  dropped: number[];
  /** Entered the mask in a growth. */
  grown: number[];
  /** Did both in this update. */
  regrown: number[];
}

/**
 * Rank of weight `index` (flat) by a score, as a u32: larger is better, never 0, which stands for "not a candidate".
 *
 * - `magnitude`, `gradient`, `momentum`: f32 bits of |x|, plus 1. Bits of non-negative floats order as the floats do; NaN is largest.
 * - `sensitivity`: the same of |w g| in f32; numbers below the least normal one are 0, since devices may take them so.
 * - `curvature`: order of w g, negative ones too, without the lowest bit; the gradients stand for the Hessian times the gradient.
 * - `random`: the upper 31 bits of randomU32(seed, grow, step, index), plus 1. The key does not depend on the move, so
 *   a method should not use it for both moves of one update.
 */
export function scoreKey(state: ReferenceState, score: ScoreName, seed: number, step: number, index: number): number {
  if (score === 'random') return (randomU32(seed, PURPOSE.grow, step, index) >>> 1) + 1;
  const [w, g] = [state.weights[index]!, state.gradients[index]!];
  const product = normal(Math.fround(normal(w) * normal(g)));
  const scored = { magnitude: w, gradient: g, momentum: state.average?.[index], sensitivity: product, curvature: product }[score];
  if (scored === undefined) throw new Error('The score momentum needs the average of the gradients.');
  return keyOf(score, scored);
}

/** Key of a number by its size, or for `curvature` by size and sign, without the lowest bit. */
function keyOf(score: ScoreName, value: number): number {
  floatView[0] = value;
  const bits = bitView[0]!;
  if (score === 'curvature') return ((bits >= 0x80000000 ? ~bits : bits | 0x80000000) >>> 1) + 1;
  return (bits & 0x7fffffff) + 1;
}

/** The number that a key stands for. */
function valueOf(score: ScoreName, key: number): number {
  const bits = score === 'curvature' ? (key - 1) * 2 : key - 1;
  bitView[0] = score === 'curvature' && bits < 0x80000000 ? ~bits : bits & 0x7fffffff;
  return floatView[0]!;
}

const normal = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : x);
const floatView = new Float32Array(1);
const bitView = new Uint32Array(floatView.buffer);

/** Weights (flat) of each group of a layer, row by row. */
function membersOf({ first, out, in: inputs, rows, columns, length }: LayerGroups): number[][] {
  const members: number[][] = Array.from({ length }, () => []);
  const across = Math.ceil(inputs / columns);
  for (let row = 0; row < out; row++) {
    for (let column = 0; column < inputs; column++) {
      members[Math.floor(row / rows) * across + Math.floor(column / columns)]!.push(first + row * inputs + column);
    }
  }
  return members;
}

/** What the mask switches as one, each by its first weight: layer by layer, and the weights of each. */
interface Switched {
  layers: readonly Uint32Array[];
  members(first: number): readonly number[];
}

function switched({ layers, groups }: ReferenceState): Switched {
  if (!groups) return { layers: layers.map(({ offset, size }) => Uint32Array.from({ length: size }, (_, i) => offset + i)), members: (first) => [first] };
  const members = groups.layers.map(membersOf);
  const byFirst = new Map(members.flat().map((weights) => [weights[0]!, weights]));
  return { layers: members.map((groups) => Uint32Array.from(groups, (weights) => weights[0]!)), members: (first) => byFirst.get(first)! };
}

/** Active weights of each layer, or groups of them where the mask switches these. */
export function activeCounts(state: ReferenceState): number[] {
  return activeOf(state, switched(state).layers);
}

function activeOf({ mask }: ReferenceState, layers: readonly Uint32Array[]): number[] {
  return layers.map((firsts) => firsts.reduce((active, i) => active + mask[i]!, 0));
}

/** What competes with one another: each layer by itself, or all as one. */
function rivals(layers: readonly Uint32Array[], scope: MaskPlan['scope']): readonly Uint32Array[] {
  if (scope === 'layer') return layers;
  const all = new Uint32Array(layers.reduce((total, layer) => total + layer.length, 0));
  let end = 0;
  for (const layer of layers) {
    all.set(layer, end);
    end += layer.length;
  }
  return [all];
}

/**
 * Rank of a group by a score: of its first weight where that is random, else the largest of its weights' or the mean of
 * all, added in f32 in their order, times the reciprocal of their number. Numbers below the least normal one are 0 in a mean.
 */
function groupKey(state: ReferenceState, score: ScoreName, seed: number, step: number, weights: readonly number[]): number {
  const keys = weights.map((i) => scoreKey(state, score, seed, step, i));
  if (state.groups === undefined || score === 'random') return keys[0]!;
  if (state.groups.score === 'max') return Math.max(...keys);
  let sum = 0;
  for (const key of keys) sum = Math.fround(sum + normal(valueOf(score, key)));
  return keyOf(score, normal(Math.fround(sum * Math.fround(1 / weights.length))));
}

/** Weights of a layer that a share of what is left to it stands for; where dropped ones may not return, as many as there are others. */
function exchanged({ counts, exchange, regrowAllowed }: ReferenceUpdate, size: number, before: number, left: number): number {
  const count = shareCount(exchange ?? 'trunc', left, counts.exchange ?? 0);
  return regrowAllowed ? count : Math.min(count, size - before);
}

/** Keys of a layer's candidates that its pattern lets stay, others 0; N and M are those of the update where it has its own. */
function fitting({ pattern }: ReferenceState, { counts }: ReferenceUpdate, layer: number, keys: Uint32Array): Uint32Array {
  if (!pattern) return keys;
  const chosen = chooseByPattern(keys, pattern.layers[layer]!, { ...pattern, ...counts.pattern });
  return keys.map((key, i) => (chosen[i] ? key : 0));
}

/** Flat indices of `segment` with the `count` best keys; key 0 is never chosen, so the answer may be shorter. */
function best(segment: Uint32Array, keys: Uint32Array, count: number): number[] {
  const candidates = keys.reduce((total, value) => total + (value > 0 ? 1 : 0), 0);
  const chosen = selectTop(keys, Math.min(count, candidates));
  return [...segment].filter((_, i) => chosen[i] === 1);
}

/**
 * Runs one mask update in place and tells who moved: the meaning of `MaskMoves`, against which the GPU is tested.
 *
 * Afterwards a weight outside the mask is 0 and so are its optimizer slots; a weight that was inactive before the
 * update starts at 0 with slots 0; one that was dropped and grown again keeps both only with `keepValueOnRegrow`.
 */
export function applyUpdate(
  state: ReferenceState,
  update: ReferenceUpdate,
  run: (moves: MaskMoves) => void,
): UpdateSets {
  const { seed, step, counts } = update;
  const { mask } = state;
  const before = mask.slice();
  const dropped = new Set<number>();
  const grown = new Set<number>();
  const { layers, members } = switched(state);
  const all = rivals(layers, update.scope);
  const activeBefore = activeOf(state, layers);
  const rank = (score: ScoreName, i: number): number => groupKey(state, score, seed, step, members(i));
  let grow = counts.grow;

  const leave = (first: number): void => {
    for (const weight of members(first)) {
      mask[weight] = 0;
      dropped.add(weight);
    }
  };
  const enter = (firsts: readonly number[]): void => {
    for (const weight of firsts.flatMap(members)) {
      mask[weight] = 1;
      grown.add(weight);
    }
  };
  const refills = grows({ update: run });
  const keepBest = (segment: Uint32Array, g: number, score: ScoreName, count: number): void => {
    const keys = fitting(state, update, g, Uint32Array.from(segment, (i) => (mask[i] === 1 ? rank(score, i) : 0)));
    const kept = new Set(best(segment, keys, state.pattern && !refills ? segment.length : count));
    for (const i of segment) {
      if (mask[i] === 1 && !kept.has(i)) leave(i);
    }
  };

  run({
    drop(score) {
      all.forEach((segment, g) => keepBest(segment, g, score, counts.keep[g] ?? 0));
      if (update.exchange === undefined) return;
      const left = activeOf(state, layers);
      grow = layers.map((layer, l) => exchanged(update, layer.length, activeBefore[l]!, left[l]!));
      const means = update.redistribute ? state.layers.map(({ offset, size }) => layerMean(state.average!.subarray(offset, offset + size), before.subarray(offset, offset + size))) : [];
      layers.forEach((layer, l) => keepBest(layer, l, score, left[l]! - grow[l]!));
      if (!update.redistribute) return;
      const dropped = grow;
      const room = (l: number): number => layers[l]!.length - (update.regrowAllowed ? left[l]! - dropped[l]! : activeBefore[l]!);
      grow = redistribute(means.map((mean, l) => ({ mean, dropped: dropped[l]!, room: room(l) })), counts.grow[0]);
    },
    grow(score) {
      (update.exchange === undefined ? all : layers).forEach((segment, g) => {
        const candidate = (i: number): boolean => mask[i] === 0 && (update.regrowAllowed || before[i] === 0);
        const keys = Uint32Array.from(segment, (i) => (candidate(i) ? rank(score, i) : 0));
        const room = fitting(state, update, g, keys.map((key, at) => (state.pattern && mask[segment[at]!] === 1 ? KEPT : key)));
        enter(best(segment, room.map((key) => (key === KEPT ? 0 : key)), state.pattern ? segment.length : grow[g] ?? 0));
      });
    },
    choose(score) {
      layers.forEach((segment, g) => {
        const keys = fitting(state, update, g, Uint32Array.from(segment, (i) => rank(score, i)));
        const chosen = new Set(best(segment, keys, state.pattern ? segment.length : counts.keep[g] ?? 0));
        for (const i of segment) if (mask[i] === 1 && !chosen.has(i)) leave(i);
        enter([...chosen].filter((i) => mask[i] === 0));
      });
    },
  });

  for (const { offset, size } of state.layers) {
    for (let i = offset; i < offset + size; i++) {
      if (mask[i] === 1) state.fired[i] = 1;
      const stays = mask[i] === 1 && before[i] === 1 && (!dropped.has(i) || update.keepValueOnRegrow);
      if (stays || update.keepsInactive) continue;
      state.weights[i] = 0;
      for (const slot of state.slots) slot[i] = 0;
    }
  }
  const ascending = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);
  return {
    dropped: ascending(dropped),
    grown: ascending(grown),
    regrown: ascending(grown).filter((i) => dropped.has(i)),
  };
}

/** The update of a method at a step, with counts from its plan; nothing happens for a method without one. */
export function methodUpdate(
  state: ReferenceState,
  method: Method,
  plan: MaskPlan,
  key: { seed: number; step: number },
): UpdateSets {
  const { update } = method;
  if (update === undefined) return { dropped: [], grown: [], regrown: [] };
  const counts = plan.counts(key.step, activeCounts(state));
  const { scope, exchange, redistribute, keepsInactive, regrowAllowed, keepValueOnRegrow } = plan;
  return applyUpdate(state, { ...key, counts, scope, exchange, redistribute, keepsInactive, regrowAllowed, keepValueOnRegrow }, update);
}
