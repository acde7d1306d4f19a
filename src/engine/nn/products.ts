import type { Value } from '../gpu/trace.ts';
import type { FusedActivation } from '../ops/fusedActivation.ts';
import { linear } from '../ops/linear.ts';
import type { Tape } from '../ops/tape.ts';
import type { NetworkSpec } from './layers.ts';

/** A product of a layer that is stored sparsely, in place of the dense one. */
export type LayerProduct = (x: Value, weight: Value, bias: Value | undefined, activation: FusedActivation) => Value;

/** How the linear layer with this weight multiplies; undefined for a dense product. */
export type ProductOf = (weight: string) => LayerProduct | undefined;

/** Name among the parameters of what the input gradient of a layer goes through in place of this weight. */
export const backwardName = (weight: string): string => `${weight}, backward`;

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
  if (sparse) return sparse(x, weight, bias, activation);
  const inputs = [x, weight, bias, params.get(backwardName(`${name}.weight`))].filter((value) => value !== undefined);
  return tape.apply(linear, inputs, { activation, bias: bias !== undefined, halves: weights === 'f16' });
}
