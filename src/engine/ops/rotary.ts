import type { Value } from '../gpu/trace.ts';
import { rotary as kernel } from '../kernels/position.ts';
import { inMemory, op, type Call } from './op.ts';
import type { Tape } from './tape.ts';

/** Settings of the turn: heads that share the features, tokens of a sequence. */
type Rotary = { heads: number; context: number };

function turn(tape: Tape, { attributes }: Call & { attributes: Rotary }, label: string, direction: 1 | -1, x: Value, table: Value, y: Value): void {
  const [features, tokens] = x.shape as readonly [number, number];
  tape.trace.dispatch(kernel, { label, params: { features, width: features / attributes.heads, context: attributes.context, tokens, direction }, bind: { x, table, y } });
}

/** The turn in float64; `sign` is that of the sine in the even features, -1 but for sums of sizes. */
function turned([x, table]: readonly Float64Array[], shapes: readonly (readonly number[])[], { heads, context }: Rotary, sign: 1 | -1): Float64Array {
  const [features, tokens] = shapes[0] as readonly [number, number];
  const width = features / heads;
  return (x as Float64Array).map((v, i) => {
    const [f, t] = [Math.floor(i / tokens), i % tokens];
    const at = (t % context) * width + (f % width) - (f % 2);
    const [c, s] = [(table as Float64Array)[at] as number, (table as Float64Array)[at + 1] as number];
    const other = (x as Float64Array)[i + (f % 2 === 0 ? tokens : -tokens)] as number;
    return v * c + (f % 2 === 0 ? sign : 1) * other * s;
  });
}

/**
 * y (features, tokens): features 2 i and 2 i + 1 of each head turned by an angle that grows with the token's place
 * (RoPE; Su et al. 2021). Inputs x and `table` (context, width of a head) with cosines and sines by turns; see
 * `rotaryTable`. The table gets no gradient.
 */
export const rotary = op<Rotary>({
  name: 'rotary',
  infer([x, table], { heads, context }) {
    const width = (x?.[0] ?? 0) / heads;
    if (width % 2 !== 0) throw new Error(`rotary: ${x?.[0]} features in ${heads} heads make no pairs.`);
    if (table?.[0] !== context || table[1] !== width) throw new Error(`rotary: the table is [${table?.join()}], not [${context},${width}].`);
    return { shape: x as readonly number[], dtype: 'f32' };
  },
  forward(tape, call) {
    const [x, table] = call.inputs as readonly [Value, Value];
    turn(tape, call, 'rotary', 1, x, table, call.output);
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, table] = call.inputs as readonly [Value, Value];
    if (!tape.needsGradient(x)) return;
    const dx = tape.gradientTarget(x);
    turn(tape, call, 'rotary gradient', -1, tape.materialise(arrived, call.output.shape), table, dx);
    give(0, inMemory(dx));
  },
  reference: (inputs, shapes, attributes) => turned(inputs, shapes, attributes, -1),
  cases: [
    { name: 'one pair', shapes: [[2, 1], [1, 2]], attributes: { heads: 1, context: 1 } },
    { name: 'two heads', shapes: [[8, 10], [5, 4]], attributes: { heads: 2, context: 5 } },
  ],
  cover: { free: 2, at: ([width, context]) => ({ shapes: [[4 * (width as number), 2 * (context as number)], [context as number, 2 * (width as number)]], attributes: { heads: 2, context: context as number } }) },
  constants: [1],
  transcendental: () => false,
  terms: () => 2,
  magnitude: (inputs, shapes, attributes) => turned(inputs.map((v) => v.map(Math.abs)), shapes, attributes, 1),
});
