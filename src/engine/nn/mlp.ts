import type { Value } from '../gpu/trace.ts';
import { gelu, relu, tanh } from '../ops/activation.ts';
import { dropout } from '../ops/dropout.ts';
import { layerNorm } from '../ops/layerNorm.ts';
import type { FusedActivation } from '../ops/fusedActivation.ts';
import { linear } from '../ops/linear.ts';
import type { Tape } from '../ops/tape.ts';
import type { ParamSpec } from './layout.ts';

/** What decides an MLP; `widths` holds input, hidden and output widths. */
export interface MlpSpec {
  widths: readonly number[];
  activation: 'relu' | 'gelu' | 'tanh';
  norm: 'none' | 'layer';
  dropout: number;
  seed: number;
  /** Per linear layer: may masks apply to it? */
  maskable: readonly boolean[];
}

/** Name of linear layer l: `fc1`, `fc2`, ... */
export const layerName = (l: number): string => `fc${l + 1}`;

/** True where a tensor belongs to one of the layers, counted from 1. */
export function isOfLayers(tensor: Pick<ParamSpec, 'name'>, layers: readonly number[]): boolean {
  return layers.some((layer) => tensor.name.startsWith(`${layerName(layer - 1)}.`));
}

/** The parameters of an MLP: weights [out, in] and biases [out] of each layer, gains and shifts of norms. */
export function mlpParams(spec: MlpSpec): ParamSpec[] {
  const plain = { rateScale: 1, decayScale: 0, trainable: true, maskable: false } as const;
  return spec.widths.slice(1).flatMap((out, l) => {
    const name = layerName(l);
    const params: ParamSpec[] = [
      { name: `${name}.weight`, shape: [out, spec.widths[l] as number], init: 'kaiming', rateScale: 1, decayScale: 1, trainable: true, maskable: spec.maskable[l] ?? false },
      { name: `${name}.bias`, shape: [out], init: 'zeros', ...plain },
    ];
    if (spec.norm === 'layer' && l < spec.widths.length - 2) {
      params.push({ name: `${name}.gain`, shape: [out], init: 'ones', ...plain }, { name: `${name}.shift`, shape: [out], init: 'zeros', ...plain });
    }
    return params;
  });
}

const SEPARATE = { relu, gelu, tanh } as const;

/** A product of a layer that is stored sparsely, in place of the dense one. */
export type LayerProduct = (x: Value, weight: Value, bias: Value, activation: FusedActivation) => Value;

/**
 * Logits (classes, batch) of x (features, batch).
 * @param productOf how the layer with this weight multiplies; undefined for a dense product
 */
export function mlpForward(tape: Tape, spec: MlpSpec, params: ReadonlyMap<string, Value>, x: Value, productOf: (weight: string) => LayerProduct | undefined = () => undefined): Value {
  const get = (name: string): Value => params.get(name) as Value;
  const last = spec.widths.length - 2;
  let h = x;
  for (let l = 0; l <= last; l++) {
    const name = layerName(l);
    // Fused where the slope follows from the output and nothing stands between product and activation.
    const fused: FusedActivation = l < last && spec.norm === 'none' && spec.activation !== 'gelu' ? spec.activation : 'none';
    const [weight, bias] = [get(`${name}.weight`), get(`${name}.bias`)];
    h = productOf(`${name}.weight`)?.(h, weight, bias, fused) ?? tape.apply(linear, [h, weight, bias], { activation: fused, bias: true });
    if (l === last) break;
    if (spec.norm === 'layer') h = tape.apply(layerNorm, [h, get(`${name}.gain`), get(`${name}.shift`)], { epsilon: 1e-5 });
    if (fused === 'none') h = tape.apply(SEPARATE[spec.activation], [h], {});
    if (spec.dropout > 0 && tape.training) h = tape.apply(dropout, [h], { rate: spec.dropout, seed: spec.seed, layer: l });
  }
  return h;
}
