import type { Value } from '../gpu/trace.ts';
import { gelu, relu, tanh } from '../ops/activation.ts';
import type { FusedActivation } from '../ops/fusedActivation.ts';
import type { Tape } from '../ops/tape.ts';
import type { HiddenSpec } from './layers.ts';

const SEPARATE = { relu, gelu, tanh } as const;

/** Where the activation of a hidden layer is computed: with the product, with its norm, or apart. It can be fused where its slope follows from the output. */
const home = ({ activation, norm }: HiddenSpec): 'product' | 'norm' | 'apart' =>
  activation === 'gelu' || norm === 'layer' || norm === 'rms' ? 'apart' : norm === 'batch' ? 'norm' : 'product';

/** The activation that the product of a hidden layer computes itself. */
export function fusedInProduct(spec: HiddenSpec): FusedActivation {
  return spec.activation !== 'gelu' && home(spec) === 'product' ? spec.activation : 'none';
}

/** The norm of hidden layer `name`, of its product h; see norms.ts. */
export type Normalise = (tape: Tape, spec: HiddenSpec, name: string, h: Value, params: ReadonlyMap<string, Value>) => Value;

/** What follows the product h of hidden layer `name`: its norm, if any, and the activation where it was not fused. */
export function afterProduct(tape: Tape, spec: HiddenSpec, name: string, h: Value, params: ReadonlyMap<string, Value>, normalise: Normalise | undefined): Value {
  const y = normalise?.(tape, spec, name, h, params) ?? h;
  return home(spec) === 'apart' ? tape.apply(SEPARATE[spec.activation], [y], {}) : y;
}
