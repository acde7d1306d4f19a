import { ACTIVATION_CODES, activationGradient } from '../kernels/elementwise.ts';
import type { Value } from '../gpu/trace.ts';
import type { Call } from './op.ts';
import type { Tape } from './tape.ts';

/** Activations that can be fused: their slope follows from the output alone. */
export type FusedActivation = 'none' | 'relu' | 'tanh';

/** Operations with a fused activation. */
const FUSING: readonly string[] = ['linear', 'sparseLinear', 'blockLinear', 'nmLinear', 'conv2d', 'batchNorm'];

/** dZ: the gradient before the fused activation of a call. */
export function beforeActivation(tape: Tape, call: Call & { attributes: { activation: FusedActivation } }, dy: Value): Value {
  const { activation } = call.attributes;
  if (activation === 'none' || call.slopeDone) return dy;
  const dx = tape.transient('dz', dy.shape);
  tape.trace.dispatch(activationGradient, {
    label: `slope of ${activation}`,
    params: { n: dy.length, activation: ACTIVATION_CODES[activation], from_output: 1 },
    bind: { dy, saved: call.output, dx },
  });
  return dx;
}

/** The call that made x with a fused activation, where x goes nowhere else: its slope rides on this product. */
export function fusedProducer(tape: Tape, x: Value): Call | undefined {
  const producer = tape.soleProducer(x);
  return producer && FUSING.includes(producer.op.name) && producer.attributes.activation !== 'none' ? producer : undefined;
}

/** What an activation makes of a sum, in float64. */
export function activated(activation: FusedActivation, sum: number): number {
  return activation === 'relu' ? Math.max(0, sum) : activation === 'tanh' ? Math.tanh(sum) : sum;
}
