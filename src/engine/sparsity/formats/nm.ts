import type { ParamLayout, ParamTensor } from '../../nn/layout.ts';
import { nmBackwardLength, nmLength, nmLinear, traceNmBackwardIndex, traceNmIndex } from '../../ops/nmLinear.ts';
import { backwardShare, maskOf } from '../storage.ts';
import type { IndexedFormat } from './index.ts';

/** State buffer with the slots of a layer's lines, and the lines of its columns. */
const nameOf = (layer: ParamTensor): string => `slots ${layer.name}`;

/** From this share of weights on, the input gradient of a dense copy takes less time than one that goes by columns. */
const EXPANDED = 0.2;

/** The same of its transposed copy, where the input gradient has a pattern of its own. */
const backwardNameOf = (layer: ParamTensor): string => `backward slots ${layer.name}`;

/** How a layer's mask keeps N of M, and whether so many that its input gradient is better dense. */
function patternOf({ groups, pattern }: Pick<ParamLayout, 'groups' | 'pattern'>, layer: ParamTensor): { m: number; share: number; expand: boolean } {
  const { n, m } = pattern ?? { n: 1, m: 1 };
  const share = groups?.layers.find(({ first }) => first === layer.offset)?.rows ?? 1;
  return { m, share, expand: n > EXPANDED * m };
}

/** The kept weights are compressed at each step, N of every M side by side, with the places that the mask has given them. */
export const nm: IndexedFormat = {
  traceIndex(trace, layout, layer, backward) {
    const [out, width] = layer.shape as readonly [number, number];
    const [size, pattern] = [{ name: layer.name, out, in: width, first: layer.offset }, patternOf(layout, layer)];
    traceNmIndex(trace, size, maskOf(trace, layout), trace.state(nameOf(layer), 'u32', nmLength(size, pattern)), pattern);
    if (!backward) return;
    const turned = { m: pattern.m, share: backwardShare(layout, layer) };
    traceNmBackwardIndex(trace, size, backward, trace.state(backwardNameOf(layer), 'u32', nmBackwardLength(size, turned)), turned);
  },
  product: (tape, layout, layer, { denseGradient, backward }) => (x, weight, bias, activation) => tape.apply(nmLinear, [x, weight, maskOf(tape.trace, layout), ...(bias ? [bias] : [])], {
    activation, bias: bias !== undefined, index: nameOf(layer), first: layer.offset, denseGradient, ...patternOf(layout, layer),
    backward: backward ? backwardNameOf(layer) : '', backwardShare: backwardShare(layout, layer),
  }),
};
