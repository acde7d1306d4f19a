import type { Value } from '../gpu/trace.ts';
import { dropout } from '../ops/dropout.ts';
import { linear } from '../ops/linear.ts';
import type { Tape } from '../ops/tape.ts';
import { afterProduct, fusedInProduct } from './hidden.ts';
import { type HiddenSpec, layerParams, perceptronLayers } from './layers.ts';
import type { ParamSpec } from './layout.ts';

/** What decides an MLP; `widths` holds input, hidden and output widths. */
export interface MlpSpec extends HiddenSpec {
  kind: 'mlp';
  widths: readonly number[];
  dropout: number;
  seed: number;
  /** Per linear layer: may masks apply to it? */
  maskable: readonly boolean[];
}

/** The parameters of an MLP: weights [out, in] and biases [out] of each layer, gains and shifts of norms. */
export function mlpParams(spec: MlpSpec): ParamSpec[] {
  const last = spec.widths.length - 2;
  return perceptronLayers(spec.widths, spec.activation).flatMap((layer, l) => layerParams(layer, spec.maskable[l] ?? false, l < last ? spec.norm : 'none'));
}

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
