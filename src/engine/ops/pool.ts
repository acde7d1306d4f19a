import type { Value } from '../gpu/trace.ts';
import { averagePool as averageForward, averagePoolGradient, maxPool as maxForward, maxPoolGradient } from '../kernels/pool.ts';
import { inMemory, op, type Call, type Op } from './op.ts';

/** Height and width of the pictures of X. */
type PoolAttributes = { height: number; width: number };

const pictureOf = (call: Call & { attributes: PoolAttributes }): { channels: number; height: number; width: number; batch: number } => {
  const [features, batch] = (call.inputs[0] as Value).shape as readonly [number, number];
  const { height, width } = call.attributes;
  return { channels: features / (height * width), height, width, batch };
};

/** @throws Error where X does not hold whole pictures of 2 x 2 or more. */
function pooledShape(x: readonly number[] | undefined, { height, width }: PoolAttributes): readonly number[] {
  const channels = (x?.[0] ?? 0) / (height * width);
  if (!Number.isInteger(channels) || height < 2 || width < 2) throw new Error(`Pooling: X [${x?.join()}] does not hold pictures of ${height} x ${width}, at least 2 x 2.`);
  return [channels * Math.floor(height / 2) * Math.floor(width / 2), x?.[1] as number];
}

/** One number of the four of each window, in float64. */
function pooled(x: Float64Array, [features, batch]: readonly [number, number], { height, width }: PoolAttributes, one: (four: readonly number[]) => number): Float64Array {
  const y: number[] = [];
  for (let c = 0; c < features / (height * width); c++) for (let row = 0; row + 1 < height; row += 2) for (let column = 0; column + 1 < width; column += 2) for (let b = 0; b < batch; b++) {
    y.push(one([[0, 0], [0, 1], [1, 0], [1, 1]].map(([v, u]) => x[((c * height + row + (v as number)) * width + column + (u as number)) * batch + b] as number)));
  }
  return Float64Array.from(y);
}

/** What both have in common; the rest is the pooling's own. */
function pooling(name: string, one: (four: readonly number[]) => number, parts: Pick<Op<PoolAttributes> & { differentiable: true }, 'forward' | 'backward'>): Op<PoolAttributes> {
  return op<PoolAttributes>({
    name,
    infer: ([x], attributes) => ({ shape: pooledShape(x, attributes), dtype: 'f32' }),
    ...parts,
    differentiable: true,
    reference: ([x], shapes, attributes) => pooled(x as Float64Array, shapes[0] as [number, number], attributes, one),
    cases: [
      { name: 'one window', shapes: [[4, 1]], attributes: { height: 2, width: 2 } },
      { name: 'odd edges', shapes: [[3 * 7 * 5, 9]], attributes: { height: 7, width: 5 } },
      { name: 'even', shapes: [[2 * 4 * 6, 65]], attributes: { height: 4, width: 6 } },
    ],
    cover: {
      free: 2,
      at([channels, batch]) {
        const [c, b] = [channels, batch] as [number, number];
        const attributes = { height: 2 + (c % 4), width: 2 + (b % 5) };
        return { shapes: [[(1 + ((c - 1) % 9)) * attributes.height * attributes.width, b]], attributes };
      },
    },
    transcendental: () => false,
    terms: () => 4,
    magnitude: ([x], shapes, attributes) => pooled((x as Float64Array).map(Math.abs), shapes[0] as [number, number], attributes, (four) => Math.max(...four)),
  });
}

/** y = the largest of each window of 2 x 2 of each channel, in steps of 2; of equal ones the first gets the gradient. X (channels x height x width, batch). */
export const maxPool = pooling('maxPool', (four) => Math.max(...four), {
  forward(tape, call) {
    tape.trace.dispatch(maxForward, { label: 'max pool', params: pictureOf(call), bind: { x: call.inputs[0] as Value, y: call.output } });
  },
  backward(tape, call, arrived, give) {
    const x = call.inputs[0] as Value;
    const dx = tape.gradientTarget(x);
    tape.trace.dispatch(maxPoolGradient, { label: 'max pool gradient', params: pictureOf(call), bind: { x, dy: tape.materialise(arrived, call.output.shape), dx } });
    give(0, inMemory(dx));
  },
});

/** y = the mean of each window of 2 x 2 of each channel, in steps of 2. X (channels x height x width, batch). */
export const averagePool = pooling('averagePool', (four) => four.reduce((a, b) => a + b, 0) / 4, {
  forward(tape, call) {
    tape.trace.dispatch(averageForward, { label: 'average pool', params: pictureOf(call), bind: { x: call.inputs[0] as Value, y: call.output } });
  },
  backward(tape, call, arrived, give) {
    const dx = tape.gradientTarget(call.inputs[0] as Value);
    tape.trace.dispatch(averagePoolGradient, { label: 'average pool gradient', params: pictureOf(call), bind: { dy: tape.materialise(arrived, call.output.shape), dx } });
    give(0, inMemory(dx));
  },
});
