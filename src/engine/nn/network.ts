import type { Value } from '../gpu/trace.ts';
import type { Tape } from '../ops/tape.ts';
import type { NetworkSpec } from './layers.ts';
import { mlpForward } from './mlp.ts';
import type { ProductOf } from './products.ts';

/**
 * Traces a network: logits (classes, batch) of x (features, batch). `params` holds parameters by name, and running
 * statistics where the network has any; `productOf` tells of linear layers that do not multiply densely.
 */
export type NetworkForward = (tape: Tape, params: ReadonlyMap<string, Value>, x: Value, productOf: ProductOf) => Value;

/** How a network is computed; what only some networks need is loaded when one of them is asked for. */
export async function networkForward(spec: NetworkSpec): Promise<NetworkForward> {
  if (spec.kind === 'mlp') return (tape, params, x, productOf) => mlpForward(tape, spec, params, x, productOf);
  const { cnnForward } = await import('./cnn.ts');
  return (tape, params, x, productOf) => cnnForward(tape, spec, params, x, productOf);
}
