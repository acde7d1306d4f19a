import { layoutParams, type ParamLayout, type ParamSpec, type RunningSpec } from './layout.ts';
import { transformerConstants, transformerLayers, transformerParams, type TransformerSpec } from './transformerLayers.ts';

/* What the layers of a network are, without the operations that compute them: the page knows them before any run. */

/** A layer with a weight: [out, in], or [out, in, height, width] of a convolution. */
export interface WeightLayer {
  /** `fc1`, `fc2`, ... and `conv1`, `conv2`, ... */
  name: string;
  shape: readonly number[];
  /** `none` behind the last layer. */
  activation: string;
}

/** Sizes of the pictures that a layer sees; data without pictures count as pictures of one point. */
export interface Picture {
  channels: number;
  height: number;
  width: number;
}

/** What follows a product in a hidden layer. */
export interface HiddenSpec {
  activation: 'relu' | 'gelu' | 'tanh';
  norm: 'none' | 'layer' | 'rms' | 'batch';
  /** What linear layers multiply with: weights as they are trained, or copies of them in 16 bits. */
  weights: 'f32' | 'f16';
}

/** What decides an MLP; `widths` holds input, hidden and output widths. */
export interface MlpSpec extends HiddenSpec {
  kind: 'mlp';
  widths: readonly number[];
  dropout: number;
  seed: number;
  /** Per linear layer: may masks apply to it? */
  maskable: readonly boolean[];
}

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

/** What decides a network. */
export type NetworkSpec = MlpSpec | CnnSpec | TransformerSpec;

/** Height and width of the kernel of every convolution; a padding of 1 keeps the size of the picture. */
export const KERNEL_SIZE = 3;

/** Name of linear layer l: `fc1`, `fc2`, ... */
export const layerName = (l: number): string => `fc${l + 1}`;
/** Name of convolution l: `conv1`, `conv2`, ... */
export const convolutionName = (l: number): string => `conv${l + 1}`;

/** Layers of a perceptron; `widths` holds input, hidden and output widths. */
export function perceptronLayers(widths: readonly number[], activation: string): WeightLayer[] {
  return widths.slice(1).map((out, l) => ({ name: layerName(l), shape: [out, widths[l] as number], activation: l === widths.length - 2 ? 'none' : activation }));
}

/** True where a picture is large enough to be pooled. */
export const canPool = ({ height, width }: Picture): boolean => height >= 2 && width >= 2;

/** The picture behind a convolution and its pooling. */
export function pooledPicture(picture: Picture, channels: number): Picture {
  return canPool(picture) ? { channels, height: picture.height >> 1, width: picture.width >> 1 } : { ...picture, channels };
}

/** Convolutions of so many channels, each pooled, and a linear layer to the classes. */
export function convolutionLayers(picture: Picture, channels: readonly number[], classes: number, activation: string): WeightLayer[] {
  let before = picture;
  const layers = channels.map((out, l): WeightLayer => {
    const shape = [out, before.channels, KERNEL_SIZE, KERNEL_SIZE];
    before = pooledPicture(before, out);
    return { name: convolutionName(l), shape, activation };
  });
  return [...layers, { name: layerName(0), shape: [classes, before.channels * before.height * before.width], activation: 'none' }];
}

/** The layers with a weight, in order of the network. */
export function networkLayers(spec: NetworkSpec): WeightLayer[] {
  switch (spec.kind) {
    case 'mlp': return perceptronLayers(spec.widths, spec.activation);
    case 'cnn': return convolutionLayers(spec.picture, spec.channels, spec.classes, spec.activation);
    case 'transformer': return transformerLayers(spec);
  }
}

/**
 * Parameters of a layer: weight, bias (none before batch norm, whose shift does the same), gain and shift of its norm.
 * @param positions numbers of a channel that the norm sees: a gain each under layer and RMS norm, one for all under batch norm
 */
export function layerParams({ name, shape }: WeightLayer, maskable: boolean, norm: HiddenSpec['norm'], positions = 1): ParamSpec[] {
  const plain = { rateScale: 1, decayScale: 0, trainable: true, maskable: false } as const;
  const out = shape[0] as number;
  const params: ParamSpec[] = [{ name: `${name}.weight`, shape, init: 'kaiming', rateScale: 1, decayScale: 1, trainable: true, maskable }];
  if (norm !== 'batch') params.push({ name: `${name}.bias`, shape: [out], init: 'zeros', ...plain });
  if (norm === 'none') return params;
  const gains = norm === 'batch' ? out : out * positions;
  params.push({ name: `${name}.gain`, shape: [gains], init: 'ones', ...plain });
  if (norm !== 'rms') params.push({ name: `${name}.shift`, shape: [gains], init: 'zeros', ...plain });
  return params;
}

/** Running statistics of the hidden layers under batch norm. */
export function runningSpecs(layers: readonly WeightLayer[], norm: HiddenSpec['norm']): RunningSpec[] {
  return norm === 'batch' ? layers.slice(0, -1).map(({ name, shape }) => ({ name: `${name}.running`, channels: shape[0] as number })) : [];
}

/** The parameters of an MLP: weights [out, in] and biases [out] of each layer, gains and shifts of norms. */
export function mlpParams(spec: MlpSpec): ParamSpec[] {
  const last = spec.widths.length - 2;
  return perceptronLayers(spec.widths, spec.activation).flatMap((layer, l) => layerParams(layer, spec.maskable[l] ?? false, l < last ? spec.norm : 'none'));
}

/** The picture that each layer of a CNN sees. */
export const picturesOf = ({ picture, channels }: CnnSpec): Picture[] => channels.reduce<Picture[]>((seen, out) => [...seen, pooledPicture(seen.at(-1) as Picture, out)], [picture]);

/** The parameters of a CNN: weights [out, in, height, width] of convolutions and [classes, in] of the last layer, biases, gains and shifts. */
export function cnnParams(spec: CnnSpec): ParamSpec[] {
  const pictures = picturesOf(spec);
  return convolutionLayers(spec.picture, spec.channels, spec.classes, spec.activation).flatMap((layer, l) => {
    const { height, width } = pictures[l] as Picture;
    return layerParams(layer, spec.maskable[l] ?? false, l < spec.channels.length ? spec.norm : 'none', height * width);
  });
}

/** Places of all parameters and running statistics of a network. */
export function networkLayout(spec: NetworkSpec): ParamLayout {
  if (spec.kind === 'transformer') return layoutParams(transformerParams(spec), [], transformerConstants(spec));
  return layoutParams(spec.kind === 'mlp' ? mlpParams(spec) : cnnParams(spec), runningSpecs(networkLayers(spec), spec.norm));
}
