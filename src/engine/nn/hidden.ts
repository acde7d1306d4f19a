import type { Value } from '../gpu/trace.ts';
import { gelu, relu, tanh } from '../ops/activation.ts';
import { batchNorm, batchNormGiven } from '../ops/batchNorm.ts';
import type { FusedActivation } from '../ops/fusedActivation.ts';
import { layerNorm } from '../ops/layerNorm.ts';
import type { Tape } from '../ops/tape.ts';
import type { HiddenSpec } from './layers.ts';

const SEPARATE = { relu, gelu, tanh } as const;
const EPSILON = 1e-5;

/** Where the activation of a hidden layer is computed: with the product, with its norm, or apart. It can be fused where its slope follows from the output. */
const home = ({ activation, norm }: HiddenSpec): 'product' | 'norm' | 'apart' =>
  activation === 'gelu' || norm === 'layer' ? 'apart' : norm === 'batch' ? 'norm' : 'product';

/** The activation that the product of a hidden layer computes itself. */
export function fusedInProduct(spec: HiddenSpec): FusedActivation {
  return spec.activation !== 'gelu' && home(spec) === 'product' ? spec.activation : 'none';
}

/**
 * What follows the product h of hidden layer `name`: its norm and activation, as far as the product did not fuse them.
 * Batch norm takes the statistics of the batch while training, else the running ones.
 */
export function afterProduct(tape: Tape, spec: HiddenSpec, name: string, h: Value, params: ReadonlyMap<string, Value>): Value {
  const get = (part: string): Value => params.get(`${name}.${part}`) as Value;
  let y = h;
  if (spec.norm === 'layer') y = tape.apply(layerNorm, [h, get('gain'), get('shift')], { epsilon: EPSILON });
  if (spec.norm === 'batch') {
    const attributes = { epsilon: EPSILON, activation: spec.activation !== 'gelu' ? spec.activation : 'none' } as const;
    y = tape.training ? tape.apply(batchNorm, [h, get('gain'), get('shift')], attributes) : tape.apply(batchNormGiven, [h, get('gain'), get('shift'), get('running')], attributes);
  }
  return home(spec) === 'apart' ? tape.apply(SEPARATE[spec.activation], [y], {}) : y;
}
