import type { Arm } from './arm.ts';
import { type DataSizes, layerFacts, networkSpec } from './model.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import type { Experiment, Phase } from './experiment.ts';
import type { ParamLayout, ParamTensor } from '../nn/layout.ts';
import { networkLayout } from '../nn/layers.ts';
import { storable } from '../sparsity/storage.ts';
import { encodeSafetensors, type Tensor } from './safetensors.ts';

/** A layer with a weight as it is written to files. */
export interface ExportedLayer {
  /** `layers.0`, as in the weights file. */
  name: string;
  /** `fc1` or `conv1`, as in the columns of `metrics.csv`. */
  column: string;
  /** [out, in], of a convolution [out, in, height, width]: PyTorch's order. */
  shape: readonly number[];
  activation: string;
  /** How the last phase stores it: `masked` or `csr` where masks apply, else `dense`. */
  format: Phase['format'] | 'dense';
  weights: number;
  active: number;
}

/** The main network of a checkpoint: tensors in the order of the network, and what its layers are. */
export interface ExportedNetwork {
  step: number;
  tensors: readonly Tensor[];
  layers: readonly ExportedLayer[];
}

const SUFFIX: Readonly<Record<string, string>> = { gain: 'norm.weight', shift: 'norm.bias' };

/**
 * Reads the main network out of a checkpoint. Weights are [out, in]; where the mask has no bit the weight is exactly +0,
 * whatever sign the zero had. Every weight has a mask: ones where a layer is kept dense.
 */
export function exportNetwork(bytes: Uint8Array, experiment: Experiment, dataset: DataSizes): ExportedNetwork {
  const { step, arms } = decodeCheckpoint(bytes);
  const main = arms.find(({ id }) => id === ('main' satisfies Arm['id']));
  const spec = networkSpec(experiment, dataset);
  const layout = networkLayout(spec);
  const params = floatsOf(main?.buffers.params);
  const bits = wordsOf(main?.buffers.masks);
  const running = floatsOf(main?.buffers.running);
  const facts = layerFacts(spec, layout);
  const storage = experiment.phases.at(-1)?.format ?? 'masked';
  const tensors: Tensor[] = [];
  const layers: ExportedLayer[] = facts.map(({ name: column, activation }, l) => {
    const own = layout.tensors.filter((t) => t.name.startsWith(`${column}.`));
    const weight = own.find((t) => t.name === `${column}.weight`) as ParamTensor;
    const mask = maskOf(weight, bits);
    for (const t of own) {
      const part = t.name.slice(column.length + 1);
      const name = `layers.${l}.${SUFFIX[part] ?? part}`;
      const values = params.slice(t.offset, t.offset + t.length);
      if (t !== weight) {
        tensors.push({ name, dtype: 'F32', shape: t.shape, values });
        continue;
      }
      tensors.push({ name, dtype: 'F32', shape: t.shape, values: values.map((v, i) => (mask[i] ? v : 0)) });
      tensors.push({ name: `${name}.mask`, dtype: 'U8', shape: t.shape, values: mask });
    }
    tensors.push(...runningTensors(layout, column, `layers.${l}.norm`, running));
    const active = mask.reduce((sum, bit) => sum + bit, 0);
    return { name: `layers.${l}`, column, shape: weight.shape, activation, format: !weight.maskable ? 'dense' : storable(layout).includes(weight) ? storage : 'masked', weights: mask.length, active };
  });
  const owned = (name: string): boolean => facts.some(({ name: column }) => name.startsWith(`${column}.`));
  // Of a transformer: norms in front of branches, and positions.
  for (const { name, offset, length, shape } of layout.tensors.filter((t) => !owned(t.name))) tensors.push({ name: ownName(name), dtype: 'F32', shape, values: params.slice(offset, offset + length) });
  return { step, tensors, layers };
}

/** Name of a tensor that belongs to no layer: `block1.mlp.gain` is `block1.mlp.norm.weight`. */
function ownName(name: string): string {
  const [part = '', ...before] = name.split('.').reverse();
  return [...before.reverse(), SUFFIX[part] ?? part].join('.');
}

/** The bytes of `weights.safetensors`: the same from the command line and from the page. */
export function weightsFile({ step, tensors }: ExportedNetwork, { preset, seed }: Experiment): Uint8Array<ArrayBuffer> {
  return encodeSafetensors({ tensors, metadata: { format: 'pt', preset, seed: String(seed), steps: String(step) } });
}

/** Running mean and variance of a layer's batch norm, under PyTorch's names; none where it has no such norm. */
function runningTensors(layout: ParamLayout, column: string, name: string, values: Float32Array): Tensor[] {
  return layout.running.filter((r) => r.name === `${column}.running`).flatMap(({ channels, offset }) => ['running_mean', 'running_var'].map((part, i): Tensor => ({
    name: `${name}.${part}`, dtype: 'F32', shape: [channels], values: values.slice(offset + i * channels, offset + (i + 1) * channels),
  })));
}

function maskOf(weight: ParamTensor, bits: Uint32Array): Uint8Array {
  if (!weight.maskable) return new Uint8Array(weight.length).fill(1);
  return Uint8Array.from({ length: weight.length }, (_, i) => ((bits[(weight.offset + i) >>> 5] ?? 0) >>> ((weight.offset + i) & 31)) & 1);
}

const floatsOf = (bytes: Uint8Array | undefined): Float32Array => new Float32Array(wholeBuffer(bytes));
const wordsOf = (bytes: Uint8Array | undefined): Uint32Array => new Uint32Array(wholeBuffer(bytes));
const wholeBuffer = (bytes: Uint8Array | undefined): ArrayBuffer => Uint8Array.from(bytes ?? []).buffer;
