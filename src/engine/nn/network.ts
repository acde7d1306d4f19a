import type { Value } from '../gpu/trace.ts';
import type { Tape } from '../ops/tape.ts';
import { type CnnSpec, cnnForward, cnnParams } from './cnn.ts';
import { networkLayers, runningSpecs } from './layers.ts';
import { layoutParams, type ParamLayout } from './layout.ts';
import { type MlpSpec, mlpForward, mlpParams } from './mlp.ts';

/** What decides a network. */
export type NetworkSpec = MlpSpec | CnnSpec;

/** Places of all parameters and running statistics of a network. */
export function networkLayout(spec: NetworkSpec): ParamLayout {
  return layoutParams(spec.kind === 'mlp' ? mlpParams(spec) : cnnParams(spec), runningSpecs(networkLayers(spec), spec.norm));
}

/** Logits (classes, batch) of x (features, batch). `params` holds parameters, and running statistics where the network has any. */
export function networkForward(tape: Tape, spec: NetworkSpec, params: ReadonlyMap<string, Value>, x: Value): Value {
  return spec.kind === 'mlp' ? mlpForward(tape, spec, params, x) : cnnForward(tape, spec, params, x);
}
