import type { KnobLayout, KnobValues } from '../gpu/knobs.ts';
import { ALIGN, type Trace, type Value } from '../gpu/trace.ts';
import { adam, adamPulled, adamQuads, sgd, sgdQuads } from '../kernels/optimizers.ts';
import type { ParamLayout } from '../nn/layout.ts';

/** Which weights an update moves, and what else it does with the others. */
export interface OptimizerMask {
  /** Bits of the weights that are moved; the mask of the network where absent. */
  mask?: Value;
  /** Of Adam: moves all weights, and draws those outside `mask` to 0 by the knob of this name, apart from the first moment. */
  pull?: string;
}

/** The update rule, without its rate. */
export interface OptimizerSpec {
  name: 'sgd' | 'adam' | 'adamw';
  momentum: number;
  nesterov: boolean;
  beta1: number;
  beta2: number;
  epsilon: number;
  decay: number;
}

/** State buffers that an optimizer keeps per parameter: velocity, or two moments. */
export function slotCount(name: OptimizerSpec['name']): number {
  return name === 'sgd' ? 1 : 2;
}

/**
 * Traces one update of all parameters: a single dispatch over the flat vector. Knobs: `rate` f32, and for Adam
 * `correction` f32 x 2 = 1 - beta^t, with t the updates since the moments were zero.

 */
export function traceOptimizer(trace: Trace, knobs: KnobLayout, spec: OptimizerSpec, layout: ParamLayout, statusLength: number, { mask = trace.state('masks', 'bits', 4 * layout.masked), pull }: OptimizerMask = {}): void {
  const { n, masked } = layout;
  const blocks = n / ALIGN;
  const blocky = layout.groups?.unit === 'block';
  const bind = {
    gradients: trace.state('grads', 'f32', n),
    mask,
    table: trace.state('table', 'u32', blocks + 4 * layout.tensors.length),
    status: trace.state('status', 'u32', statusLength),
    weights: trace.state('params', 'f32', n),
    slots: trace.state('slots', 'f32', n * slotCount(spec.name)),
  };
  const rate_knob = knobs.at('rate', 'f32').index;
  if (spec.name === 'sgd') {
    trace.dispatch(blocky ? sgdQuads : sgd, { label: 'SGD', params: { n, masked, blocks, rate_knob, momentum: spec.momentum, nesterov: spec.nesterov ? 1 : 0, decay: spec.decay }, bind });
    return;
  }
  const { beta1, beta2, epsilon, decay } = spec;
  const correction_knob = knobs.at('correction', 'f32', 2).index;
  const shared = { n, masked, blocks, rate_knob, correction_knob, beta1, beta2, epsilon, decay, decoupled: spec.name === 'adamw' ? 1 : 0 };
  if (pull !== undefined) {
    trace.dispatch(adamPulled, { label: 'Adam with a pull', params: { ...shared, pull_knob: knobs.at(pull, 'f32').index }, bind });
    return;
  }
  trace.dispatch(blocky ? adamQuads : adam, {
    label: spec.name === 'adam' ? 'Adam' : 'AdamW',
    params: shared,
    bind,
  });
}

/** Values for the knobs that `traceOptimizer` asked for: the rate, and for Adam what t updates, this one included, correct. */
export function optimizerKnobs(spec: OptimizerSpec, rate: number, t: number): KnobValues {
  return spec.name === 'sgd' ? { rate } : { rate, correction: corrections(spec, t) };
}

/** The `correction` knob after t updates, this one included. */
export function corrections(spec: OptimizerSpec, t: number): readonly [number, number] {
  return [1 - spec.beta1 ** t, 1 - spec.beta2 ** t];
}
