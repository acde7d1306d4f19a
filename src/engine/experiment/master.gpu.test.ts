import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { candidates } from '../gpu/kernel.ts';
import type { Value } from '../gpu/trace.ts';
import { pullOutside } from '../kernels/mask.ts';
import { adamPulled } from '../kernels/optimizers.ts';
import { nmMask } from '../kernels/pattern.ts';
import { applyMask } from '../ops/applyMask.ts';
import { linear } from '../ops/linear.ts';
import { sum } from '../ops/mean.ts';
import { openGraph, runGraph } from '../ops/testing.ts';
import { unpackBits } from '../sparsity/bits.ts';
import type { MethodId } from '../sparsity/methods/index.ts';
import { chooseByPattern } from '../sparsity/patternChoice.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { RunEventBody } from './events.ts';
import type { Experiment, Phase } from './experiment.ts';
import { run } from './run.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

type Changes = { knobs?: object; masks?: Partial<Experiment['masks']>; phase?: Partial<Phase> };

/** Two hidden layers of which 8 divides one; SGD with momentum, or what is asked for. */
function experimentOf(method: MethodId, { knobs = {}, masks = {}, phase = {} }: Changes = {}): Experiment {
  return experimentFrom({
    preset: 'rigl-moons', data: { set: 'moons', batch: 16, samples: 200 }, model: { hidden: [24, 13] },
    masks: { granularity: 'nm', n: 2, m: 8, ...masks },
    phases: [{ steps: 60, optimizer: { name: 'sgd', rate: 0.1, momentum: 0.9 }, sparsity: { method, ...(method === 'dense' ? {} : { updatePeriod: 5 }), ...knobs }, ...phase } as never],
    evaluateEvery: 30, beside: { random: false, dense: false },
  });
}

async function runAll(experiment: Experiment): Promise<RunEventBody[]> {
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  const events: RunEventBody[] = [];
  for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort() })) events.push(event);
  return events;
}

const hashOf = (events: readonly RunEventBody[]): string | undefined => events.findLast((event) => event.type === 'finished')?.hash;
const lossesOf = (events: readonly RunEventBody[]): number[] =>
  events.flatMap((event) => (event.type === 'metrics' ? event.rows.filter(({ table }) => table === 'train').flatMap(({ columns }) => [...(columns.loss ?? [])]) : []));

describe('weights outside the mask', () => {
  it('that are seen in full make a dense network, bit for bit', async () => {
    await underScopes(gpu, async () => {
      const dense = lossesOf(await runAll(experimentOf('dense')));
      const seen = { decay: 'manual', beta: 1, fineTune: 0 };
      expect(lossesOf(await runAll(experimentOf('mdgf', { knobs: seen })))).toEqual(dense);
      expect(lossesOf(await runAll(experimentOf('mdgf', { knobs: { ...seen, backward: 'scaled' } })))).toEqual(dense);
      expect(lossesOf(await runAll(experimentOf('ste', { masks: { n: 8 } })))).toEqual(dense);
      expect(lossesOf(await runAll(experimentOf('sr-ste', { masks: { n: 8 }, knobs: { pull: 0.1 } })))).toEqual(dense);
      expect(lossesOf(await runAll(experimentOf('sdgf', { masks: { n: 8 } })))).toEqual(dense);
      expect(lossesOf(await runAll(experimentOf('bdwp', { masks: { n: 8 }, knobs: { pull: 0.1 } })))).toEqual(dense);
    });
  });

  it('that are not seen make STE, and a pull of 0 changes nothing', async () => {
    await underScopes(gpu, async () => {
      const ste = hashOf(await runAll(experimentOf('ste')));
      expect(hashOf(await runAll(experimentOf('mdgf', { knobs: { decay: 'manual', beta: 0, fineTune: 0, denseShare: 0 } })))).toBe(ste);
      expect(hashOf(await runAll(experimentOf('sr-ste', { knobs: { pull: 0 } })))).toBe(ste);
      expect(hashOf(await runAll(experimentOf('sr-ste', { knobs: { pull: 0.01 } })))).not.toBe(ste);
    });
  });

  it('train: the same bits whatever the storage, and whether a batch is gathered in parts', async () => {
    await underScopes(gpu, async () => {
      for (const method of ['ste', 'sr-ste', 'sdgf'] as const) {
        const hashes = [];
        for (const format of ['masked', 'csr', 'nm'] as const) hashes.push(hashOf(await runAll(experimentOf(method, { phase: { format } }))));
        expect(new Set(hashes).size, method).toBe(1);
      }
      const [whole, parts] = [await runAll(experimentOf('sr-ste')), await runAll(experimentOf('sr-ste', { phase: { accumulate: 4 } }))];
      lossesOf(whole).slice(0, 10).forEach((loss, i) => expect(lossesOf(parts)[i]).toBeCloseTo(loss, 4));
    });
  });

  it('leave masks that hold exactly N of each M after every update', async () => {
    await underScopes(gpu, async () => {
      for (const method of ['ste', 'sr-ste', 'mdgf', 'sdgf', 'bdwp', 'ast', 'asp'] as const) {
        const events = await runAll(experimentOf(method, { phase: { steps: 100 } }));
        const layers = events.find((event) => event.type === 'started')?.layers ?? [];
        const last = events.findLast((event) => event.type === 'masks')!.snapshot;
        for (const { name, out, in: inputs, wordOffset, words } of layers) {
          const bits = unpackBits(last.mask.subarray(wordOffset, wordOffset + words), out * inputs);
          for (let row = 0; row < out; row++) for (let first = 0; first < inputs; first += 8) {
            const size = Math.min(8, inputs - first);
            const kept = bits.subarray(row * inputs + first, row * inputs + first + size).reduce((a, b) => a + b, 0);
            expect(kept, `${method} ${name} row ${row}`).toBe(Math.ceil((2 * size) / 8));
          }
        }
      }
    });
  });

  it('have a pattern of their own on the way back, along the outputs', async () => {
    const W = [4, -1, 2, 3, 1, 5, -2, -6, -7, 2, 1, 3, 2, -3, 8, -4];
    const found = await runGraph(gpu, {
      weights: { shape: [16], data: W }, status: { shape: [64], dtype: 'u32', data: new Uint32Array(64).fill(0xffffffff) },
      forth: { shape: [64], dtype: 'bits', data: new Uint8Array(64) }, back: { shape: [64], dtype: 'bits', data: new Uint8Array(64) },
      weight: { shape: [4, 4], data: W }, x: { shape: [4, 1], data: [1, 2, -1, 0.5], gradient: 'watched' }, dy: { shape: [4, 1], data: [1, -1, 0.5, 2] },
    }, (tape, values) => {
      for (const [axis, bits] of [[0, values.forth], [1, values.back]] as const) {
        tape.trace.dispatch(nmMask, { label: 'mask', params: { first: 0, rows: 4, columns: 4, axis, n: 2, m: 4, share: 1 }, bind: { weights: values.weights, status: values.status, bits } });
      }
      const masked = (bits: Value): Value => tape.apply(applyMask, [values.weight, bits], { straightThrough: false, rest: 0, knob: '' });
      const y = tape.apply(linear, [values.x, masked(values.forth), masked(values.back)], { activation: 'none', bias: false });
      // The loss is half of |y - (y - dy)|^2 in its slope: dy itself.
      tape.loss('task', tape.apply(sum, [tape.apply(linear, [y, tape.trace.reshape(values.dy, [1, 4])], { activation: 'none', bias: false })], {}));
      tape.backward();
      return { forth: values.forth, back: values.back, y, dx: tape.gradientOf(values.x) };
    });
    const rows = (bits: ArrayLike<number> | undefined): string => [0, 4, 8, 12].map((row) => Array.from(bits ?? []).slice(row, row + 4).join('')).join('/');
    expect([rows(found.forth), rows(found.back)]).toEqual(['1001/0101/1001/0011', '1010/0101/1000/0111']);
    expect([[...(found.y ?? [])], [...(found.dx ?? [])]]).toEqual([[5.5, 7, -5.5, -10], [0.5, -11, 18, -2]]);
  });

  it.each([[2, 8, 1, 0], [2, 8, 1, 1], [2, 8, 8, 1], [1, 4, 16, 1], [3, 5, 32, 1], [2, 4, 4, 0]] as const)('may have one pattern of %i:%i for %i neighbours (along axis %i), in all variants', async (n, m, share, axis) => {
    const [rows, columns] = [37, 64] as const;
    // Some tie.
    const data = Float32Array.from({ length: rows * columns }, (_, i) => (i % 3 === 0 ? Math.round(3 * Math.sin(i)) / 4 : Math.sin(7 * i)));
    const graph = openGraph(gpu, {
      weights: { shape: [rows * columns], data }, status: { shape: [64], dtype: 'u32', data: new Uint32Array(64).fill(0xffffffff) },
    }, (tape, { weights, status }) => {
      const bits = tape.transient('bits', [rows * columns], 'bits');
      tape.trace.dispatch(nmMask, { label: 'mask', params: { first: 0, rows, columns, axis, n, m, share }, bind: { weights, status, bits } });
      return { bits };
    });
    const [lines, across] = axis === 1 ? [rows, Math.ceil(columns / share)] : [Math.ceil(rows / share), columns];
    const sums = new Float32Array(lines * across);
    const groupOf = (i: number): number => (axis === 1 ? Math.floor(i / columns) * across + Math.floor((i % columns) / share) : Math.floor(i / columns / share) * across + (i % columns));
    data.forEach((w, i) => (sums[groupOf(i)] = Math.fround((sums[groupOf(i)] as number) + Math.abs(w))));
    const chosen = chooseByPattern(new Uint32Array(sums.buffer).map((key) => key + 1), { rows: lines, columns: across }, { n, m, axis: axis === 1 ? 'out' : 'in' });
    await underScopes(gpu, async () => {
      const ways = [undefined, ...candidates(nmMask, { first: 0, rows, columns, axis, n, m, share }, gpu.facts)];
      expect(ways).toHaveLength(axis === 1 ? 2 : 1);
      for (const way of ways) expect([...(await graph.run((d) => (d.kernel.name === 'nm_mask' ? way : undefined))).bits as Uint32Array].slice(0, rows * columns)).toEqual([...data].map((_, i) => chosen[groupOf(i)]));
    });
    graph.destroy();
  });

  it('are pulled behind the first moment by the numbers of AST', async () => {
    const steps = [[0.1, -0.2, 0.3, 0.05], [-0.1, 0.1, 0.2, 0.05], [0, 0.05, -0.1, 0.02]];
    const wanted = [[0.4, -0.1, 0, -0.5], [0.407501, -0.069193, -0.056567, -0.565393], [0.413349, -0.055925, -0.08203, -0.609762]];
    let state = { weights: [0.5, -0.2, 0.1, -0.4], slots: new Array<number>(128).fill(0) };
    for (const [t, gradients] of steps.entries()) {
      const padded = (values: readonly number[]): number[] => Array.from({ length: 64 }, (_, i) => values[i] ?? 0);
      const status = new Uint32Array(64).fill(0xffffffff);
      status[2] = new Uint32Array(Float32Array.of(1).buffer)[0] as number;
      // One tensor of four weights: rate scale 1, no decay, trained.
      const table = new Uint32Array([0, ...new Uint32Array(Float32Array.of(1, 0).buffer), 1, 4]);
      const found = await runGraph(gpu, {
        gradients: { shape: [64], data: padded(gradients) }, mask: { shape: [64], dtype: 'bits', data: padded([1, 0, 0, 1]) }, table: { shape: [5], dtype: 'u32', data: table },
        status: { shape: [64], dtype: 'u32', data: status }, weights: { shape: [64], data: padded(state.weights) }, slots: { shape: [128], data: state.slots },
      }, (tape, values) => {
        const knob = (name: string): number => tape.knobs.at(name, 'f32').index;
        tape.trace.dispatch(adamPulled, {
          label: 'AST', bind: values,
          params: { n: 64, masked: 64, blocks: 1, rate_knob: knob('rate'), correction_knob: tape.knobs.at('correction', 'f32', 2).index, pull_knob: knob('pull'), beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0, decoupled: 1 },
        });
        return { weights: values.weights, slots: values.slots };
      }, { knobs: { rate: 0.01, pull: 0.1, correction: [1 - 0.9 ** (t + 1), 1 - 0.95 ** (t + 1)] } });
      state = { weights: [...(found.weights ?? [])].slice(0, 4), slots: [...(found.slots ?? [])] };
      wanted[t]?.forEach((w, i) => expect(state.weights[i], `step ${t + 1}, weight ${i}`).toBeCloseTo(w, 5));
    }
  });

  it('are pulled by the numbers of the paper', async () => {
    // Words of a mask are whole: the eight weights lie at the end of the second, and nothing else is pulled.
    const placed = (values: readonly number[]): number[] => [...new Array<number>(56).fill(0), ...values];
    const weights = [0.1, -0.8, 0.3, 0.05, -0.4, 0.6, 0.2, -0.7];
    const bits = weights.map((_, i) => (i === 1 || i === 7 ? 1 : 0));
    const { pulled } = await runGraph(gpu, {
      weights: { shape: [64], data: placed(weights) }, mask: { shape: [64], dtype: 'bits', data: placed(bits) }, gradients: { shape: [64], data: placed([0.1, 0.2, 0.3, 0.4, -0.1, -0.2, -0.3, -0.4]) },
    }, (tape, values) => {
      tape.trace.dispatch(pullOutside, { label: 'pull', params: { n: 64, pull_knob: tape.knobs.at('pull', 'f32').index }, bind: values });
      return { pulled: values.gradients };
    }, { knobs: { pull: 2e-4 } });
    [0.10002, 0.2, 0.30006, 0.40001, -0.10008, -0.19988, -0.29996, -0.4].forEach((wanted, i) => expect(pulled?.[56 + i]).toBeCloseTo(wanted, 6));
    expect(pulled?.slice(0, 56).every((g) => g === 0)).toBe(true);
  });
});
