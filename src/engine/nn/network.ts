import type { Value } from '../gpu/trace.ts';
import type { Tape } from '../ops/tape.ts';
import type { NetworkSpec } from './layers.ts';
import type { ParamLayout } from './layout.ts';
import { mlpFlow, mlpForward } from './mlp.ts';
import type { ProductOf } from './products.ts';
import type { TransformerSpec } from './transformerLayers.ts';

/** How a network is computed. */
export interface Network {
  /**
   * Traces logits (classes, batch) of x (features, batch); of codes x (tokens) those of the characters behind them. `params` holds parameters by name, and running statistics
   * where the network has any; `productOf` tells of linear layers that do not multiply densely.
   */
  forward(tape: Tape, params: ReadonlyMap<string, Value>, x: Value, productOf: ProductOf): Value;
  /** Traces what goes through the network without biases, activations and norms, of x (features, batch); pooling takes means. `weightOf` gives weights by name, each asked for once. */
  flow(tape: Tape, weightOf: (name: string) => Value, x: Value): Value;
  /** Traces how running statistics follow a step, if the network has any; see norms.ts. */
  moveRunning?(tape: Tape, layout: ParamLayout, status: Value): void;
}

/** The computation of a network; what only some networks need is loaded when one of them is asked for. */
export async function loadNetwork(spec: NetworkSpec): Promise<Network> {
  if (spec.kind === 'transformer') return loadTransformer(spec);
  const [norms, cnn] = await Promise.all([spec.norm === 'none' ? undefined : import('./norms.ts'), spec.kind === 'cnn' ? import('./cnn.ts') : undefined]);
  const forward: Network['forward'] = spec.kind === 'cnn'
    ? (tape, params, x, productOf) => (cnn as NonNullable<typeof cnn>).cnnForward(tape, spec, params, x, productOf, norms?.normalise)
    : (tape, params, x, productOf) => mlpForward(tape, spec, params, x, productOf, norms?.normalise);
  const flow: Network['flow'] = spec.kind === 'cnn'
    ? (tape, weightOf, x) => (cnn as NonNullable<typeof cnn>).cnnFlow(tape, spec, weightOf, x)
    : (tape, weightOf, x) => mlpFlow(tape, spec, weightOf, x);
  return { forward, flow, ...(norms && spec.norm === 'batch' && { moveRunning: norms.moveRunning }) };
}

async function loadTransformer(spec: TransformerSpec): Promise<Network> {
  const { transformerForward } = await import('./transformer.ts');
  return {
    forward: (tape, params, ids, productOf) => transformerForward(tape, spec, params, ids, productOf),
    flow() {
      throw new Error('The flow through a transformer is not defined: its branches meet in products. Choose another method than SynFlow, or another network.');
    },
  };
}
