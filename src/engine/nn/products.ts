import type { Value } from '../gpu/trace.ts';
import type { FusedActivation } from '../ops/fusedActivation.ts';
import { linear } from '../ops/linear.ts';
import type { Tape } from '../ops/tape.ts';
import type { NetworkSpec } from './layers.ts';

/** A product of a layer that is stored sparsely, in place of the dense one. */
export type LayerProduct = (x: Value, weight: Value, bias: Value | undefined, activation: FusedActivation) => Value;

/** How the linear layer with this weight multiplies; undefined for a dense product. */
export type ProductOf = (weight: string) => LayerProduct | undefined;

/** What a linear layer is computed with. */
interface Linear {
  params: ReadonlyMap<string, Value>;
  activation: FusedActivation;
  weights: NetworkSpec['weights'];
}

/** The product of linear layer `name`: (out, batch) of x (in, batch), with its bias where it has one. */
export function linearProduct(tape: Tape, productOf: ProductOf, name: string, x: Value, { params, activation, weights }: Linear): Value {
  const [weight, bias] = [params.get(`${name}.weight`) as Value, params.get(`${name}.bias`)];
  const sparse = productOf(`${name}.weight`);
  return sparse ? sparse(x, weight, bias, activation) : tape.apply(linear, bias ? [x, weight, bias] : [x, weight], { activation, bias: bias !== undefined, halves: weights === 'f16' });
}
