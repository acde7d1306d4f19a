import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { networkLayout } from '../nn/layers.ts';
import { isOfLayers } from '../sparsity/frozen.ts';
import { networkSpec } from './model.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { RunEventBody } from './events.ts';
import type { Experiment } from './experiment.ts';
import { run } from './run.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));

const rigl: PhaseParts = { steps: 40, optimizer: { name: 'adamw', rate: 0.01, decay: 0.1, clip: 1 }, sparsity: { method: 'rigl', density: 0.3, distribution: 'uniform', updatePeriod: 10 } };

const experimentOf = (...phases: PhaseParts[]): Experiment => experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: 32, noise: 0.1, samples: 300 }, model: { hidden: [24, 16], norm: 'layer' }, evaluateEvery: 1000, beside: { random: false, dense: false }, phases,
});

interface Ended {
  events: readonly RunEventBody[];
  state: Uint8Array;
  hash: string;
}

async function train(experiment: Experiment, checkpoint?: Uint8Array): Promise<Ended> {
  const gpu = await testDevice();
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const events: RunEventBody[] = [];
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), tune: false, saveAtEnd: true, ...(checkpoint && { checkpoint }) })) events.push(event);
  });
  const [state] = events.flatMap((e) => (e.type === 'checkpoint' ? [e.checkpoint.bytes] : []));
  const last = events.at(-1);
  if (!state || last?.type !== 'finished') throw new Error(`ended with ${last?.type}`);
  return { events, state, hash: last.hash };
}

const rows = (events: readonly RunEventBody[], table: string, column: string): number[] =>
  events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === table).flatMap((r) => Array.from(r.columns[column] ?? []));

/** Words of each tensor by name: the parameter, both moments, the mask. */
function tensorsOf(experiment: Experiment, { state }: Ended): Map<string, readonly Uint32Array[]> {
  const layout = networkLayout(networkSpec(experiment, { features: 2, classes: 2 }));
  const [arm] = decodeCheckpoint(state).arms;
  const words = (name: string): Uint32Array => new Uint32Array(arm?.buffers[name]?.slice().buffer ?? new ArrayBuffer(0));
  const [params, slots, masks] = [words('params'), words('slots'), words('masks')];
  return new Map(layout.tensors.map(({ name, offset, length, maskable }) => [name, [
    params.slice(offset, offset + length), slots.slice(offset, offset + length), slots.slice(layout.n + offset, layout.n + offset + length),
    ...(maskable ? [masks.slice(offset / 32, offset / 32 + Math.ceil(length / 32))] : []),
  ]]));
}

describe('frozen layers', () => {
  it.each(['masked', 'csr'] as const)('keep weights, masks and optimizer state to the bit through their phase, stored as %s; the others go on', async (format) => {
    const first = experimentOf({ ...rigl, format });
    const both = experimentOf({ ...rigl, format }, { ...rigl, format, frozen: [1, 3] });
    const [before, after] = [tensorsOf(both, await train(first)), tensorsOf(both, await train(both))];
    for (const [name, words] of after) {
      if (isOfLayers({ name }, ['fc1', 'fc3'])) expect(words, name).toEqual(before.get(name));
      else words.forEach((part, i) => expect(part, `${name}, part ${i}`).not.toEqual(before.get(name)?.[i]));
    }
  });

  it('tell as planned what they have, and no change', async () => {
    const { events } = await train(experimentOf(rigl, { ...rigl, frozen: [2], sparsity: { ...rigl.sparsity, density: 0.5 } }));
    const masks = events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === 'mask' && (r.step[0] as number) > 41);
    expect(masks.length).toBeGreaterThan(1);
    for (const { columns } of masks) {
      expect([columns['fc2.planned']?.[0], columns['fc2.flips']?.[0], columns['fc2.dropped']?.[0]]).toEqual([columns['fc2.density']?.[0], 0, 0]);
    }
    expect(Math.max(...masks.map(({ columns }) => columns['fc1.flips']?.[0] ?? 0))).toBeGreaterThan(0);
  });

  it('give no gradient: with all of them frozen its norm is 0, and a resume changes no bit', async () => {
    const experiment = experimentOf(rigl, { ...rigl, frozen: [1, 2, 3] });
    const whole = await train(experiment);
    expect(rows(whole.events, 'train', 'gradNorm').map((norm) => norm === 0)).toEqual(Array.from({ length: 80 }, (_, i) => i >= 40));
    const half = experimentOf({ ...rigl, steps: 60 });
    const other = experimentOf({ ...rigl, steps: 60, frozen: [1] });
    expect((await train(half)).hash).not.toBe((await train(other)).hash);
    const kept = await train(experimentOf(rigl));
    expect((await train(experiment, kept.state)).hash).toBe(whole.hash);
    expect(whole.hash).toBe(kept.hash);
  });
});
