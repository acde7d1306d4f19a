import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { unpackBits } from '../sparsity/bits.ts';
import type { MethodId } from '../sparsity/methods/index.ts';
import { keptOfGroup } from '../sparsity/pattern.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { LayerFacts, RunEventBody } from './events.ts';
import type { Experiment, MasksSpec } from './experiment.ts';
import { run } from './run.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

type Masks = Pick<MasksSpec, 'n' | 'm' | 'axis' | 'share'>;
/** Patterns of which none divides the widths 2, 13 and 10: whole groups, remainders, and groups longer than a line. */
const PATTERNS: readonly Masks[] = [{ n: 1, m: 3, axis: 'in', share: '1' }, { n: 3, m: 7, axis: 'out', share: '1' }, { n: 5, m: 32, axis: 'in', share: '1' }, { n: 2, m: 4, axis: 'in', share: '4' }];
const METHODS = ['random', 'rigl', 'ste', 'sr-ste', 'mdgf', 'sdgf', 'bdwp', 'ast', 'asp'] as const satisfies readonly MethodId[];
const MASTERS: readonly MethodId[] = ['ste', 'sr-ste', 'mdgf', 'sdgf', 'bdwp', 'ast'];

function experimentOf(method: MethodId, masks: Masks, knobs: object = {}): Experiment {
  const period = MASTERS.includes(method) || method === 'rigl' ? { updatePeriod: 4 } : {};
  return experimentFrom({
    preset: 'rigl-moons', data: { set: 'moons', batch: 16, samples: 200 }, model: { hidden: [13, 10] }, masks: { granularity: 'nm', ...masks },
    phases: [{ steps: 24, optimizer: { name: 'adam', rate: 0.02 }, sparsity: { method, ...period, ...knobs } as never }], evaluateEvery: 24, beside: { random: false, dense: false },
  });
}

async function runAll(experiment: Experiment): Promise<RunEventBody[]> {
  const events: RunEventBody[] = [];
  for await (const event of run({ gpu, experiment, dataset: await loadDataset(experiment.data, experiment.seed, nodeData()), commands: createCommandPort(), tune: false })) events.push(event);
  return events;
}

/** How many bits each group of a mask holds, and how many a pattern keeps of it: along the inputs of an output, or the outputs of an input. */
function groupsOf(mask: Uint32Array, { out, in: inputs, wordOffset }: LayerFacts, { n, m, axis }: Masks): { held: number; kept: number }[] {
  const bits = unpackBits(mask, out * inputs, wordOffset);
  const [lines, length] = axis === 'in' ? [out, inputs] : [inputs, out];
  const bit = (line: number, at: number): number => bits[axis === 'in' ? line * inputs + at : at * inputs + line] as number;
  return Array.from({ length: lines }, (_, line) => Array.from({ length: Math.ceil(length / m) }, (_, g) => {
    const size = Math.min(m, length - g * m);
    return { held: Array.from({ length: size }, (_, i) => bit(line, g * m + i)).reduce((a, b) => a + b, 0), kept: keptOfGroup({ n, m }, size) };
  })).flat();
}

const lossesOf = (events: readonly RunEventBody[]): number[] => events.flatMap((event) => (event.type === 'metrics' ? event.rows.filter(({ table }) => table === 'train').flatMap(({ columns }) => [...(columns.loss ?? [])]) : []));
const hashOf = (events: readonly RunEventBody[]): string | undefined => events.findLast((event) => event.type === 'finished')?.hash;

describe.each(METHODS)('%s', (method) => {
  it('leaves exactly N of each group after every update, and of what divides no line its share', async () => {
    await underScopes(gpu, async () => {
      for (const masks of PATTERNS) {
        if (method === 'bdwp' && masks.axis !== 'in') continue;
        const events = await runAll(experimentOf(method, masks));
        const layers = events.find((event) => event.type === 'started')?.layers ?? [];
        const rows = events.flatMap((event) => (event.type === 'metrics' ? event.rows.filter(({ table }) => table === 'mask') : []));
        const snapshots = events.flatMap((event) => (event.type === 'masks' ? [event.snapshot] : []));
        expect(snapshots.length, `updates under ${masks.n}:${masks.m}`).toBeGreaterThan(method === 'random' || method === 'asp' ? 0 : 3);
        for (const { step, mask } of snapshots) {
          const told = rows.find((row) => row.step[0] === step)?.columns;
          const [n, m] = [told?.n?.[0], told?.m?.[0]] as [number, number];
          for (const layer of layers) for (const { held, kept } of groupsOf(mask, layer, { ...masks, n, m })) expect(held, `${layer.name} at step ${step}, ${n}:${m}`).toBe(kept);
          // The last mask is that of the experiment.
          if (step === snapshots.at(-1)?.step) expect([n, m]).toEqual([masks.n, masks.m]);
        }
      }
    });
  });
});

it('BDWP without a pattern has one mask, and is SR-STE', async () => {
  await underScopes(gpu, async () => {
    const [bdwp, srSte] = (['bdwp', 'sr-ste'] as const).map((method) => experimentOf(method, PATTERNS[0] as Masks, { density: 0.3 })).map((experiment) => ({ ...experiment, masks: { ...experiment.masks, granularity: 'weight' as const } }));
    expect(hashOf(await runAll(bdwp as Experiment))).toBe(hashOf(await runAll(srSte as Experiment)));
  });
});

describe.each(PATTERNS.slice(0, 2))('under $n:$m along $axis, shared by $share', (masks) => {
  it('beta of 1 is the dense network and of 0 STE, and N of N is dense, bit for bit', async () => {
    await underScopes(gpu, async () => {
      const byHand = (beta: number): object => ({ decay: 'manual', beta, fineTune: 0, denseShare: 0 });
      const dense = lossesOf(await runAll(experimentOf('dense', masks)));
      expect(dense).toHaveLength(24);
      expect(lossesOf(await runAll(experimentOf('mdgf', masks, byHand(1))))).toEqual(dense);
      expect(lossesOf(await runAll(experimentOf('ste', { ...masks, n: masks.m }, { denseShare: 0 })))).toEqual(dense);
      expect(hashOf(await runAll(experimentOf('mdgf', masks, byHand(0))))).toBe(hashOf(await runAll(experimentOf('ste', masks, { denseShare: 0 }))));
    });
  });
});
