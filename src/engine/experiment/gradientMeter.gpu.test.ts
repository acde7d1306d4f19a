import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { unpackBits } from '../sparsity/bits.ts';
import type { MethodId } from '../sparsity/methods/index.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { MetricRows, RunCommand, RunEventBody } from './events.ts';
import type { Experiment, Phase } from './experiment.ts';
import { networkLayout } from '../nn/layers.ts';
import { networkSpec } from './model.ts';
import { run } from './run.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

type Changes = { phase?: Partial<Phase>; knobs?: object } & Partial<Pick<Experiment, 'masks' | 'evaluateEvery' | 'edits' | 'beside'>>;

/** Two hidden layers under 2:8 and Adam, nothing beside. */
function experimentOf(method: MethodId, { phase = {}, knobs = {}, ...rest }: Changes = {}): Experiment {
  return experimentFrom({
    preset: 'rigl-moons', data: { set: 'moons', batch: 16, samples: 200 }, model: { hidden: [24, 16] }, masks: { granularity: 'nm', n: 2, m: 8 },
    phases: [{ steps: 40, optimizer: { name: 'adam', rate: 0.01 }, sparsity: { method, ...(method === 'dense' ? {} : { updatePeriod: 5 }), ...knobs }, ...phase } as never],
    evaluateEvery: 20, beside: { random: false, dense: false }, ...rest,
  });
}

async function runAll(experiment: Experiment, commands: readonly RunCommand[] = []): Promise<RunEventBody[]> {
  const port = createCommandPort();
  commands.forEach((command) => port.send(command));
  const events: RunEventBody[] = [];
  for await (const event of run({ gpu, experiment, dataset: await loadDataset(experiment.data, experiment.seed, nodeData()), commands: port, saveAtEnd: true, tune: false })) events.push(event);
  return events;
}

const rowsOf = (events: readonly RunEventBody[], table: MetricRows['table'], arm = 'main'): MetricRows[] => events.flatMap((event) => (event.type === 'metrics' ? event.rows : [])).filter((rows) => rows.table === table && rows.arm === arm);
const column = (events: readonly RunEventBody[], table: MetricRows['table'], name: string): [step: number, value: number][] =>
  rowsOf(events, table).flatMap(({ step, columns }) => Array.from(step, (s, i): [number, number] => [s, columns[name]?.[i] ?? Number.NaN]));
const values = (events: readonly RunEventBody[], name: string): number[] => column(events, 'train', name).map(([, value]) => value);
const hashOf = (events: readonly RunEventBody[]): string | undefined => events.findLast((event) => event.type === 'finished')?.hash;

describe('what gradients are like', () => {
  it('is told of each network and layer at evaluations behind a step, and changes no bit of the run', async () => {
    await underScopes(gpu, async () => {
      const events = await runAll(experimentOf('ste', { beside: { random: false, dense: true } }));
      for (const arm of ['main', 'dense']) {
        const rows = rowsOf(events, 'gradient', arm);
        expect(rowsOf(events, 'train', arm).some(({ columns }) => 'beta' in columns)).toBe(false);
        expect(rows.map(({ step }) => step[0])).toEqual([20, 40]);
        expect(Object.keys(rows[0]?.columns ?? {}).sort()).toEqual(['fc1', 'fc2', 'fc3'].flatMap((layer) => [`${layer}.gradientVariance`, `${layer}.momentVariance`]).sort());
        expect(Object.values(rows[1]?.columns ?? {}).every(([value]) => (value as number) > 0)).toBe(true);
      }
      expect(hashOf(await runAll(experimentOf('ste', { evaluateEvery: 40 })))).toBe(hashOf(events));
    });
  });

  it('has the variance of Adam\'s second moment that a checkpoint has, of SGD none', async () => {
    await underScopes(gpu, async () => {
      const experiment = experimentOf('rigl', { masks: { granularity: 'weight' } as Experiment['masks'], knobs: { density: 0.4 } });
      const events = await runAll(experiment);
      const saved = decodeCheckpoint(events.findLast((event) => event.type === 'checkpoint')!.checkpoint.bytes).arms[0]!.buffers;
      const layout = networkLayout(networkSpec(experiment, await loadDataset(experiment.data, experiment.seed, nodeData())));
      const [slots, masks] = [new Float32Array(Uint8Array.from(saved.slots!).buffer), new Uint32Array(Uint8Array.from(saved.masks!).buffer)];
      const told = rowsOf(events, 'gradient').at(-1)!.columns;
      for (const { name, offset, length } of layout.layers) {
        const bits = unpackBits(masks, length, offset / 32);
        const v = Array.from(slots.subarray(layout.n + offset, layout.n + offset + length)).filter((_, i) => bits[i] === 1);
        const mean = v.reduce((a, b) => a + b) / v.length;
        const variance = v.reduce((sum, x) => sum + (x - mean) ** 2, 0) / v.length;
        expect((told[name.replace('weight', 'momentVariance')]?.[0] ?? Number.NaN) / variance, name).toBeCloseTo(1, 4);
      }
      const sgd = rowsOf(await runAll(experimentOf('ste', { phase: { optimizer: { name: 'sgd', rate: 0.1, momentum: 0.9 } as never } })), 'gradient');
      expect(Object.keys(sgd[0]?.columns ?? {})).toEqual(['fc1.gradientVariance', 'fc2.gradientVariance', 'fc3.gradientVariance']);
    });
  });
});

describe('two masks of one master', () => {
  it('give input gradients in nearly the same direction, which are told where there is one', async () => {
    await underScopes(gpu, async () => {
      const cosines = (rows: readonly MetricRows[]): (number | undefined)[][] => rows.map(({ columns }) => ['fc1', 'fc2', 'fc3'].map((layer) => columns[`${layer}.cosine`]?.[0]));
      const events = await runAll(experimentOf('bdwp'));
      for (const [first, ...others] of cosines(rowsOf(events, 'gradient'))) {
        expect(first).toBeUndefined();
        for (const cosine of others) expect(cosine).toSatisfy((c) => c > 0.1 && c < 0.999);
      }
      expect(cosines(rowsOf(await runAll(experimentOf('ste')), 'gradient')).flat().every((cosine) => cosine === undefined)).toBe(true);
      // Where N is M both masks are full.
      for (const [, ...others] of cosines(rowsOf(await runAll(experimentOf('bdwp', { masks: { granularity: 'nm', n: 8, m: 8 } as Experiment['masks'] })), 'gradient'))) {
        for (const cosine of others) expect(cosine).toBeCloseTo(1, 6);
      }
    });
  });

  it('agree in a share of the weights that is told of each layer', async () => {
    await underScopes(gpu, async () => {
      const events = await runAll(experimentOf('bdwp'));
      const rows = rowsOf(events, 'mask');
      expect(rows[0]?.columns['fc2.agreement']?.[0]).toBe(1);
      const buffers = decodeCheckpoint(events.findLast((event) => event.type === 'checkpoint')!.checkpoint.bytes).arms[0]!.buffers;
      const [forth, back] = ['masks', 'backward masks'].map((name) => new Uint32Array(Uint8Array.from(buffers[name as 'masks'] as Uint8Array).buffer)) as [Uint32Array, Uint32Array];
      const layers = events.find((event) => event.type === 'started')!.layers;
      for (const { name, out, in: inputs, wordOffset } of layers) {
        const [a, b] = [unpackBits(forth, out * inputs, wordOffset), unpackBits(back, out * inputs, wordOffset)];
        expect(rows.at(-1)?.columns[`${name}.agreement`]?.[0], name).toBe(Math.fround(a.filter((bit, i) => bit === b[i]).length / a.length));
      }
      expect(rowsOf(await runAll(experimentOf('ste')), 'mask').at(-1)?.columns['fc2.agreement']).toBeUndefined();
    });
  });
});

describe('what a step was run with', () => {
  it('is told with it: beta of MdGf, with a change by hand from its step on', async () => {
    await underScopes(gpu, async () => {
      const events = await runAll(experimentOf('mdgf', { knobs: { decay: 'manual', beta: 0.5, fineTune: 0.25, denseShare: 0.1 }, edits: [{ step: 12, path: 'sparsity.beta', value: 0.125 }] }));
      expect(values(events, 'beta')).toEqual([...new Array(4).fill(1), ...new Array(8).fill(0.5), ...new Array(18).fill(0.125), ...new Array(10).fill(0)]);
    });
  });

  it('is told with it: the pull of AST as it grows, and which pattern chose the masks of SdGf', async () => {
    await underScopes(gpu, async () => {
      const pull = values(await runAll(experimentOf('ast', { knobs: { pull: 0.01, ramp: 0.5, denseShare: 0 } })), 'pull');
      expect([0, 10, 20, 39].map((i) => pull[i])).toEqual([0, 0.005, 0.01, 0.01].map(Math.fround));
      const sdgf = await runAll(experimentOf('sdgf', { knobs: { denseShare: 0.1, fineTune: 0.2, decay: 'stepwise', updatePeriod: 40 } }));
      const patterns = column(sdgf, 'mask', 'n').map(([step, n], i) => [step, n, column(sdgf, 'mask', 'm')[i]?.[1]]);
      expect(patterns).toEqual([[0, 8, 8], [5, 7, 8], [15, 4, 8], [24, 2, 8]]);
      const asp = await runAll(experimentOf('asp', { knobs: { updatePeriod: undefined, pruneAt: 0.5 } }));
      expect(column(asp, 'mask', 'n')).toEqual([[0, 8], [21, 2]]);
    });
  });
});

describe('beta that is turned by hand', () => {
  it('acts on the very next step, stands as an edit, and replays to the same hash', async () => {
    await underScopes(gpu, async () => {
      const experiment = experimentOf('mdgf', { knobs: { decay: 'manual', beta: 1, fineTune: 0, denseShare: 0 } });
      const events = await runAll(experiment, [{ type: 'step', count: 11 }, { type: 'setKnob', path: 'sparsity.beta', value: 0.25 }, { type: 'resume' }]);
      const edits = events.flatMap((event) => (event.type === 'edit' ? [{ step: event.step, path: event.path, value: event.value }] : []));
      expect(edits).toHaveLength(1);
      const [{ step } = { step: -1 }] = edits;
      expect(values(events, 'beta').map((beta, i) => (i < step ? beta === 1 : beta === 0.25)).every(Boolean)).toBe(true);
      expect(hashOf(await runAll({ ...experiment, edits }))).toBe(hashOf(events));
      expect(hashOf(await runAll(experiment))).not.toBe(hashOf(events));
    });
  });
});
