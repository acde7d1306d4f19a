import type { Value } from '../gpu/trace.ts';
import { dropout } from '../ops/dropout.ts';
import { linear } from '../ops/linear.ts';
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
    h = linearProduct(tape, productOf, name, h, { params, activation: hidden ? fusedInProduct(spec) : 'none', weights: spec.weights });
    if (!hidden) return;
    h = afterProduct(tape, spec, name, h, params, normalise);
    if (spec.dropout > 0 && tape.training) h = tape.apply(dropout, [h], { rate: spec.dropout, seed: spec.seed, layer: l });
  });
  return h;
}

/** What goes through the linear layers alone: (classes, batch) of x (features, batch). */
export function mlpFlow(tape: Tape, spec: MlpSpec, weightOf: (name: string) => Value, x: Value): Value {
  return perceptronLayers(spec.widths, spec.activation).reduce((h, { name }) => tape.apply(linear, [h, weightOf(`${name}.weight`)], { activation: 'none', bias: false }), x);
}
