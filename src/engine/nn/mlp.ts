import type { Value } from '../gpu/trace.ts';
import { dropout } from '../ops/dropout.ts';
import { linear } from '../ops/linear.ts';
import type { Tape } from '../ops/tape.ts';
import { afterProduct, fusedInProduct } from './hidden.ts';
import { type MlpSpec, perceptronLayers } from './layers.ts';

/** Logits (classes, batch) of x (features, batch). */
export function mlpForward(tape: Tape, spec: MlpSpec, params: ReadonlyMap<string, Value>, x: Value): Value {
  const layers = perceptronLayers(spec.widths, spec.activation);
  let h = x;
  layers.forEach(({ name }, l) => {
    const hidden = l < layers.length - 1;
    const [weight, bias] = [params.get(`${name}.weight`) as Value, params.get(`${name}.bias`)];
    h = tape.apply(linear, bias ? [h, weight, bias] : [h, weight], { activation: hidden ? fusedInProduct(spec) : 'none', bias: bias !== undefined });
    if (!hidden) return;
    h = afterProduct(tape, spec, name, h, params);
    if (spec.dropout > 0 && tape.training) h = tape.apply(dropout, [h], { rate: spec.dropout, seed: spec.seed, layer: l });
  });
  return h;
}
