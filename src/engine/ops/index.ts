/*
 * Every operation by name. To add one: write `ops/<name>.ts` after the model of linear.ts (infer, forward, backward or
 * the reason why there is none, float64 reference, cases), and add its line here; the parity, gradient and determinism
 * tests take it from this registry.
 */
import { gelu, relu, tanh } from './activation.ts';
import { add } from './add.ts';
import { applyMask } from './applyMask.ts';
import { argmax } from './argmax.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import { layerNorm } from './layerNorm.ts';
import { linear } from './linear.ts';
import { mean, sum } from './mean.ts';
import type { Op } from './op.ts';
import { positiveBits } from './positiveBits.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';
import { squaredError } from './squaredError.ts';

const REGISTERED = {
  add, applyMask, argmax, dropout, embedding, gelu, layerNorm, linear, mean, positiveBits, relu, softmaxCrossEntropy, squaredError, sum, tanh,
} as const;

/** Names of the operations. */
export type OpName = keyof typeof REGISTERED;

/** Every operation by name. */
export const OPS = REGISTERED as unknown as Readonly<Record<OpName, Op>>;
