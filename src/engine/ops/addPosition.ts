import type { Value } from '../gpu/trace.ts';
import { addPosition as forwardKernel, positionGradient } from '../kernels/position.ts';
import { inMemory, op, type Attributes, type Call } from './op.ts';

const sizes = (call: Call): { width: number; context: number; tokens: number } => {
  const [x, table] = call.inputs as readonly [Value, Value];
  return { width: x.shape[0] as number, context: table.shape[0] as number, tokens: x.shape[1] as number };
};

/** y (width, tokens) = x + table[place of the token], the table (context, width) being learned; sequences of `context` tokens follow one another. */
export const addPosition = op<Attributes>({
  name: 'addPosition',
  infer([x, table]) {
    if (table?.[1] !== x?.[0] || (x?.[1] ?? 0) % (table?.[0] ?? 1) !== 0) throw new Error(`addPosition: x [${x?.join()}] does not fit the table [${table?.join()}].`);
    return { shape: x as readonly number[], dtype: 'f32' };
  },
  forward(tape, call) {
    const [x, table] = call.inputs as readonly [Value, Value];
    tape.trace.dispatch(forwardKernel, { label: 'add position', params: sizes(call), bind: { x, table, y: call.output } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const table = call.inputs[1] as Value;
    if (tape.needsGradient(table)) {
      const dtable = tape.gradientTarget(table);
      tape.trace.dispatch(positionGradient, { label: 'position gradient', params: sizes(call), bind: { dy: tape.materialise(arrived, call.output.shape), dtable } });
      give(1, inMemory(dtable));
    }
    give(0, arrived);
  },
  reference([x, table], shapes) {
    const [width, tokens] = shapes[0] as readonly [number, number];
    const context = shapes[1]?.[0] as number;
    return (x as Float64Array).map((v, i) => v + ((table as Float64Array)[((i % tokens) % context) * width + Math.floor(i / tokens)] as number));
  },
  cases: [
    { name: 'one place', shapes: [[3, 4], [1, 3]], attributes: {} },
    { name: 'three sequences', shapes: [[5, 21], [7, 5]], attributes: {} },
  ],
  cover: { free: 2, at: ([width, context]) => ({ shapes: [[width as number, 2 * (context as number)], [context as number, width as number]], attributes: {} }) },
  transcendental: () => false,
  terms: (shapes) => (shapes[0]?.[1] ?? 1) / (shapes[1]?.[0] ?? 1),
  magnitude: ([x, table], shapes) => {
    const [width, tokens] = shapes[0] as readonly [number, number];
    const context = shapes[1]?.[0] as number;
    return (x as Float64Array).map((v, i) => Math.abs(v) + Math.abs((table as Float64Array)[((i % tokens) % context) * width + Math.floor(i / tokens)] as number));
  },
});
