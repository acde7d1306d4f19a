import type { Trace, Value } from '../gpu/trace.ts';
import { groupActive, groupInactive, groupSpread, GROUP_WORDS, REDUCE_CODES } from '../kernels/groups.ts';
import { CUT_WORDS } from '../kernels/select.ts';
import type { GroupLayout } from '../nn/layout.ts';
import type { ScoreName } from './method.ts';

/** A dispatch that scores weights, whose place one takes that scores groups of them. */
interface Scoring<P> {
  label: string;
  params: P;
  bind: Readonly<Record<string, Value>>;
  slots: Readonly<Record<string, string>>;
}

/** Random scores are drawn once a group: of several, the largest would favour large groups. */
function reduceOf({ score: reduce }: GroupLayout, score: ScoreName): number {
  if (score === 'random') return REDUCE_CODES.first;
  // Keys of curvature stand for numbers with a sign.
  return REDUCE_CODES[score === 'curvature' && reduce === 'mean' ? 'signedMean' : reduce];
}

function groupTable(trace: Trace, { layers }: GroupLayout): Value {
  return trace.state('group table', 'u32', layers.length * GROUP_WORDS);
}

/** Keys of the active groups, or of all. */
export function traceGroupActive(trace: Trace, groups: GroupLayout, score: ScoreName, { label, params, bind, slots }: Scoring<{ n: number; all: number; layers: number; ring_rows: number; seed: number; step_knob: number; update_knob: number }>): void {
  trace.dispatch(groupActive, { label, params: { ...params, reduce: reduceOf(groups, score) }, bind: { ...bind, group_table: groupTable(trace, groups) }, slots });
}

/** Keys of the groups that may be grown. */
export function traceGroupInactive(trace: Trace, groups: GroupLayout, score: ScoreName, { label, params, bind, slots }: Scoring<{ n: number; regrow: number; global: number; seed: number; step_knob: number }>): void {
  trace.dispatch(groupInactive, { label, params: { ...params, reduce: reduceOf(groups, score) }, bind: { ...bind, group_table: groupTable(trace, groups) }, slots });
}

/** Keys and cuts of `masked` weights, where groups of them were selected. */
export function traceSpread(trace: Trace, groups: GroupLayout, { keys, cuts }: { keys: Value; cuts: Value }, blocks: Value, masked: number, global: number): { keys: Value; cuts: Value } {
  const weight_keys = trace.transient('keys of weights', 'u32', [masked]);
  const weight_cuts = trace.transient('cuts of weights', 'u32', [cuts.length]);
  trace.dispatch(groupSpread, {
    label: 'spread groups over weights',
    params: { words: masked / 32, segments: cuts.length / CUT_WORDS, global },
    bind: { keys, cuts, blocks, group_table: groupTable(trace, groups), weight_keys, weight_cuts },
  });
  return { keys: weight_keys, cuts: weight_cuts };
}
