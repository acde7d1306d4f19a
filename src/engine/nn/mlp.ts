import type { Value } from '../gpu/trace.ts';
import { dropout } from '../ops/dropout.ts';
import type { Tape } from '../ops/tape.ts';
import { afterProduct, fusedInProduct, type Normalise } from './hidden.ts';
import { type MlpSpec, perceptronLayers } from './layers.ts';
import { linearProduct, type ProductOf } from './products.ts';

/** Logits (classes, batch) of x (features, batch). */
export function mlpForward(tape: Tape, spec: MlpSpec, params: ReadonlyMap<string, Value>, x: Value, productOf: ProductOf, normalise: Normalise | undefined): Value {
  const layers = perceptronLayers(spec.widths, spec.activation);
  let h = x;
  layers.forEach(({ name }, l) => {
    const hidden = l < layers.length - 1;
    h = linearProduct(tape, productOf, name, h, params, hidden ? fusedInProduct(spec) : 'none');
    if (!hidden) return;
    h = afterProduct(tape, spec, name, h, params, normalise);
    if (spec.dropout > 0 && tape.training) h = tape.apply(dropout, [h], { rate: spec.dropout, seed: spec.seed, layer: l });
  });
  return h;
}
