import type { KnobLayout } from '../gpu/knobs.ts';
import { ALIGN, type Trace, type Value } from '../gpu/trace.ts';
import { COUNT_WORDS, maskCommit, STATUS_COUNTS, statusWords } from '../kernels/mask.ts';
import { CUT_WORDS, exchangeBegin, layerAverage, MEAN_WORDS, redistributeGrowth, scoreActive, scoreInactive, selectBegin, selectCount, selectPick, selectRank } from '../kernels/select.ts';
import type { ParamLayout } from '../nn/layout.ts';
import { gradientAverage } from './averages.ts';
import { ROUNDING_CODES, type RoundingId } from './counts.ts';
import type { MoveObserver } from './moveObserver.ts';
import { grows, type MaskMoves, type MaskPlan, type Method, type ScoreName } from './method.ts';
import { unitCode } from './units.ts';

/** What a mask update is traced from. */
export interface MaskUpdateSpec {
  method: Pick<Method, 'update'>;
  plan: Pick<MaskPlan, 'scope' | 'exchange' | 'redistribute' | 'patternMoves' | 'keepsInactive' | 'regrowAllowed' | 'keepValueOnRegrow'>;
  layout: Pick<ParamLayout, 'n' | 'masked' | 'groups' | 'pattern'> & { tensors: readonly unknown[]; layers: readonly { offset: number; length: number }[] };
  /** Optimizer state buffers per parameter. */
  slotCount: number;
  /** Decides random scores. */
  seed: number;
  /** Updates whose counts the status buffer holds. */
  ringRows: number;
  /** How the best are found; by default `rank` where every segment is short. Both give the same bits. */
  selection?: 'rank' | 'radix';
  /** Told of the moves while they are traced. */
  observer?: MoveObserver | undefined;
}

/** What one update did to a layer. A weight that was dropped and grown again counts as dropped, grown and regrown. */
export interface LayerCounts {
  active: number;
  dropped: number;
  grown: number;
  regrown: number;
  /** Active now or at any time before. */
  fired: number;
}

/** Up to this length of a segment, counting ranks takes less time than the fifteen dispatches of a radix selection. */
const RANK_LONGEST = 2048;
/** Digits of eight bits: four of the key, three of the index; see lib/radix.wgsl. */
const DIGITS = 7;
/** The radix selection holds an index in three digits. */
const MOST_WEIGHTS = 2 ** 24;

/** A selection that is finished: keys, and the cut of each segment. */
interface Selection {
  keys: Value;
  cuts: Value;
}

/** A radix selection that has not begun to count: cuts that hold only how many to take, and empty histograms. */
interface Begun {
  cuts: Value;
  histogram: Value;
  segments: number;
}

/** What is selected among, weights or groups of them: one vector, in which each layer has a segment that begins a block of 64. */
interface Candidates {
  n: number;
  layers: readonly { length: number }[];
  /** Layer of each block; offset and length of each segment. */
  blocks: Value;
  segments: Value;
}

/** Everything that the dispatches of one update share. */
interface Context {
  trace: Trace;
  spec: MaskUpdateSpec;
  /** 1 while one threshold holds for all layers; 0 once each layer goes on by itself. */
  global: 0 | 1;
  knob: { keep: number; grow: number; step: number; update: number };
  weights: Value;
  gradients: Value;
  masks: Value;
  /** Layer of each block of 64 weights. */
  blocks: Value;
  candidates: Candidates;
  status: Value;
}

/**
 * Traces the mask update of a method on the State buffers params, grads, slots, masks, table, segments and status:
 * five dispatches for drop and grow where `rank` selects. It records nothing where the method never updates or no layer
 * is maskable. Knobs: `keep` and `grow` u32 a layer (global scope: the first word), `step` and `update` u32; where layers
 * exchange a share of what a common threshold left them, `share` u32 (see `shareWord`). Where the layout has groups, these
 * are scored, counted and selected in the place of weights, and the buffers of `groupTables` are read, too.
 * Counts go to row `update` modulo `ringRows` of the status buffer. Once its flag is up, nothing changes.
 * @throws Error for moves in another order than drop, or drop then grow, and for networks too large to select in.
 */
export function traceMaskUpdate(trace: Trace, knobs: KnobLayout, spec: MaskUpdateSpec): void {
  const { method, layout } = spec;
  if (!method.update || layout.layers.length === 0) return;
  if (layout.masked > MOST_WEIGHTS) throw new Error(`A mask update selects among at most ${MOST_WEIGHTS} weights; this network has ${layout.masked}. Use smaller layers.`);
  const context = declare(trace, knobs, spec);
  let kept: Selection | undefined;
  let grown: Selection | undefined;
  let begun: Begun | undefined;
  const { pattern } = layout;
  const fits = pattern && ((keys: Value): Selection => unitCode().tracePattern(trace, knobs, pattern, keys, spec.plan.patternMoves === true));
  const moves: MaskMoves = {
    drop(score) {
      if (kept) throw new Error('A mask update drops once, before it grows.');
      const active = traceActive(context, score, false);
      const fitted = fits?.(active);
      // What grows fills each group again; until then it may have room.
      kept = fitted && !grows(method) ? fitted : select(context, 'keep', fitted?.keys ?? active);
      if (spec.plan.exchange !== undefined) {
        const exchange = traceExchange(context, knobs, kept, spec.plan.exchange);
        if (spec.plan.redistribute) traceRedistribution(context, kept.keys, exchange);
        context.global = 0;
        kept = radix(context, 'keep', kept.keys, exchange.keep);
        begun = exchange.grow;
      }
      observe(context, 'drop', score, kept);
    },
    grow(score) {
      if (!kept || grown) throw new Error('A mask update grows once, after its drop.');
      const keys = traceInactive(context, score, kept);
      grown = fits?.(keys) ?? (begun ? radix(context, 'grow', keys, begun) : select(context, 'grow', keys));
      observe(context, 'grow', score, grown);
    },
    choose(score) {
      if (kept) throw new Error('A mask update that chooses anew does nothing else.');
      if (spec.plan.scope === 'global') throw new Error('A mask update that chooses anew goes layer by layer.');
      const keys = traceActive(context, score, true);
      kept = fits?.(keys) ?? select(context, 'keep', keys);
      observe(context, 'drop', score, kept);
    },
  };
  method.update(moves);
  const ofWeights = (selection: Selection): Selection => (layout.groups ? unitCode().traceSpread(trace, layout.groups, selection, context.blocks, layout.masked, context.global) : selection);
  const last = grown ?? kept;
  // Arguments of an observer that is not there are not traced either.
  if (kept) spec.observer?.decided({ ...ofWeights(kept), blocks: context.blocks, global: context.global });
  if (last) traceCommit(context, ofWeights(last), grown !== undefined);
}

function observe({ spec, global, candidates: { blocks } }: Context, move: 'drop' | 'grow', score: ScoreName, selection: Selection): void {
  spec.observer?.selected(move, score, { ...selection, blocks, global });
}

function declare(trace: Trace, knobs: KnobLayout, spec: MaskUpdateSpec): Context {
  const { n, masked, layers, tensors, groups } = spec.layout;
  const blocks = trace.state('table', 'u32', n / ALIGN + 4 * tensors.length);
  return {
    trace,
    spec,
    global: spec.plan.scope === 'global' ? 1 : 0,
    knob: {
      keep: knobs.at('keep', 'u32', layers.length).index,
      grow: knobs.at('grow', 'u32', layers.length).index,
      step: knobs.at('step', 'u32').index,
      update: knobs.at('update', 'u32').index,
    },
    weights: trace.view(trace.state('params', 'f32', n), 'maskable weights', 0, [masked]),
    gradients: trace.view(trace.state('grads', 'f32', n), 'their gradients', 0, [masked]),
    masks: trace.state('masks', 'bits', 4 * masked),
    blocks,
    candidates: groups
      ? { n: groups.n, layers: groups.layers, blocks: trace.state('group blocks', 'u32', groups.n / ALIGN), segments: trace.state('group segments', 'u32', 2 * layers.length) }
      : { n: masked, layers, blocks, segments: trace.state('segments', 'u32', 2 * layers.length) },
    status: trace.state('status', 'u32', statusWords(spec.ringRows, layers.length)),
  };
}

/** What stands in the place of the gradients, and the snippet that ranks by it. */
function scoring({ trace, spec, gradients }: Context, score: ScoreName): { gradients: Value; slots: { score: string } } {
  return score === 'momentum' ? { gradients: gradientAverage(trace, spec.layout), slots: { score: 'score_gradient' } } : { gradients, slots: { score: `score_${score}` } };
}

/** Keys of the active weights, or of all. */
function traceActive(context: Context, score: ScoreName, all: boolean): Value {
  const { trace, spec, knob, weights, masks, status, candidates: { n, blocks } } = context;
  const { gradients, slots } = scoring(context, score);
  const { masked, layers, groups } = spec.layout;
  const keys = trace.transient('keys', 'u32', [n]);
  const label = `score ${all ? 'all' : 'active'} by ${score}`;
  const params = { n, all: all ? 1 : 0, layers: layers.length, ring_rows: spec.ringRows, seed: spec.seed, step_knob: knob.step, update_knob: knob.update };
  const bind = { weights, gradients, mask: trace.view(masks, 'mask', 0, [masked]), keys, status };
  if (groups) unitCode().traceGroupActive(trace, groups, score, { label, params, bind: { ...bind, blocks }, slots });
  else trace.dispatch(scoreActive, { label, params, bind, slots });
  return keys;
}

function traceInactive(context: Context, score: ScoreName, kept: Selection): Value {
  const { trace, spec, global, knob, weights, candidates: { n, blocks, segments } } = context;
  const { gradients, slots } = scoring(context, score);
  const { groups } = spec.layout;
  const grow_keys = trace.transient('grow keys', 'u32', [n]);
  const label = `score inactive by ${score}`;
  const params = { n, regrow: spec.plan.regrowAllowed ? 1 : 0, global, seed: spec.seed, step_knob: knob.step };
  const bind = { weights, gradients, ...kept, blocks, grow_keys };
  if (groups) unitCode().traceGroupInactive(trace, groups, score, { label, params, bind, slots });
  else trace.dispatch(scoreInactive, { label, params, bind: { ...bind, segments }, slots });
  return grow_keys;
}

/** Finds the cut above which lie the `keep` or `grow` best keys of each segment. */
function select(context: Context, move: 'keep' | 'grow', keys: Value): Selection {
  const { trace, spec, global, candidates: { n, layers, blocks, segments } } = context;
  const count = global ? 1 : layers.length;
  const k_knob = context.knob[move];
  const cuts = trace.transient(`${move} cuts`, 'u32', [count * CUT_WORDS]);
  const longest = global ? n : Math.max(...layers.map((layer) => layer.length));
  if ((spec.selection ?? (longest <= RANK_LONGEST ? 'rank' : 'radix')) === 'rank') {
    trace.dispatch(selectRank, { label: `select ${move}`, params: { n, global, k_knob }, bind: { keys, segments, blocks, cuts } });
    return { keys, cuts };
  }
  const histogram = trace.transient(`${move} histogram`, 'u32', [count * 256]);
  trace.dispatch(selectBegin, { label: `select ${move}`, params: { segments: count, k_knob }, bind: { cuts, histogram } });
  return radix(context, move, keys, { cuts, histogram, segments: count });
}

/** The digits of a radix selection. */
function radix({ trace, global, candidates: { n, blocks } }: Context, move: 'keep' | 'grow', keys: Value, { cuts, histogram, segments }: Begun): Selection {
  for (let digit = 0; digit < DIGITS; digit++) {
    trace.dispatch(selectCount, { label: `select ${move}: count digit ${digit}`, params: { n, digit, global }, bind: { keys, blocks, cuts, histogram } });
    trace.dispatch(selectPick, { label: `select ${move}: pick digit ${digit}`, params: { segments, digit }, bind: { cuts, histogram } });
  }
  return { keys, cuts };
}

/** Finds how many of the weights that a common threshold left to a layer it exchanges, and begins both selections. */
function traceExchange({ trace, spec, candidates: { segments } }: Context, knobs: KnobLayout, left: Selection, rounding: RoundingId): { keep: Begun; grow: Begun } {
  const layers = spec.layout.layers.length;
  const begun = (move: string): Begun => ({
    cuts: trace.transient(`${move} cuts of layers`, 'u32', [layers * CUT_WORDS]), histogram: trace.transient(`${move} histogram of layers`, 'u32', [layers * 256]), segments: layers,
  });
  const [keep, grow] = [begun('keep'), begun('grow')];
  trace.dispatch(exchangeBegin, {
    label: 'share of each layer',
    params: { layers, regrow: spec.plan.regrowAllowed ? 1 : 0, rounding: ROUNDING_CODES[rounding], share_knob: knobs.at('share', 'u32').index },
    bind: { ...left, segments, keep_cuts: keep.cuts, grow_cuts: grow.cuts, keep_histogram: keep.histogram, grow_histogram: grow.histogram },
  });
  return { keep, grow };
}

/** Shares the growth of an exchange among layers. */
function traceRedistribution({ trace, spec, knob, masks, candidates: { segments, layers: candidates } }: Context, keys: Value, { keep, grow }: { keep: Begun; grow: Begun }): void {
  const { layers, masked } = spec.layout;
  const means = trace.transient('means of layers', 'u32', [layers.length * MEAN_WORDS]);
  const bind = { average: gradientAverage(trace, spec.layout), mask: trace.view(masks, 'mask', 0, [masked]), keys, segments, means };
  layers.forEach(({ offset, length }, layer) => {
    trace.dispatch(layerAverage, { label: `mean of layer ${layer + 1}`, params: { layer, first: offset, length, candidates: candidates[layer]!.length }, bind });
  });
  trace.dispatch(redistributeGrowth, {
    label: 'redistribute', params: { layers: layers.length, regrow: spec.plan.regrowAllowed ? 1 : 0, grow_knob: knob.grow }, bind: { segments, keep_cuts: keep.cuts, means, grow_cuts: grow.cuts },
  });
}

function traceCommit({ trace, spec, global, knob, weights, masks, blocks, status }: Context, last: Selection, grows: boolean): void {
  const { n, masked, layers } = spec.layout;
  trace.dispatch(maskCommit, {
    label: 'commit masks',
    params: {
      words: masked / 32, layers: layers.length, has_grow: grows ? 1 : 0, global, keep_value: spec.plan.keepValueOnRegrow ? 1 : 0, keep_inactive: spec.plan.keepsInactive ? 1 : 0,
      slots: spec.slotCount, slot_stride: n, ring_rows: spec.ringRows, update_knob: knob.update,
    },
    bind: { ...last, blocks, masks, weights, slots: trace.state('slots', 'f32', n * spec.slotCount), status },
  });
}

/** What update `update` did, layer by layer, from the words of the status buffer. */
export function readCounts(status: Uint32Array, ringRows: number, layers: number, update: number): LayerCounts[] {
  return Array.from({ length: layers }, (_, layer) => {
    const at = STATUS_COUNTS + ((update % ringRows) * layers + layer) * COUNT_WORDS;
    const [active = 0, dropped = 0, grown = 0, regrown = 0, fired = 0] = status.subarray(at, at + COUNT_WORDS);
    return { active, dropped, grown, regrown, fired };
  });
}
