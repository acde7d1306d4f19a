import type { Value } from '../gpu/trace.ts';
import { attentionForward, attentionKeyGradient, attentionQueryGradient } from '../kernels/attention.ts';
import { inMemory, op, type Call } from './op.ts';

/** Settings of attention: heads that share the features, tokens of a sequence, and whether a token sees only those up to itself. */
type Attention = { heads: number; context: number; causal: boolean };

function sizes({ inputs, attributes }: Call & { attributes: Attention }): { heads: number; width: number; context: number; sequences: number; causal: number; scale: number } {
  const [features, tokens] = (inputs[0] as Value).shape as readonly [number, number];
  const { heads, context, causal } = attributes;
  const width = features / heads;
  return { heads, width, context, sequences: tokens / context, causal: causal ? 1 : 0, scale: 1 / Math.sqrt(width) };
}

/** Probabilities of the keys that a query sees, by float64. */
function probabilities(q: Float64Array, k: Float64Array, rows: readonly number[], tokens: number, query: number, keys: readonly number[]): number[] {
  const scores = keys.map((key) => rows.reduce((sum, row) => sum + (q[row * tokens + query] as number) * (k[row * tokens + key] as number), 0) / Math.sqrt(rows.length));
  const top = Math.max(...scores);
  const parts = scores.map((s) => Math.exp(s - top));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((p) => p / sum);
}

/** What the operation means; `use` turns each value before it is mixed. */
function reference([q, k, v]: readonly Float64Array[], shapes: readonly (readonly number[])[], { heads, context, causal }: Attention, use: (v: number) => number = (x) => x): Float64Array {
  const [features, tokens] = shapes[0] as readonly [number, number];
  const y = new Float64Array(features * tokens);
  for (let head = 0; head < heads; head++) {
    const rows = Array.from({ length: features / heads }, (_, c) => (head * features) / heads + c);
    for (let query = 0; query < tokens; query++) {
      const first = query - (query % context);
      const keys = Array.from({ length: causal ? (query % context) + 1 : context }, (_, j) => first + j);
      const p = probabilities(q as Float64Array, k as Float64Array, rows, tokens, query, keys);
      for (const row of rows) y[row * tokens + query] = keys.reduce((sum, key, j) => sum + (p[j] as number) * use((v as Float64Array)[row * tokens + key] as number), 0);
    }
  }
  return y;
}

/**
 * y (features, tokens) = attention of q, k and v (features, tokens), scaled by the root of a head's width (Vaswani et al.
 * 2017). Tokens are sequences of `context` one after another. The forward keeps no probabilities: it goes over the keys
 * once with a running maximum (Milakov and Gimelshein 2018), and the backward makes them again from each query's
 * log-sum-exp (Dao et al. 2022), in two kernels, one over queries and one over keys, so that no sum needs an atomic.
 */
export const attention = op<Attention>({
  name: 'attention',
  infer([q, k, v], { heads, context }) {
    const [features, tokens] = q as readonly [number, number];
    if ([k, v].some((other) => other?.[0] !== features || other[1] !== tokens)) throw new Error(`attention: k [${k?.join()}] and v [${v?.join()}] must have the shape of q, [${q?.join()}].`);
    if (features % heads !== 0) throw new Error(`attention: ${features} features cannot be shared by ${heads} heads.`);
    if (tokens % context !== 0) throw new Error(`attention: ${tokens} tokens are no whole number of sequences of ${context}.`);
    return { shape: [features, tokens], dtype: 'f32' };
  },
  forward(tape, call) {
    const [q, k, v] = call.inputs as readonly [Value, Value, Value];
    const norms = tape.transient('log-sum-exp', [call.attributes.heads, q.shape[1] as number]);
    call.saved.norms = norms;
    tape.trace.dispatch(attentionForward, { label: 'attention', params: sizes(call), bind: { q, k, v, y: call.output, norms } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [q, k, v] = call.inputs as readonly [Value, Value, Value];
    const dy = tape.materialise(arrived, call.output.shape);
    const norms = call.saved.norms as Value;
    const offsets = tape.transient('attention offsets', norms.shape);
    const target = (value: Value): Value => (tape.needsGradient(value) ? tape.gradientTarget(value) : tape.transient('no gradient', value.shape));
    const dq = target(q);
    tape.trace.dispatch(attentionQueryGradient, { label: 'attention query gradient', params: sizes(call), bind: { q, k, v, y: call.output, dy, norms, offsets, dq } });
    give(0, inMemory(dq));
    if (!tape.needsGradient(k) && !tape.needsGradient(v)) return;
    const [dk, dv] = [target(k), target(v)];
    tape.trace.dispatch(attentionKeyGradient, { label: 'attention key gradient', params: sizes(call), bind: { q, k, v, dy, norms, offsets, dk, dv } });
    give(1, inMemory(dk));
    give(2, inMemory(dv));
  },
  reference,
  cases: [
    { name: 'one token', shapes: [[2, 1], [2, 1], [2, 1]], attributes: { heads: 1, context: 1, causal: true } },
    { name: 'two sequences', shapes: [[6, 10], [6, 10], [6, 10]], attributes: { heads: 2, context: 5, causal: true } },
    { name: 'whole eights', shapes: [[8, 32], [8, 32], [8, 32]], attributes: { heads: 2, context: 16, causal: true } },
    { name: 'both ways', shapes: [[4, 24], [4, 24], [4, 24]], attributes: { heads: 1, context: 8, causal: false } },
    { name: 'odd and both ways', shapes: [[3, 22], [3, 22], [3, 22]], attributes: { heads: 3, context: 11, causal: false } },
  ],
  cover: {
    free: 2,
    // Longer contexts with few features, and the other way round: references of attention are slow.
    at([context, size]) {
      const [heads, width, sequences] = [1 + ((size as number) % 2), 1 + ((size as number) % 7), 1 + ((context as number) % 2)];
      const shape = [heads * width, sequences * (context as number)];
      return { shapes: [shape, shape, shape], attributes: { heads, context: context as number, causal: (size as number) % 3 !== 0 } };
    },
  },
  transcendental: () => true,
  terms: (shapes) => Math.max(...(shapes[0] ?? [1])),
  magnitude: (inputs, shapes, attributes) => reference(inputs, shapes, attributes, Math.abs),
});
