import { describe, expect, it } from 'vitest';
import { runOnce as once } from '../../node/testRig.ts';
import { randomU32, randomUniformArray } from '../random.ts';
import { gatherBytes, gatherFloats, sampleBatch } from './data.ts';
import { accumulate } from './elementwise.ts';
import { softmaxCrossEntropy } from './loss.ts';
import { evaluationSummary, gradientStats, RING_WORDS, stepSummary } from './step.ts';

const NO_STEP = 0xffffffff;

const bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] as number;
const float = (word: number | undefined): number => new Float32Array(Uint32Array.of(word ?? 0).buffer)[0] as number;

describe('a batch', () => {
  const features = 5;
  const batch = 7;
  const count = 11;
  const indices = Uint32Array.from({ length: batch }, (_, b) => randomU32(1, 80, 0, b) % count);
  const labels = Uint32Array.from({ length: count }, (_, e) => e % 4);

  it('of bytes is gathered feature by feature, scaled and shifted', async () => {
    const bytes = Uint8Array.from({ length: 56 }, (_, i) => randomU32(1, 81, 0, i) & 255);
    await once((trace) => trace.dispatch(gatherBytes, {
      label: 'gather', params: { features, batch, scale: 0.01, shift: -1 },
      bind: { examples: trace.state('examples', 'u32', 14), classes: trace.state('classes', 'u32', count), indices: trace.state('indices', 'u32', batch), x: trace.state('x', 'f32', features * batch), labels: trace.state('labels', 'u32', batch) },
    }), { examples: new Uint32Array(bytes.buffer), classes: labels, indices }, {}, async (rig) => {
      const x = await rig.floats('x');
      x.forEach((value, i) => expect(value).toBeCloseTo((bytes[(indices[i % batch] as number) * features + Math.floor(i / batch)] as number) * 0.01 - 1, 5));
      expect([...((await rig.words('labels'))[0] ?? [])]).toEqual([...indices].map((e) => e % 4));
    });
  });

  it('of floats is gathered as it is', async () => {
    const values = randomUniformArray(1, 82, 0, features * count, -1, 1);
    await once((trace) => trace.dispatch(gatherFloats, {
      label: 'gather', params: { features, batch },
      bind: { examples: trace.state('examples', 'f32', features * count), classes: trace.state('classes', 'u32', count), indices: trace.state('indices', 'u32', batch), x: trace.state('x', 'f32', features * batch), labels: trace.state('labels', 'u32', batch) },
    }), { examples: values, classes: labels, indices }, {}, async (rig) => {
      expect(await rig.floats('x')).toEqual(Array.from({ length: features * batch }, (_, i) => values[(indices[i % batch] as number) * features + Math.floor(i / batch)]));
      expect([...((await rig.words('labels'))[0] ?? [])]).toEqual([...indices].map((e) => e % 4));
    });
  });

  it('drawn in sequence goes round the end of the set', async () => {
    await once((trace, { knobs }) => trace.dispatch(sampleBatch, {
      label: 'sample', params: { batch, size: count, sampler: 1, seed: 1, epoch_knob: knobs.at('epoch', 'u32').index, position_knob: knobs.at('position', 'u32').index },
      bind: { indices: trace.state('indices', 'u32', batch) },
    }), {}, { epoch: 0, position: 8 }, async (rig) => {
      expect([...((await rig.words('indices'))[0] ?? [])]).toEqual([8, 9, 10, 0, 1, 2, 3]);
    });
  });
});

it('an answer is correct where the lowest of the largest logits is that of the label', () => once((trace) => trace.dispatch(softmaxCrossEntropy, {
  label: 'loss', params: { classes: 3, batch: 4 },
  bind: { logits: trace.state('logits', 'f32', 12), labels: trace.state('labels', 'u32', 4), loss: trace.state('loss', 'f32', 4), correct: trace.state('correct', 'u32', 4) },
}), { logits: Float32Array.of(0, 5, 5, 1, 2, 5, 5, 1, 1, 0, 0, 1), labels: Uint32Array.of(1, 0, 1, 2) }, {}, async (rig) => {
  expect([...((await rig.words('correct'))[0] ?? [])]).toEqual([1, 1, 0, 0]);
}));

describe('gradient statistics', () => {
  const n = 64 * 9;
  const chunk = 128;
  const blocks = Uint32Array.from({ length: 9 }, (_, b) => Math.floor(b / 3));
  // Words of whole quads, of none, and of others.
  const maskWord = (w: number): number => (w === 3 ? 0 : w % 3 === 2 ? 0xf00f_0ff0 : 0xffff_fffe);
  const run = (gradients: Float32Array, status: Uint32Array, read: (partials: number[], status: Uint32Array) => void): Promise<void> => once((trace, { knobs }) => trace.dispatch(gradientStats, {
    label: 'stats', params: { n, masked: 64 * 5, chunk, step_knob: knobs.at('step', 'u32').index },
    bind: { gradients: trace.state('gradients', 'f32', n), mask: trace.state('mask', 'bits', 64 * 5), table: trace.state('table', 'u32', 9), partials: trace.state('partials', 'f32', 5), status: trace.state('status', 'u32', 64) },
  }), { gradients, mask: Uint32Array.from({ length: 10 }, (_, w) => maskWord(w)), table: blocks, status }, { step: 12 }, async (rig) => read(await rig.floats('partials'), (await rig.words('status'))[0] as Uint32Array));

  it('sum the squares of each chunk', async () => {
    const gradients = randomUniformArray(2, 83, 0, n, -1, 1);
    await run(gradients, Uint32Array.of(NO_STEP, NO_STEP), (partials, status) => {
      const counted = gradients.map((g, i) => (i < 64 * 5 && (maskWord(i >> 5) >>> (i & 31)) % 2 === 0 ? 0 : g));
      partials.forEach((sum, c) => expect(sum).toBeCloseTo(counted.slice(c * chunk, (c + 1) * chunk).reduce((a, g) => a + g * g, 0), 4));
      expect([status[0], status[1]]).toEqual([NO_STEP, NO_STEP]);
    });
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])('name the step and the lowest tensor of a %f', async (poison) => {
    const gradients = new Float32Array(n);
    gradients[500] = poison;
    gradients[200] = poison;
    await run(gradients, Uint32Array.of(NO_STEP, NO_STEP), (_, status) => expect([status[0], status[1]]).toEqual([12, 1]));
  });

  it('do not look at what is outside the mask', async () => {
    const gradients = new Float32Array(n);
    gradients[32] = gradients[100] = Number.NaN;
    await run(gradients, Uint32Array.of(NO_STEP, NO_STEP), (partials, status) => {
      expect(partials[0]).toBe(0);
      expect(status[0]).toBe(NO_STEP);
    });
  });

  it('name the lower tensor where a higher one of the same step came first', async () => {
    const gradients = new Float32Array(n).fill(Number.NaN, 200, 201);
    await run(gradients, Uint32Array.of(12, 2), (_, status) => expect([status[0], status[1]]).toEqual([12, 1]));
  });

  it('leave an earlier flag as it was', async () => {
    await run(new Float32Array(n).fill(Number.NaN), Uint32Array.of(7, 2), (_, status) => expect([status[0], status[1]]).toEqual([7, 2]));
  });
});

describe('the end of a step', () => {
  const run = (given: { loss?: number; clip?: number; partials?: readonly number[]; status?: number }, read: (row: Uint32Array, status: Uint32Array) => void): Promise<void> => once((trace, { knobs }) => trace.dispatch(stepSummary, {
    label: 'close', params: { terms: 2, batch: 4, partials: 3, clip: given.clip ?? 0, ring_rows: 8, step_knob: knobs.at('step', 'u32').index, weight_knob: knobs.at('weights', 'f32', 2).index },
    bind: { losses: trace.state('losses', 'f32', 128), correct: trace.state('correct', 'u32', 4), partials: trace.state('partials', 'f32', 3), status: trace.state('status', 'u32', 64), ring: trace.state('ring', 'u32', 8 * RING_WORDS) },
  }), {
    losses: Float32Array.from({ length: 128 }, (_, i) => (i === 0 ? given.loss ?? 2 : i === 64 ? 3 : 99)), correct: Uint32Array.of(1, 0, 1, 1),
    partials: Float32Array.from(given.partials ?? [4, 5, 16]), status: Uint32Array.of(given.status ?? NO_STEP, NO_STEP),
  }, { step: 13, weights: [1, 0.5] }, async (rig) => {
    const [ring, status] = await rig.words('ring', 'status');
    read((ring as Uint32Array).slice(5 * RING_WORDS, 6 * RING_WORDS), status as Uint32Array);
  });

  it('weighs the loss terms, counts answers, and keeps both in the ring', () => run({}, (row) => {
    expect([row[0], float(row[1]), row[2], float(row[3]), float(row[4]), float(row[5])]).toEqual([13, 3.5, 3, 5, 2, 3]);
  }));

  it('gives the factor that clips the norm, and 1 where nothing is clipped', async () => {
    await run({ clip: 1 }, (_, status) => expect(float(status[2])).toBeCloseTo(0.2, 6));
    await run({ clip: 10 }, (_, status) => expect(float(status[2])).toBe(1));
    await run({ clip: 0 }, (_, status) => expect(float(status[2])).toBe(1));
  });

  it('raises the flag for a loss or a norm that is not finite, once', async () => {
    await run({ loss: Number.NaN }, (_, status) => expect(status[0]).toBe(13));
    await run({ partials: [3e38, 3e38, 0] }, (_, status) => expect(status[0]).toBe(13));
    await run({ loss: Number.NaN, status: 4 }, (_, status) => expect(status[0]).toBe(4));
  });
});

it.each([
  { keep: 0.5, before: [2, 4, 8], after: [13, 14, 16] },
  { keep: 1, before: [2, 4, 8], after: [14, 16, 20] },
  { keep: 0, before: [Number.NaN, Number.POSITIVE_INFINITY, 8], after: [12, 12, 12] },
])('a running total keeps $keep of itself, and is not read where that is 0', ({ keep, before, after }) => once((trace) => trace.dispatch(accumulate, {
  label: 'total', params: { n: 3, keep, scale: 3 }, bind: { x: trace.state('x', 'f32', 3), total: trace.state('total', 'f32', 3) },
}), { x: Float32Array.of(4, 4, 4), total: Float32Array.from(before) }, {}, async (rig) => {
  expect(await rig.floats('total')).toEqual(after);
}));

it('an evaluation counts only its valid examples', () => once((trace, { knobs }) => trace.dispatch(evaluationSummary, {
  label: 'close', params: { batch: 4, ring_rows: 8, valid_knob: knobs.at('valid', 'u32').index, slot_knob: knobs.at('slot', 'u32').index },
  bind: { loss: trace.state('loss', 'f32', 4), correct: trace.state('correct', 'u32', 4), evaluations: trace.state('evaluations', 'u32', 16) },
}), { loss: Float32Array.of(1, 2, 4, 100), correct: Uint32Array.of(1, 0, 1, 1) }, { valid: 3, slot: 2 }, async (rig) => {
  const [rows] = await rig.words('evaluations');
  expect([rows?.[4], rows?.[5]]).toEqual([bits(7), 2]);
}));
