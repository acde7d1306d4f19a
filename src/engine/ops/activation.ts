import type { Value } from '../gpu/trace.ts';
import { ACTIVATION_CODES, activationForward, activationGradient } from '../kernels/elementwise.ts';
import { inMemory, op, type Attributes, type Op } from './op.ts';

const SHAPES = [[1, 1], [3, 7], [16, 65], [129, 3]] as const;

/** y = act(x), element by element; the slope comes from the input. */
function activation(name: 'relu' | 'gelu' | 'tanh', reference: (x: number) => number, transcendental: boolean): Op<Attributes> {
  return op<Attributes>({
    name,
    infer: ([x]) => ({ shape: x as readonly number[], dtype: 'f32' }),
    forward(tape, call) {
      const x = call.inputs[0] as Value;
      tape.trace.dispatch(activationForward, { label: name, params: { n: x.length, activation: ACTIVATION_CODES[name] }, bind: { x, y: call.output } });
    },
    differentiable: true,
    backward(tape, call, arrived, give) {
      const x = call.inputs[0] as Value;
      const dx = tape.gradientTarget(x);
      tape.trace.dispatch(activationGradient, {
        label: `${name} gradient`, params: { n: x.length, activation: ACTIVATION_CODES[name], from_output: 0 },
        bind: { dy: tape.materialise(arrived, call.output.shape), saved: x, dx },
      });
      give(0, inMemory(dx));
    },
    reference: ([x]) => (x as Float64Array).map(reference),
    cases: SHAPES.map((shape) => ({ name: shape.join(' x '), shapes: [shape], attributes: {} })),
    cover: { free: 1, at: ([n]) => ({ shapes: [[n as number]], attributes: {} }) },
    transcendental: () => transcendental,
    terms: () => 1,
    // WGSL promises of tanh what (e^x - e^-x) / (e^x + e^-x) gives, whose terms add up to 1 however small x is (lavapipe: an
    // error of 2.6e-8 at x = 1.6e-4).
    magnitude: ([x]) => (x as Float64Array).map((v) => (name === 'tanh' ? 1 : Math.abs(v))),
  });
}

/** max(x, 0). */
export const relu = activation('relu', (x) => Math.max(0, x), false);
/** Gaussian error linear unit, tanh form (Hendrycks and Gimpel 2016). */
export const gelu = activation('gelu', (x) => 0.5 * x * (1 + Math.tanh(0.7978845608028654 * (x + 0.044715 * x ** 3))), true);
/** Hyperbolic tangent, safe for every finite x. */
export const tanh = activation('tanh', Math.tanh, true);
