import { beforeAll, describe, expect, it } from 'vitest';
import { SINGLE_WEIGHTS } from '../sparsity/granularity.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { createArena } from '../gpu/arena.ts';
import type { Gpu } from '../gpu/device.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { createState } from '../gpu/state.ts';
import { createTrace } from '../gpu/trace.ts';
import { layoutParams, paramTable, type ParamLayout } from '../nn/layout.ts';
import { randomUniformArray } from '../random.ts';
import { withGroups } from '../sparsity/groups.ts';
import { corrections, optimizerKnobs, slotCount, traceOptimizer, type OptimizerSpec } from './optimizer.ts';
import { rateAt } from './rate.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const plain = { init: 'zeros', maskable: false, rateScale: 1, decayScale: 1, trainable: true } as const;
const LAYOUT = layoutParams([
  { ...plain, name: 'weight', shape: [7, 11], maskable: true },
  { ...plain, name: 'half rate, no decay', shape: [65], rateScale: 0.5, decayScale: 0 },
  { ...plain, name: 'frozen', shape: [5], trainable: false },
]);
const STATUS = 64;
const UPDATES = 6;
const RATE = 0.05;
const SPEC: OptimizerSpec = { name: 'sgd', momentum: 0.9, nesterov: false, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, decay: 0.1 };

/** Words of the mask that hold whole quads and single weights, all weights, and single weights alone. */
const active = (i: number): boolean => (i < 32 ? Math.floor(i / 4) % 3 === 0 || i % 5 === 1 : i < 64 || i % 3 !== 1);
const gradientsOf = (layout: ParamLayout, t: number): Float32Array => randomUniformArray(4, 90, t, layout.n, -1, 1);
/** Zero where the mask is 0, as in every run. */
const start = (layout: ParamLayout): Float32Array => randomUniformArray(4, 91, 0, layout.n, -1, 1).map((w, i) => (i < layout.masked && !active(i) ? 0 : w));

interface Given {
  clip: number;
  /** Step at which the divergence flag goes up. */
  badFrom?: number;
  /** What masks switch, as the layout tells it. */
  masks?: 'weight' | 'block';
}

/** Weights, and the slots one after another, after the updates. */
async function onDevice(spec: OptimizerSpec, { clip, badFrom = Infinity, masks = 'weight' }: Given): Promise<{ weights: Float32Array; slots: Float32Array }> {
  const arena = createArena(gpu.device);
  const knobs = createKnobLayout();
  const trace = createTrace();
  traceOptimizer(trace, knobs, spec, withGroups(LAYOUT, { ...SINGLE_WEIGHTS, granularity: masks, blockSize: '4', blockScore: 'mean' }), STATUS);
  const state = createState(gpu.device, arena, 'optimizer');
  const workspace = createWorkspace(gpu, arena, knobs);
  const program = workspace.add('optimizer', trace, state);
  await workspace.prepare([program]);
  state.write('params', start(LAYOUT));
  state.write('table', paramTable(LAYOUT));
  state.write('masks', Uint32Array.from({ length: LAYOUT.masked / 32 }, (_, w) => Array.from({ length: 32 }, (__, j) => (active(w * 32 + j) ? 2 ** j : 0)).reduce((a, b) => a + b, 0)));
  for (let t = 0; t < UPDATES; t++) {
    state.write('grads', gradientsOf(LAYOUT, t));
    state.write('status', Uint32Array.of(t >= badFrom ? t : 0xffffffff, 0, new Uint32Array(Float32Array.of(clip).buffer)[0] as number));
    workspace.rows.fill(0, optimizerKnobs(spec, RATE, t + 1));
    workspace.rows.write(1);
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    program.encode(pass, 0);
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
  }
  const [weights, slots] = await readNow(gpu.device, arena, ['params', 'slots'].map((name) => ({ buffer: state.buffer(name), offset: 0, bytes: state.buffer(name).size })));
  workspace.destroy();
  arena.destroy();
  return { weights: new Float32Array(weights as ArrayBuffer), slots: new Float32Array(slots as ArrayBuffer) };
}

/** The same in float64, element by element, after the papers' formulas. */
function reference(spec: OptimizerSpec, { clip, badFrom = Infinity }: Given): Float64Array {
  const w = Float64Array.from(start(LAYOUT));
  const first = new Float64Array(LAYOUT.n);
  const second = new Float64Array(LAYOUT.n);
  for (let t = 0; t < Math.min(UPDATES, badFrom); t++) {
    const gradients = gradientsOf(LAYOUT, t);
    for (const tensor of LAYOUT.tensors) {
      if (!tensor.trainable) continue;
      for (let i = tensor.offset; i < tensor.offset + tensor.length; i++) {
        if (tensor.maskable && !active(i)) continue;
        const rate = RATE * tensor.rateScale;
        const decay = spec.decay * tensor.decayScale;
        let g = clip * (gradients[i] as number);
        if (spec.name === 'adamw') w[i] = (w[i] as number) * (1 - rate * decay);
        else g += decay * (w[i] as number);
        if (spec.name === 'sgd') {
          const v = (first[i] = spec.momentum * (first[i] as number) + g);
          w[i] = (w[i] as number) - rate * (spec.nesterov ? g + spec.momentum * v : v);
          continue;
        }
        const m = (first[i] = spec.beta1 * (first[i] as number) + (1 - spec.beta1) * g);
        const v = (second[i] = spec.beta2 * (second[i] as number) + (1 - spec.beta2) * g * g);
        const [c1, c2] = corrections(spec, t + 1);
        w[i] = (w[i] as number) - (rate * (m / c1)) / (Math.sqrt(v / c2) + spec.epsilon);
      }
    }
  }
  return w;
}

const CASES: readonly (readonly [string, Partial<OptimizerSpec>])[] = [
  ['SGD', { momentum: 0 }], ['SGD with momentum', {}], ['Nesterov', { nesterov: true }], ['Adam', { name: 'adam' }], ['AdamW', { name: 'adamw' }],
];

describe.each(CASES)('%s', (_, more) => {
  const spec = { ...SPEC, ...more };

  it.each([[1], [0.25]])('agrees with float64 over six updates, with gradients scaled by %f', async (clip) => {
    await underScopes(gpu, async () => {
      const want = reference(spec, { clip });
      const { weights: got, slots } = await onDevice(spec, { clip });
      for (const { name, offset, length } of LAYOUT.tensors) {
        for (let i = offset; i < offset + length; i++) {
          const error = Math.abs((got[i] as number) - (want[i] as number));
          if (!(error <= 2e-5 * (Math.abs(want[i] as number) + 0.1))) expect.fail(`${name}[${i - offset}] is ${got[i]}, should be ${want[i]}.`);
        }
      }
      // What the mask leaves out is +0 to the bit, what is frozen has not moved.
      for (let i = 0; i < 77; i++) if (!active(i)) expect(Object.is(got[i], 0)).toBe(true);
      // A slot left behind outside the mask would move a weight that is grown there.
      for (let s = 0; s < slotCount(spec.name); s++) {
        const moved = Array.from({ length: 77 }, (_, i) => slots[s * LAYOUT.n + i] !== 0);
        expect(moved).toEqual(Array.from({ length: 77 }, (_, i) => active(i)));
      }
      const frozen = LAYOUT.tensors.at(-1)?.offset ?? 0;
      expect(got.slice(frozen, frozen + 5)).toEqual(start(LAYOUT).slice(frozen, frozen + 5));
    });
  });

  it('changes nothing once the divergence flag is up', async () => {
    const { weights: stopped } = await onDevice(spec, { clip: 1, badFrom: 3 });
    const want = reference(spec, { clip: 1, badFrom: 3 });
    for (let i = 0; i < 77; i++) expect(Math.abs((stopped[i] as number) - (want[i] as number))).toBeLessThan(1e-5);
    expect(stopped).not.toEqual((await onDevice(spec, { clip: 1 })).weights);
  });

  it('gives the same bits where masks switch blocks, and stops like the other', async () => {
    for (const badFrom of [Infinity, 3]) {
      const [weights, blocks] = [await onDevice(spec, { clip: 0.25, badFrom }), await onDevice(spec, { clip: 0.25, badFrom, masks: 'block' })];
      expect(blocks).toEqual(weights);
    }
  });

  it('keeps the slots that it says', () => expect(slotCount(spec.name)).toBe(spec.name === 'sgd' ? 1 : 2));
});

it('the corrections are the share of the moments that is not their start: 1 - beta^t', () => {
  const spec = { ...SPEC, beta1: 0.5, beta2: 0.75 };
  expect([1, 2, 3].map((t) => corrections(spec, t))).toEqual([[0.5, 0.25], [0.75, 0.4375], [0.875, 0.578125]]);
});

describe('the rate', () => {
  it.each([
    ['constant', 0, [0.1, 0.1, 0.1, 0.1]],
    ['cosine', 0, [0.1, 0.05 * (1 + Math.SQRT1_2), 0.05, 0.05 * (1 - Math.SQRT1_2)]],
    ['step', 0, [0.1, 0.1, 0.01, 0.001]],
  ] as const)('%s falls as it should at 0, 1/4, 1/2 and 3/4', (schedule, warmup, want) => {
    [0, 25, 50, 75].forEach((step, i) => expect(rateAt({ rate: 0.1, schedule, warmup }, step, 100)).toBeCloseTo(want[i] as number, 12));
  });

  it('climbs in equal steps while warming up', () => {
    expect([0, 1, 2, 3, 4].map((step) => rateAt({ rate: 0.1, schedule: 'constant', warmup: 4 }, step, 100))).toEqual([0.025, 0.05, 0.1 * 3 / 4, 0.1, 0.1].map((v) => expect.closeTo(v, 12)));
  });
});
