import { PURPOSE, randomU32 } from '../random.ts';
import { type RoundingId, shareCount } from './counts.ts';
import type { MaskMoves, MaskPlan, Method, ScoreName, UpdateCounts } from './method.ts';
import { selectTop } from './topk.ts';

/**
 * State of a network as the mask update sees it. All arrays are flat parameter vectors of one length, biases and
 * padding included; elements outside the layers are never touched.
 */
export interface ReferenceState {
  /** Maskable layers: where each begins in the flat vector, and how many weights it has. Ascending, disjoint. */
  layers: readonly { offset: number; size: number }[];
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
 * - `random`: the upper 31 bits of randomU32(seed, grow, step, index), plus 1. The key does not depend on the move, so
 *   a method should not use it for both moves of one update.
 */
export function scoreKey(state: ReferenceState, score: ScoreName, seed: number, step: number, index: number): number {
  if (score === 'random') return (randomU32(seed, PURPOSE.grow, step, index) >>> 1) + 1;
  const [w, g] = [state.weights[index]!, state.gradients[index]!];
  const scored = { magnitude: w, gradient: g, momentum: state.average?.[index], sensitivity: normal(Math.fround(normal(w) * normal(g))) }[score];
  if (scored === undefined) throw new Error('The score momentum needs the average of the gradients.');
  floatView[0] = scored;
  return (bitView[0]! & 0x7fffffff) + 1;
}

const normal = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : x);
const floatView = new Float32Array(1);
const bitView = new Uint32Array(floatView.buffer);

/** Active weights of each layer. */
export function activeCounts(state: ReferenceState): number[] {
  return state.layers.map(({ offset, size }) => {
    let active = 0;
    for (let i = offset; i < offset + size; i++) active += state.mask[i]!;
    return active;
  });
}

/** Flat indices whose weights compete with one another, group by group. */
function groups(state: ReferenceState, scope: MaskPlan['scope']): Uint32Array[] {
  const perLayer = state.layers.map(({ offset, size }) => Uint32Array.from({ length: size }, (_, i) => offset + i));
  if (scope === 'layer') return perLayer;
  const all = new Uint32Array(perLayer.reduce((total, layer) => total + layer.length, 0));
  let end = 0;
  for (const layer of perLayer) {
    all.set(layer, end);
    end += layer.length;
  }
  return [all];
}

/** Weights of a layer that a share of what is left to it stands for; where dropped ones may not return, as many as there are others. */
function exchanged({ counts, exchange, regrowAllowed }: ReferenceUpdate, size: number, before: number, left: number): number {
  const count = shareCount(exchange ?? 'trunc', left, counts.exchange ?? 0);
  return regrowAllowed ? count : Math.min(count, size - before);
}

/** Flat indices of `group` with the `count` best keys; key 0 is never chosen, so the answer may be shorter. */
function best(group: Uint32Array, key: (index: number) => number, count: number): number[] {
  const keys = Uint32Array.from(group, key);
  const candidates = keys.reduce((total, value) => total + (value > 0 ? 1 : 0), 0);
  const chosen = selectTop(keys, Math.min(count, candidates));
  return [...group].filter((_, i) => chosen[i] === 1);
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
  const all = groups(state, update.scope);
  const layers = groups(state, 'layer');
  const activeBefore = activeCounts(state);
  let grow = counts.grow;

  const keepBest = (group: Uint32Array, score: ScoreName, count: number): void => {
    const key = (i: number): number => (mask[i] === 1 ? scoreKey(state, score, seed, step, i) : 0);
    const kept = new Set(best(group, key, count));
    for (const i of group) {
      if (mask[i] === 0 || kept.has(i)) continue;
      mask[i] = 0;
      dropped.add(i);
    }
  };

  run({
    drop(score) {
      all.forEach((group, g) => keepBest(group, score, counts.keep[g] ?? 0));
      if (update.exchange === undefined) return;
      const left = activeCounts(state);
      grow = layers.map((layer, l) => exchanged(update, layer.length, activeBefore[l]!, left[l]!));
      layers.forEach((layer, l) => keepBest(layer, score, left[l]! - grow[l]!));
    },
    grow(score) {
      (update.exchange === undefined ? all : layers).forEach((group, g) => {
        const candidate = (i: number): boolean => mask[i] === 0 && (update.regrowAllowed || before[i] === 0);
        const key = (i: number): number => (candidate(i) ? scoreKey(state, score, seed, step, i) : 0);
        for (const i of best(group, key, grow[g] ?? 0)) {
          mask[i] = 1;
          grown.add(i);
        }
      });
    },
  });

  for (const { offset, size } of state.layers) {
    for (let i = offset; i < offset + size; i++) {
      if (mask[i] === 1) state.fired[i] = 1;
      const stays = mask[i] === 1 && before[i] === 1 && (!dropped.has(i) || update.keepValueOnRegrow);
      if (stays) continue;
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
  const { scope, exchange, regrowAllowed, keepValueOnRegrow } = plan;
  return applyUpdate(state, { ...key, counts, scope, exchange, regrowAllowed, keepValueOnRegrow }, update);
}
