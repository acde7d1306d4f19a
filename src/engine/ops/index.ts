/*
 * Every operation by name. To add one:
 *
 * 1. Write `ops/<name>.ts` after the model of linear.ts, its kernel in `kernels/` and its shader in `shaders/`.
 *    - `infer` gives shape and type of the output, and throws where the inputs do not fit.
 *    - `forward` records the dispatches that fill `call.output`; what backward needs besides inputs and output goes to
 *      `call.saved`.
 *    - `backward` gets the gradient of the output, in memory or as one number for all elements (`tape.materialise` makes
 *      the first of the second), and gives one to each input for which `tape.needsGradient`, written to
 *      `tape.gradientTarget(input)`. It never writes to the gradient that arrived: other values may share it. An
 *      operation without a backward says why: `differentiable: 'a class does not change a little'`.
 *    - `reference` is the meaning in float64 and plain loops, and nothing of the shader's tricks.
 *    - `cases` are shapes and attributes that are worth naming, `cover` makes further ones from sizes; `terms`,
 *      `magnitude` and `transcendental` say how far rounding may lead away.
 * 2. Add its line below.
 *
 * The parity, gradient, variant, NaN and determinism tests take it from here. Values are (features, batch), row-major.
 */
import { gelu, relu, tanh } from './activation.ts';
import { add } from './add.ts';
import { addPosition } from './addPosition.ts';
import { applyMask } from './applyMask.ts';
import { argmax } from './argmax.ts';
import { attention } from './attention.ts';
import { batchNorm, batchNormGiven } from './batchNorm.ts';
import { blockLinear } from './blockLinear.ts';
import { conv2d } from './conv2d.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import { layerNorm } from './layerNorm.ts';
import { linear } from './linear.ts';
import { mean, sum } from './mean.ts';
import { nmLinear } from './nmLinear.ts';
import type { Op } from './op.ts';
import { averagePool, maxPool } from './pool.ts';
import { positiveBits } from './positiveBits.ts';
import { rmsNorm } from './rmsNorm.ts';
import { rotary } from './rotary.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';
import { sparseLinear } from './sparseLinear.ts';
import { squaredError } from './squaredError.ts';
import { swiglu } from './swiglu.ts';

const REGISTERED = {
  add, addPosition, applyMask, argmax, attention, averagePool, batchNorm, batchNormGiven, blockLinear, conv2d, dropout, embedding, gelu, layerNorm, linear, maxPool, mean, nmLinear,
  positiveBits,  relu, rmsNorm, rotary, softmaxCrossEntropy, sparseLinear, squaredError, sum, swiglu, tanh,
} as const satisfies Readonly<Record<string, Op>>;

/** Names of the operations. */
export type OpName = keyof typeof REGISTERED;

/** Every operation by name. */
export const OPS: { readonly [name in OpName]: Op } = REGISTERED;
