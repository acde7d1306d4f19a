import { networkLayers, type NetworkSpec, picturesOf } from '../engine/nn/layers.ts';

/**
 * FLOPs of the products of a training step, forward and both gradients; the first layer has no input gradient. Those of a
 * transformer go over its tokens; an embedding is looked up, and multiplies only where it is the head, too. Attention is not counted.
 * @param active weights that take part, by the name of the layer; all where it gives none
 */
export function productFlops(spec: NetworkSpec, batch: number, active: (layer: string) => number | undefined = () => undefined): number {
  const pictures = spec.kind === 'cnn' ? picturesOf(spec) : [];
  return networkLayers(spec).reduce((sum, { name, shape }, l) => {
    const weights = active(name) ?? shape.reduce((a, b) => a * b, 1);
    if (spec.kind === 'transformer') return sum + (name === 'embedding' && spec.head === 'free' ? 0 : 6 * batch * spec.context * weights);
    const { height, width } = (shape.length === 4 && pictures[l]) || { height: 1, width: 1 };
    return sum + 2 * batch * height * width * weights * (l === 0 ? 2 : 3);
  }, 0);
}
