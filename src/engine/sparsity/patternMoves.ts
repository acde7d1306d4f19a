import type { KnobLayout } from '../gpu/knobs.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { nmSelect, nmSelectSquares } from '../kernels/pattern.ts';
import { CUT_WORDS } from '../kernels/select.ts';
import { NO_KNOB } from '../ops/tape.ts';
import type { PatternLayout } from '../nn/layout.ts';

/**
 * Records what leaves of keys those that a pattern lets stay, a dispatch a layer, and cuts that take all that have one: a
 * selection among the same candidates, as `select` gives one.
 * @param moves N and M come from the knobs `n` and `m`, u32; a transposable pattern has none
 */
export function tracePattern(trace: Trace, knobs: KnobLayout, { n, m, axis, layers }: PatternLayout, keys: Value, moves: boolean): { keys: Value; cuts: Value } {
  if (moves && axis === 'both') throw new Error('A transposable pattern keeps its N and M for the whole run. Take one along in or out for a method that changes them.');
  const chosen = trace.transient('keys that fit', 'u32', [keys.length]);
  const cuts = trace.transient('cuts of the pattern', 'u32', [layers.length * CUT_WORDS]);
  const bind = { keys, chosen, cuts };
  const [n_knob, m_knob] = moves ? [knobs.at('n', 'u32').index, knobs.at('m', 'u32').index] : [NO_KNOB, NO_KNOB];
  layers.forEach((matrix, layer) => {
    const label = `fit layer ${layer + 1} to ${n}:${m}`;
    if (axis === 'both') trace.dispatch(nmSelectSquares, { label, params: { layer, ...matrix, n, m }, bind });
    else trace.dispatch(nmSelect, { label, params: { layer, ...matrix, axis: axis === 'in' ? 0 : 1, n, m, n_knob, m_knob }, bind });
  });
  return { keys: chosen, cuts };
}
