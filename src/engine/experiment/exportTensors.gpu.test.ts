import { beforeAll, describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import type { Dataset } from '../data/dataset.ts';
import { textDataset } from '../data/text.ts';
import type { Gpu } from '../gpu/device.ts';
import { networkLayout } from '../nn/layers.ts';
import { keptOfGroup } from '../sparsity/pattern.ts';
import type { MethodId } from '../sparsity/methods/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { Experiment, ModelSpec } from './experiment.ts';
import { exportNetwork, weightsFile } from './exportTensors.ts';
import { networkSpec } from './model.ts';
import { run } from './run.ts';
import { decodeSafetensors, type Tensor } from './safetensors.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const TURNS: Dataset = textDataset({
  id: 'turns', title: '', characters: '\n abcd', context: 8, licence: '', source: '',
  train: Uint8Array.from({ length: 600 }, (_, i) => 2 + (i % 4)), test: Uint8Array.from({ length: 100 }, (_, i) => 2 + (i % 4)),
});

/** A block whose widths no pattern of 8 divides. */
function experimentOf(method: MethodId, model: Partial<ModelSpec> = {}): Experiment {
  return experimentFrom({
    preset: 'dense-mnist', data: { set: 'moby-dick', batch: 4, context: 8 }, masks: { granularity: 'nm', n: 2, m: 8 },
    model: { kind: 'transformer', depth: 1, width: 12, heads: 2, feedForward: 20, norm: 'layer', activation: 'gelu', positions: 'learned', head: 'free', ...model },
    phases: [{ steps: 12, optimizer: { name: 'adamw', rate: 0.01 }, sparsity: { method, ...(method === 'random' || method === 'asp' ? {} : { updatePeriod: 3 }) } as never }], evaluateEvery: 12, beside: { random: false, dense: false },
  });
}

/** The tensors of the file that a run's weights are exported to, as they are read again. */
async function exported(experiment: Experiment): Promise<Map<string, Tensor>> {
  let bytes: Uint8Array | undefined;
  for await (const event of run({ gpu, experiment, dataset: TURNS, commands: createCommandPort(), saveAtEnd: true, tune: false })) if (event.type === 'checkpoint') bytes = event.checkpoint.bytes;
  return new Map(decodeSafetensors(weightsFile(exportNetwork(bytes as Uint8Array, experiment, TURNS), experiment)).tensors.map((tensor) => [tensor.name, tensor]));
}

/** Groups along the inputs that hold another number of weights that are not 0 than 2:8 keeps of them. */
function misfits({ shape: [rows = 0, columns = 0], values }: Tensor): string[] {
  return Array.from({ length: rows }, (_, row) => row).flatMap((row) => Array.from({ length: Math.ceil(columns / 8) }, (_, g) => {
    const group = Array.from(values.slice(row * columns + 8 * g, row * columns + Math.min(columns, 8 * g + 8)));
    const held = group.filter((value) => value !== 0).length;
    return held === keptOfGroup({ n: 2, m: 8 }, group.length) ? [] : [`row ${row}, group ${g} holds ${held} of ${group.length}`];
  }).flat());
}

describe('the weights file of a transformer', () => {
  it.each([
    { norm: 'layer', positions: 'learned', head: 'free' }, { norm: 'rms', positions: 'rotary', head: 'tied' }, { norm: 'none', positions: 'learned', head: 'tied' },
  ] as const)('has every parameter once: %j', async (model) => {
    await underScopes(gpu, async () => {
      const experiment = experimentOf('dense', model);
      const layout = networkLayout(networkSpec(experiment, TURNS));
      const file = await exported(experiment);
      const numbers = [...file.values()].filter(({ dtype }) => dtype === 'F32');
      expect(numbers.reduce((sum, { values }) => sum + values.length, 0)).toBe(layout.tensors.reduce((sum, { length }) => sum + length, 0));
      expect(numbers.every(({ values, shape }) => values.length === shape.reduce((a, b) => a * b))).toBe(true);
      expect(file.get('positions')?.shape).toEqual(model.positions === 'learned' ? [8, 12] : undefined);
      expect([file.has('block1.attention.norm.weight'), file.has('block1.mlp.norm.bias'), file.has('last.norm.weight')]).toEqual([model.norm !== 'none', model.norm === 'layer', model.norm !== 'none']);
    });
  });

  it.each(['random', 'ste', 'sr-ste', 'mdgf', 'sdgf', 'bdwp', 'ast', 'asp'] as const)('read again holds exactly N weights of every M under %s, and whole tables', async (method) => {
    await underScopes(gpu, async () => {
      const experiment = experimentOf(method);
      const file = await exported(experiment);
      const layers = networkLayout(networkSpec(experiment, TURNS)).layers.length;
      const masked = [...file.values()].filter(({ name }) => [...(file.get(`${name}.mask`)?.values ?? [])].includes(0));
      expect(masked.length).toBe(layers);
      for (const tensor of masked) expect(misfits(tensor), tensor.name).toEqual([]);
      expect(Array.from(file.get('layers.0.weight')?.values ?? []).filter((value) => value === 0)).toEqual([]);
    });
  });
});
