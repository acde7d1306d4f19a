import type { KnobLayout } from '../gpu/knobs.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { absolute, fill } from '../kernels/elementwise.ts';
import { sum } from '../ops/mean.ts';
import { createTape, NO_KNOB } from '../ops/tape.ts';
import { tensorViews, type ParamLayout } from './layout.ts';
import type { Network } from './network.ts';

/**
 * Gradients of the flow R = 1^T |W_L| ... |W_1| 1 by each |w|, in the State buffer `grads`: what goes through a network
 * of absolute weights, without biases, activations and norms, when every input is 1 (SynFlow; Tanaka et al. 2020). No
 * data take part. The sum of |w| dR/d|w| over a layer is R, for every layer.
 */
export function traceFlow(trace: Trace, knobs: KnobLayout, network: Pick<Network, 'flow'>, inputs: number, layout: ParamLayout): void {
  const tape = createTape(trace, knobs, false);
  const [params, gradients] = [tensorViews(trace, 'params', layout), tensorViews(trace, 'grads', layout)];
  const ones = trace.transient('ones', 'f32', [inputs, 1]);
  trace.dispatch(fill, { label: 'fill inputs', params: { n: ones.length, scale: 1, scale_knob: NO_KNOB }, bind: { y: ones } });
  const sizeOf = (name: string): Value => {
    const weight = params.get(name) as Value;
    const size = trace.transient(`|${name}|`, 'f32', weight.shape);
    trace.dispatch(absolute, { label: size.name, params: { n: size.length }, bind: { x: weight, y: size } });
    return tape.trainable(size, gradients.get(name) as Value);
  };
  tape.loss('flow', tape.apply(sum, [network.flow(tape, sizeOf, ones)], {}));
  tape.backward();
}
