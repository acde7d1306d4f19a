import type { Value } from '../gpu/trace.ts';
import { conv2d } from '../ops/conv2d.ts';
import { dropout } from '../ops/dropout.ts';
import { linear } from '../ops/linear.ts';
import { averagePool, maxPool } from '../ops/pool.ts';
import type { Tape } from '../ops/tape.ts';
import { afterProduct, fusedInProduct } from './hidden.ts';
import { canPool, convolutionLayers, convolutionName, type HiddenSpec, KERNEL_SIZE, layerName, layerParams, type Picture, pooledPicture } from './layers.ts';
import type { ParamSpec } from './layout.ts';

/** What decides a convolutional network: 3 x 3 convolutions that keep the size, each pooled by 2 x 2, and a linear layer. */
export interface CnnSpec extends HiddenSpec {
  kind: 'cnn';
  picture: Picture;
  /** Channels of each convolution. */
  channels: readonly number[];
  classes: number;
  pool: 'max' | 'average';
  dropout: number;
  seed: number;
  /** Per convolution, and for the linear layer behind them: may masks apply to it? */
  maskable: readonly boolean[];
}

const POOLS = { max: maxPool, average: averagePool } as const;

/** Layers of a CNN with the picture that each sees. */
const picturesOf = ({ picture, channels }: CnnSpec): Picture[] => channels.reduce<Picture[]>((seen, out) => [...seen, pooledPicture(seen.at(-1) as Picture, out)], [picture]);

/** The parameters of a CNN: weights [out, in, height, width] of convolutions and [classes, in] of the last layer, biases, gains and shifts. */
export function cnnParams(spec: CnnSpec): ParamSpec[] {
  const pictures = picturesOf(spec);
  return convolutionLayers(spec.picture, spec.channels, spec.classes, spec.activation).flatMap((layer, l) => {
    const { height, width } = pictures[l] as Picture;
    return layerParams(layer, spec.maskable[l] ?? false, l < spec.channels.length ? spec.norm : 'none', height * width);
  });
}

/** Logits (classes, batch) of pictures x (channels x height x width, batch). */
export function cnnForward(tape: Tape, spec: CnnSpec, params: ReadonlyMap<string, Value>, x: Value): Value {
  const get = (name: string): Value => params.get(name) as Value;
  let h = x;
  picturesOf(spec).slice(0, -1).forEach((picture, l) => {
    const name = convolutionName(l);
    const { height, width } = picture;
    const bias = params.get(`${name}.bias`);
    const attributes = { height, width, stride: 1, padding: KERNEL_SIZE >> 1, activation: fusedInProduct(spec), bias: bias !== undefined };
    h = tape.apply(conv2d, bias ? [h, get(`${name}.weight`), bias] : [h, get(`${name}.weight`)], attributes);
    h = afterProduct(tape, spec, name, h, params);
    if (canPool(picture)) h = tape.apply(POOLS[spec.pool], [h], { height, width });
    if (spec.dropout > 0 && tape.training) h = tape.apply(dropout, [h], { rate: spec.dropout, seed: spec.seed, layer: l });
  });
  return tape.apply(linear, [h, get(`${layerName(0)}.weight`), get(`${layerName(0)}.bias`)], { activation: 'none', bias: true });
}
