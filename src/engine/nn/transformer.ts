import type { Value } from '../gpu/trace.ts';
import { gelu, relu, tanh } from '../ops/activation.ts';
import { add } from '../ops/add.ts';
import { addPosition } from '../ops/addPosition.ts';
import { attention } from '../ops/attention.ts';
import { dropout } from '../ops/dropout.ts';
import { embedding } from '../ops/embedding.ts';
import { layerNorm } from '../ops/layerNorm.ts';
import { linear } from '../ops/linear.ts';
import { rmsNorm } from '../ops/rmsNorm.ts';
import { rotary } from '../ops/rotary.ts';
import { swiglu } from '../ops/swiglu.ts';
import type { Tape } from '../ops/tape.ts';
import { NORM_EPSILON } from './norms.ts';
import { linearProduct, type ProductOf } from './products.ts';
import { blockName, type TransformerSpec } from './transformerLayers.ts';

const ACTIVATIONS = { relu, gelu, tanh } as const;

/** What the parts of one forward pass share. */
interface Pass {
  tape: Tape;
  spec: TransformerSpec;
  params: ReadonlyMap<string, Value>;
  product(name: string, x: Value): Value;
}

/**
 * Logits (vocabulary, tokens) of the next character behind each of ids (tokens): a decoder with the norm before each
 * branch (Vaswani et al. 2017; Xiong et al. 2020). Windows of `context` characters follow one another.
 */
export function transformerForward(tape: Tape, spec: TransformerSpec, params: ReadonlyMap<string, Value>, ids: Value, productOf: ProductOf): Value {
  const pass: Pass = { tape, spec, params, product: (name, x) => linearProduct(tape, productOf, name, x, { params, activation: 'none', weights: spec.weights }) };
  let h = tape.apply(embedding, [of(pass, 'embedding.weight'), ids], {});
  if (spec.positions === 'learned') h = tape.apply(addPosition, [h, of(pass, 'positions')], {});
  h = dropped(pass, h, 0);
  for (let b = 0; b < spec.depth; b++) {
    h = tape.apply(add, [h, dropped(pass, attended(pass, blockName(b), normed(pass, `${blockName(b)}.attention`, h)), 2 * b + 1)], {});
    h = tape.apply(add, [h, dropped(pass, fedForward(pass, blockName(b), normed(pass, `${blockName(b)}.mlp`, h)), 2 * b + 2)], {});
  }
  const last = normed(pass, 'last', h);
  if (spec.head === 'free') return pass.product('head', last);
  return tape.apply(linear, [last, of(pass, 'embedding.weight')], { activation: 'none', bias: false, halves: spec.weights === 'f16' });
}

const of = ({ params }: Pass, name: string): Value => params.get(name) as Value;

/** Dropout of a branch, number `layer` of the network; none while evaluating. */
function dropped({ tape, spec }: Pass, x: Value, layer: number): Value {
  return spec.dropout > 0 && tape.training ? tape.apply(dropout, [x], { rate: spec.dropout, seed: spec.seed, layer }) : x;
}

function normed(pass: Pass, name: string, x: Value): Value {
  const { tape, spec } = pass;
  if (spec.norm === 'none') return x;
  const gain = of(pass, `${name}.gain`);
  return spec.norm === 'rms' ? tape.apply(rmsNorm, [x, gain], { epsilon: NORM_EPSILON }) : tape.apply(layerNorm, [x, gain, of(pass, `${name}.shift`)], { epsilon: NORM_EPSILON });
}

function attended(pass: Pass, block: string, x: Value): Value {
  const { tape, spec, product } = pass;
  const [q, k, v] = (['query', 'key', 'value'] as const).map((part) => product(`${block}.${part}`, x)) as [Value, Value, Value];
  const placed = (y: Value): Value => (spec.positions === 'rotary' ? tape.apply(rotary, [y, of(pass, 'turns')], { heads: spec.heads, context: spec.context }) : y);
  return product(`${block}.out`, tape.apply(attention, [placed(q), placed(k), v], { heads: spec.heads, context: spec.context, causal: true }));
}

function fedForward({ tape, spec, product }: Pass, block: string, x: Value): Value {
  const up = product(`${block}.up`, x);
  const inner = spec.activation === 'swiglu' ? tape.apply(swiglu, [product(`${block}.gate`, x), up], {}) : tape.apply(ACTIVATIONS[spec.activation], [up], {});
  return product(`${block}.down`, inner);
}
