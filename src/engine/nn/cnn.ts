import type { Value } from '../gpu/trace.ts';
import { conv2d } from '../ops/conv2d.ts';
import { dropout } from '../ops/dropout.ts';
import { linear } from '../ops/linear.ts';
import { averagePool, maxPool } from '../ops/pool.ts';
import type { Tape } from '../ops/tape.ts';
import { afterProduct, fusedInProduct, type Normalise } from './hidden.ts';
import { canPool, type CnnSpec, convolutionName, KERNEL_SIZE, layerName, picturesOf } from './layers.ts';
import { linearProduct, type ProductOf } from './products.ts';

const POOLS = { max: maxPool, average: averagePool } as const;

/** Logits (classes, batch) of pictures x (channels x height x width, batch). */
export function cnnForward(tape: Tape, spec: CnnSpec, params: ReadonlyMap<string, Value>, x: Value, productOf: ProductOf, normalise: Normalise | undefined): Value {
  const get = (name: string): Value => params.get(name) as Value;
  let h = x;
  picturesOf(spec).slice(0, -1).forEach((picture, l) => {
    const name = convolutionName(l);
    const { height, width } = picture;
    const bias = params.get(`${name}.bias`);
    const attributes = { height, width, stride: 1, padding: KERNEL_SIZE >> 1, activation: fusedInProduct(spec), bias: bias !== undefined };
    h = tape.apply(conv2d, bias ? [h, get(`${name}.weight`), bias] : [h, get(`${name}.weight`)], attributes);
    h = afterProduct(tape, spec, name, h, params, normalise);
    if (canPool(picture)) h = tape.apply(POOLS[spec.pool], [h], { height, width });
    if (spec.dropout > 0 && tape.training) h = tape.apply(dropout, [h], { rate: spec.dropout, seed: spec.seed, layer: l });
  });
  return linearProduct(tape, productOf, layerName(0), h, { params, activation: 'none', weights: spec.weights });
}

/** What goes through the convolutions and the linear layer alone: (classes, batch) of x (channels x height x width, batch). */
export function cnnFlow(tape: Tape, spec: CnnSpec, weightOf: (name: string) => Value, x: Value): Value {
  const h = picturesOf(spec).slice(0, -1).reduce((before, picture, l) => {
    const { height, width } = picture;
    const y = tape.apply(conv2d, [before, weightOf(`${convolutionName(l)}.weight`)], { height, width, stride: 1, padding: KERNEL_SIZE >> 1, activation: 'none', bias: false });
    return canPool(picture) ? tape.apply(averagePool, [y], { height, width }) : y;
  }, x);
  return tape.apply(linear, [h, weightOf(`${layerName(0)}.weight`)], { activation: 'none', bias: false });
}
