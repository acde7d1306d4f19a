import type { KnobLayout } from '../gpu/knobs.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { pullOutside } from '../kernels/mask.ts';
import { nmMask } from '../kernels/pattern.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import { backwardName } from '../nn/products.ts';
import { applyMask } from '../ops/applyMask.ts';
import type { Tape } from '../ops/tape.ts';
import type { MaskPlan } from './method.ts';
import { FACTOR, PULL, pullsInStep } from './outside.ts';
import { backwardMaskOf, backwardShare, indexedLayers, type LayerStorage, maskOf, storable } from './storage.ts';

/* What steps of methods do that train the weights outside their masks, too: loaded by runs that have such a method. */

/**
 * Weights as a pass sees them, by name: `params`, but for masked layers of methods that train what lies outside. In
 * training those weights come with their factor, and their gradient as the plan says; else they are 0. Layers that are
 * stored with an index read what their mask keeps by themselves.
 */
export function seenWeights(tape: Tape, params: ReadonlyMap<string, Value>, layout: ParamLayout, plan: Pick<MaskPlan, 'outside'>, { format }: LayerStorage): ReadonlyMap<string, Value> {
  const { outside } = plan;
  if (!outside) return params;
  const indexed = indexedLayers(layout, format);
  const mask = maskOf(tape.trace, layout);
  const seen = layout.layers.filter((layer) => !indexed.includes(layer)).map((layer): [string, Value] => {
    const attributes = { first: layer.offset, ...(tape.training ? { straightThrough: outside.gradient === 'through', rest: 1, knob: FACTOR } : { straightThrough: false, rest: 0, knob: '' }) };
    // Under the name of the weight: costs go by the names of products.
    return [layer.name, tape.apply(applyMask, [params.get(layer.name) as Value, mask], attributes, tape.transient(layer.name, layer.shape))];
  });
  const masked = storable(layout).filter((layer) => !indexed.includes(layer));
  return new Map([...params, ...seen, ...(tape.training ? backwardWeights(tape, params, masked, backwardMaskOf(tape.trace, layout, plan)) : [])]);
}

/** What gradients of inputs go through in place of the weights of these layers, by the names that `backwardName` gives; nothing without such a mask. */
function backwardWeights(tape: Tape, params: ReadonlyMap<string, Value>, layers: readonly ParamTensor[], mask: Value | undefined): [string, Value][] {
  if (!mask) return [];
  return layers.map((layer) => {
    const weight = tape.detach(params.get(layer.name) as Value);
    return [backwardName(layer.name), tape.apply(applyMask, [weight, mask], { first: layer.offset, straightThrough: false, rest: 0, knob: '' }, tape.transient(layer.name, layer.shape))];
  });
}

/** Chooses the masks of the backward pass anew, by the magnitudes of the master. */
export function traceBackwardMasks(trace: Trace, layout: ParamLayout, plan: Pick<MaskPlan, 'outside'>, statusLength: number): void {
  const { pattern, n, masked } = layout;
  const bits = backwardMaskOf(trace, layout, plan);
  if (!bits || !pattern) return;
  const bind = { weights: trace.view(trace.state('params', 'f32', n), 'maskable params', 0, [masked]), status: trace.state('status', 'u32', statusLength), bits };
  for (const layer of storable(layout)) {
    const [rows, columns] = layer.shape as readonly [number, number];
    trace.dispatch(nmMask, { label: `mask behind ${layer.name}`, params: { first: layer.offset, rows, columns, axis: 1, n: pattern.n, m: pattern.m, share: backwardShare(layout, layer) }, bind });
  }
}

/** Adds the pull on weights outside the mask to their gradients; nothing where there is none, or the optimizer does it. */
export function tracePull(trace: Trace, knobs: KnobLayout, layout: ParamLayout, plan: Pick<MaskPlan, 'outside'>, optimizer: string): void {
  const { outside } = plan;
  if (!outside) return;
  // Both are set in every step, whether a dispatch of it reads them or not.
  const [, pull] = [FACTOR, PULL].map((name) => knobs.at(name, 'f32').index) as [number, number];
  if (!outside.pulls || pullsInStep(plan, optimizer) || layout.layers.length === 0) return;
  const { n, masked } = layout;
  const part = (buffer: string): Value => trace.view(trace.state(buffer, 'f32', n), `maskable ${buffer}`, 0, [masked]);
  trace.dispatch(pullOutside, { label: 'pull to 0 outside the mask', params: { n: masked, pull_knob: pull }, bind: { weights: part('params'), mask: maskOf(trace, layout), gradients: part('grads') } });
}
