import type { Value } from '../gpu/trace.ts';
import { dropout as kernel } from '../kernels/elementwise.ts';
import { PURPOSE, randomUniform } from '../random.ts';
import { inMemory, op, type Call } from './op.ts';
import type { Tape } from './tape.ts';

interface DropoutAttributes extends Readonly<Record<string, number>> {
  rate: number;
  seed: number;
  /** Separates the patterns of layers that share a seed. */
  layer: number;
}

function traceDropout(tape: Tape, call: Call & { attributes: DropoutAttributes }, label: string, x: Value, y: Value): void {
  const { rate, seed, layer } = call.attributes;
  // x / (1 - 0) is x to the bit.
  tape.trace.dispatch(kernel, { label, params: { n: x.length, rate: tape.training ? rate : 0, seed, layer, step_knob: tape.knobs.at('step', 'u32').index }, bind: { x, y } });
}

/**
 * Zero with probability `rate`, else x / (1 - rate) (Srivastava et al. 2014, inverted form). The pattern is a function of
 * (seed, layer, step), so that forward and backward agree without keeping it. While evaluating it gives x back; models
 * leave it out then and save the dispatch.
 */
export const dropout = op<DropoutAttributes>({
  name: 'dropout',
  infer: ([x]) => ({ shape: x as readonly number[], dtype: 'f32' }),
  forward: (tape, call) => traceDropout(tape, call, 'dropout', call.inputs[0] as Value, call.output),
  differentiable: true,
  backward(tape, call, arrived, give) {
    const dx = tape.gradientTarget(call.inputs[0] as Value);
    traceDropout(tape, call, 'dropout gradient', tape.materialise(arrived, call.output.shape), dx);
    give(0, inMemory(dx));
  },
  // At step 0, which is what an unset knob says.
  reference: ([x], _, { rate, seed, layer }) =>
    (x as Float64Array).map((v, i) => (randomUniform((seed + Math.imul(layer, 0x9e3779b9)) >>> 0, PURPOSE.dropout, 0, i) < Math.fround(rate) ? 0 : v / (1 - Math.fround(rate)))),
  cases: [
    { name: 'half', shapes: [[16, 17]], attributes: { rate: 0.5, seed: 7, layer: 1 } },
    { name: 'a tenth', shapes: [[65, 3]], attributes: { rate: 0.1, seed: 7, layer: 2 } },
    { name: 'none', shapes: [[3, 5]], attributes: { rate: 0, seed: 7, layer: 0 } },
  ],
  cover: { free: 1, at: ([n]) => ({ shapes: [[n as number]], attributes: { rate: 0.25, seed: 11, layer: 3 } }) },
  transcendental: () => false,
  terms: () => 1,
});
