import type { Value } from '../gpu/trace.ts';
import { embedding as forwardKernel, embeddingGradient } from '../kernels/embedding.ts';
import { inMemory, op, type Attributes, type Call } from './op.ts';

const sizes = (call: Call): { vocabulary: number; width: number; tokens: number } => {
  const [table, ids] = call.inputs as readonly [Value, Value];
  return { vocabulary: table.shape[0] as number, width: table.shape[1] as number, tokens: ids.length };
};

/** y (width, tokens) = rows ids[t] of table (vocabulary, width). The gradient of a row sums its tokens in their order. */
export const embedding = op<Attributes>({
  name: 'embedding',
  infer: ([table, ids]) => ({ shape: [table?.[1] as number, ids?.[0] as number], dtype: 'f32' }),
  forward(tape, call) {
    const [table, ids] = call.inputs as readonly [Value, Value];
    tape.trace.dispatch(forwardKernel, { label: 'embedding', params: sizes(call), bind: { table, ids, y: call.output } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [table, ids] = call.inputs as readonly [Value, Value];
    const dtable = tape.gradientTarget(table);
    tape.trace.dispatch(embeddingGradient, { label: 'embedding gradient', params: sizes(call), bind: { ids, dy: tape.materialise(arrived, call.output.shape), dtable } });
    give(0, inMemory(dtable));
  },
  reference([table, ids], shapes) {
    const [vocabulary, width] = shapes[0] as readonly [number, number];
    const tokens = shapes[1]?.[0] as number;
    return Float64Array.from({ length: width * tokens }, (_, i) => {
      const id = Math.min((ids as Float64Array)[i % tokens] as number, vocabulary - 1);
      return (table as Float64Array)[id * width + Math.floor(i / tokens)] as number;
    });
  },
  cases: [
    { name: 'letters', shapes: [[27, 8], [33]], attributes: {}, integers: { 1: 27 } },
    { name: 'one of each', shapes: [[1, 1], [1]], attributes: {}, integers: { 1: 1 } },
    { name: 'many of few', shapes: [[3, 5], [129]], attributes: {}, integers: { 1: 3 } },
  ],
  cover: { free: 3, at: ([vocabulary, width, tokens]) => ({ shapes: [[vocabulary as number, width as number], [tokens as number]], attributes: {}, integers: { 1: vocabulary as number } }) },
  transcendental: () => false,
  terms: (shapes) => shapes[1]?.[0] ?? 1,
});
