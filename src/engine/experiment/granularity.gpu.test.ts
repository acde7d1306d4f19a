import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { unpackBits } from '../sparsity/bits.ts';
import { grouped, groupShape } from '../sparsity/granularity.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { LayerFacts, RunEventBody } from './events.ts';
import type { Experiment, MasksSpec } from './experiment.ts';
import { run } from './run.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));
const BLOCKS: Partial<MasksSpec> = { granularity: 'block', blockSize: '4' };
const CHANNELS: Partial<MasksSpec> = { granularity: 'channel', blockScore: 'max' };

const phaseOf = (method: keyof typeof METHODS, knobs: object = {}): PhaseParts => ({
  steps: 30, optimizer: { rate: 0.05 }, sparsity: { method, density: 0.3, ...('updatePeriod' in METHODS[method].card.knobs && { updatePeriod: 5 }), ...knobs },
});

const experimentOf = (masks: Partial<MasksSpec>, ...phases: PhaseParts[]): Experiment => experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: 24, noise: 0.1, samples: 200 }, model: { hidden: [19, 14, 9] }, masks, evaluateEvery: 1000, beside: { random: false, dense: false }, phases,
});

async function train(experiment: Experiment, checkpoint?: Uint8Array): Promise<{ events: readonly RunEventBody[]; hash: string; state: Uint8Array }> {
  const gpu = await testDevice();
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const events: RunEventBody[] = [];
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), tune: false, saveAtEnd: true, ...(checkpoint && { checkpoint }) })) events.push(event);
  });
  const [state] = events.flatMap((e) => (e.type === 'checkpoint' ? [e.checkpoint.bytes] : []));
  const last = events.at(-1);
  if (!state || last?.type !== 'finished') throw new Error(`ended with ${last?.type}`);
  return { events, hash: last.hash, state };
}

/** Active weights of a layer; fails where a group is switched in part. */
function activeOfWhole(mask: Uint32Array, layer: LayerFacts, masks: MasksSpec): { weights: number; groups: number } {
  const { rows, columns } = groupShape(masks, layer);
  const bits = unpackBits(mask, layer.out * layer.in, layer.wordOffset);
  const first = (i: number): number => Math.floor(Math.floor(i / layer.in) / rows) * rows * layer.in + Math.floor((i % layer.in) / columns) * columns;
  expect(bits.findIndex((bit, i) => bit !== bits[first(i)]), layer.name).toBe(-1);
  return { weights: bits.reduce((a, b) => a + b, 0), groups: bits.reduce((n, bit, i) => n + (first(i) === i ? bit : 0), 0) };
}

/** Every mask that a run tells of is made of whole groups, and its counts are those of its weights. */
function expectWhole(experiment: Experiment, events: readonly RunEventBody[]): number[] {
  const layers = events.flatMap((e) => (e.type === 'started' ? e.layers : [])).filter((layer) => layer.maskable);
  const rows = events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === 'mask' && r.arm === 'main');
  const snapshots = events.flatMap((e) => (e.type === 'masks' && e.snapshot.arm === 'main' ? [e.snapshot] : []));
  expect(snapshots).toHaveLength(rows.length);
  const groups = snapshots.map(({ mask }, s) => layers.map((layer) => {
    const active = activeOfWhole(mask, layer, experiment.masks);
    expect(rows[s]?.columns[`${layer.name}.active`]?.[0]).toBe(active.weights);
    expect(rows[s]?.columns[`${layer.name}.density`]?.[0]).toBe(Math.fround(active.weights / (layer.out * layer.in)));
    return active.groups;
  }));
  return groups.at(-1) ?? [];
}

describe('runs whose masks switch groups', () => {
  it.each(Object.keys(METHODS).flatMap((method) => [BLOCKS, CHANNELS].map((masks) => ({ method: method as keyof typeof METHODS, masks }))))('$method, $masks.granularity: masks are whole groups from first to last', async ({ method, masks }) => {
    const experiment = experimentOf(masks, phaseOf(method));
    const { events } = await train(experiment);
    const groups = expectWhole(experiment, events);
    const layers = events.flatMap((e) => (e.type === 'started' ? e.layers : [])).filter((layer) => layer.maskable);
    const { method: _, ...knobs } = experiment.phases[0]?.sparsity ?? { method };
    const planned = METHODS[method].plan({ layers: grouped(layers, experiment.masks), steps: 30, knobs }).target(29);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    expect(sum(groups)).toBe(sum(planned));
  });

  it.each(['layer', 'global'] as const)('prune on entry, lift, and go on from a checkpoint, scope %s', async (scope) => {
    const gmp = phaseOf('gmp', { scope });
    const phases: PhaseParts[] = [phaseOf('dense'), { ...phaseOf('one-shot', { scope }), entry: 'prune' }, { ...gmp, entry: 'lift' }];
    const whole = await train(experimentOf(BLOCKS, ...phases));
    expectWhole(experimentOf(BLOCKS, ...phases), whole.events);
    const half = await train(experimentOf(BLOCKS, ...phases.slice(0, 2)));
    expect((await train(experimentOf(BLOCKS, ...phases), half.state)).hash).toBe(whole.hash);
  });

  it('give the same bits stored as csr, and freeze layers', async () => {
    for (const more of [{}, { frozen: [2] }]) {
      const [masked, csr] = await Promise.all((['masked', 'csr'] as const).map((format) => train(experimentOf(BLOCKS, { ...phaseOf('rigl'), format }, { ...phaseOf('set'), format, ...more }))));
      expect(csr?.hash).toBe(masked?.hash);
    }
  });

  it('switch single weights of linear layers where kernels are asked for, to the bit', async () => {
    const [weight, kernel] = await Promise.all((['weight', 'kernel'] as const).map((granularity) => train(experimentOf({ granularity }, phaseOf('rigl')))));
    expect(kernel?.hash).toBe(weight?.hash);
  });

  it('switch the kernels and the filters of convolutions', async () => {
    for (const granularity of ['kernel', 'channel', 'block'] as const) {
      const parts = experimentOf({ granularity, blockSize: '4' }, phaseOf('rigl'), phaseOf('granet', { scope: 'global' }));
      const experiment: Experiment = { ...parts, data: { ...parts.data, set: 'moons' }, model: { ...parts.model, kind: 'cnn', channels: [6, 7] } };
      const { events } = await train(experiment);
      expectWhole(experiment, events);
    }
  });
});
