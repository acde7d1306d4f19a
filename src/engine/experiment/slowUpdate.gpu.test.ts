import { describe, expect, it } from 'vitest';
import { SINGLE_WEIGHTS } from '../sparsity/granularity.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import type { Dataset } from '../data/dataset.ts';
import { loadDataset } from '../data/index.ts';
import type { KnobValues } from '../gpu/knobs.ts';
import type { Program } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import { unpackBits } from '../sparsity/bits.ts';
import { scoreKey, type ReferenceState } from '../sparsity/reference.ts';
import { binOfKey, SCORE_BINS, scoreAtCut } from '../sparsity/scoreBins.ts';
import type { Arm } from './arm.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { RunCommand, RunEventBody, SlowMove, SlowUpdate } from './events.ts';
import type { Experiment, SparsitySpec } from './experiment.ts';
import { createNetworks, type Networks } from './network.ts';
import { wholeBuffer } from './reads.ts';
import { run } from './run.ts';
import { openSlice } from './slices.ts';
import { createSlowMotion } from './slowUpdate.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));
const AT = 8;

const METHODS = {
  'RigL, each layer by itself': { method: 'rigl', density: 0.3, distribution: 'uniform' },
  'SET without kept values': { method: 'set', density: 0.3, keepValueOnRegrow: false },
  'GraNet, a common threshold and an exchange': { method: 'granet', density: 0.2, initialDensity: 0.6 },
  'SNFS, redistributed': { method: 'snfs', density: 0.3 },
  'GMP, a common threshold': { method: 'gmp', density: 0.1, scope: 'global' },
} as const satisfies Record<string, Partial<SparsitySpec>>;

const experimentOf = (sparsity: Partial<SparsitySpec>, hidden: number[], more: { batch?: number; accumulate?: number; masks?: Experiment['masks']; model?: Partial<Experiment['model']>; format?: 'csr' } = {}): Experiment => experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: more.batch ?? 64, noise: 0.1, samples: 300 }, model: { hidden, ...more.model }, evaluateEvery: 1000, beside: { random: true, dense: false },
  ...(more.masks && { masks: more.masks }),
  phases: [{ steps: 40, ...(more.format && { format: more.format }), accumulate: more.accumulate ?? 1, optimizer: { name: 'adamw', rate: 0.01 }, sparsity: { updatePeriod: AT, updateStart: 0, ...sparsity } as PhaseParts['sparsity'] }],
});

async function floats(networks: Networks, gpu: Awaited<ReturnType<typeof testDevice>>, arm: Arm, ...names: string[]): Promise<Float32Array[]> {
  return (await readNow(gpu.device, networks.arena, names.map((name) => wholeBuffer(arm, name)))).map((bytes) => new Float32Array(bytes));
}

/** The update at step AT in slow motion, and the state that it found, which a network beside it gave. */
async function slowly(experiment: Experiment): Promise<{ update: SlowUpdate; reference: ReferenceState; arm: Arm; dataset: Dataset; after: Float32Array }> {
  const gpu = await testDevice();
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const ends: Networks[] = [];
  const trained = async (): Promise<{ networks: Networks; arm: Arm; last: { micro: readonly { program: Program; knobs: KnobValues }[]; program: Program; knobs: KnobValues } }> => {
    const networks = createNetworks(gpu, experiment, dataset);
    ends.push(networks);
    await networks.enterPhase(0);
    const arm = networks.arms[0] as Arm;
    await arm.begin(networks.workspace());
    for (let step = 0; step < AT; step++) send(networks, arm.next(step));
    return { networks, arm, last: arm.next(AT) };
  };
  const send = (networks: Networks, { micro, program, knobs }: { micro: readonly { program: Program; knobs: KnobValues }[]; program: Program; knobs: KnobValues }): void => {
    const slice = openSlice(gpu, networks.workspace());
    micro.forEach((one) => slice.run(one.program, one.knobs));
    slice.run(program, knobs);
    slice.submit();
  };
  try {
    return await underScopes(gpu, async () => {
      // Beside: the weights as the update finds them, after the optimizer's step where there is one.
      const beside = await trained();
      if (beside.arm.plan().appliesGradientOnUpdate) send(beside.networks, { ...beside.last, micro: [], program: beside.arm.programs().step });
      const [weights] = await floats(beside.networks, gpu, beside.arm, 'params');
      const { networks, arm, last } = await trained();
      const motion = await createSlowMotion(networks, arm);
      send(networks, { ...last, program: motion.program });
      const told: SlowUpdate[] = [];
      const job = motion.job(AT + 1, (update) => told.push(update));
      job.handle(await readNow(gpu.device, networks.arena, job.parts));
      motion.end();
      const hasAverage = arm.state.names().includes('gradient average');
      const [after, gradients, average] = await floats(networks, gpu, arm, 'params', 'grads', ...(hasAverage ? ['gradient average'] : []));
      const [update] = told as [SlowUpdate];
      const mask = unpackBits(update.before, arm.layout.masked);
      return {
        update, arm, dataset, after: after as Float32Array,
        reference: { layers: arm.layout.layers.map(({ offset, length }) => ({ offset, size: length })), weights: weights as Float32Array, gradients: gradients as Float32Array, ...(average && { average }), slots: [], mask, fired: mask },
      };
    });
  } finally {
    ends.forEach((networks) => networks.destroy());
  }
}

/** The bin of a size in float64: four to a power of two. */
function binOfSize(size: number): number {
  if (size < 2 ** -126) return Math.floor(size * 2 ** 126 * 4);
  const exponent = Math.floor(Math.log2(size));
  return (exponent + 127) * 4 + Math.floor((size / 2 ** exponent - 1) * 4);
}

function expectMove({ score, counts, cuts }: SlowMove, reference: ReferenceState, seed: number, candidates: Uint8Array, taken: Uint8Array): void {
  reference.layers.forEach(({ offset, size }, l) => {
    const indices = Array.from({ length: size }, (_, i) => offset + i).filter((i) => candidates[i] === 1);
    const want = new Uint32Array(SCORE_BINS);
    for (const i of indices) {
      const key = scoreKey(reference, score, seed, AT, i);
      want[binOfKey(key)]!++;
      const value = { magnitude: reference.weights[i], gradient: reference.gradients[i], momentum: reference.average?.[i] }[score as 'magnitude' | 'gradient' | 'momentum'];
      if (value !== undefined) expect(binOfKey(key)).toBe(binOfSize(Math.abs(value)));
      // Keys above the cut were taken, keys below were not; at the cut the index decides.
      if (key > cuts[l]!) expect(taken[i], `layer ${l}, weight ${i}`).toBe(1);
      if (key < cuts[l]!) expect(taken[i], `layer ${l}, weight ${i}`).toBe(0);
    }
    expect(counts.subarray(l * SCORE_BINS, (l + 1) * SCORE_BINS), `${score}, layer ${l}`).toEqual(want);
    if (score === 'magnitude') {
      const [threshold, kept] = [scoreAtCut(score, cuts[l]!), indices.filter((i) => taken[i] === 1)];
      expect(kept.every((i) => Math.abs(reference.weights[i]!) >= threshold)).toBe(true);
      expect(indices.filter((i) => Math.abs(reference.weights[i]!) > threshold).length).toBeLessThanOrEqual(kept.length);
    }
  });
}

const minus = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((bit, i) => (bit === 1 && b[i] === 0 ? 1 : 0));

describe('a mask update in slow motion', () => {
  it.each(Object.entries(METHODS).flatMap(([name, sparsity]) => [[24, 16], [96, 48]].map((hidden) => [name, hidden, sparsity] as const)))('tells scores, thresholds and who moved as the CPU counts them: %s, %j', async (_, hidden, sparsity) => {
    const experiment = experimentOf(sparsity, [...hidden]);
    const { update, reference, arm } = await slowly(experiment);
    const [before, kept, after] = [update.before, update.kept, update.after].map((bits) => unpackBits(bits, arm.layout.masked)) as [Uint8Array, Uint8Array, Uint8Array];
    expect(minus(kept, before).every((bit) => bit === 0)).toBe(true);
    expectMove(update.drop, reference, experiment.seed, before, kept);
    expect(update.grow === undefined).toBe(sparsity.method === 'gmp');
    if (!update.grow) return expect(after).toEqual(kept);
    expect(minus(kept, after).every((bit) => bit === 0)).toBe(true);
    const within = new Uint8Array(arm.layout.masked);
    reference.layers.forEach(({ offset, size }) => within.fill(1, offset, offset + size));
    expectMove(update.grow, reference, experiment.seed, minus(within, arm.plan().regrowAllowed ? kept : before), minus(after, kept));
  });

  it('tells the losses that a float64 network has, and growing zeros changes nothing', async () => {
    const samples = (await loadDataset(experimentOf({ method: 'set' }, [8]).data, 1, noFiles)).train.count;
    const { update, reference, arm, dataset, after } = await slowly(experimentOf(METHODS['SET without kept values'], [24, 16], { batch: samples }));
    const lossOf = (weights: Float32Array, mask: Uint32Array): number => lossIn64(arm, dataset, weights, unpackBits(mask, arm.layout.masked));
    const [before, dropped, grown] = update.losses as unknown as [number, number, number];
    expect(before).toBeCloseTo(lossOf(reference.weights, update.before), 5);
    expect(dropped).toBeCloseTo(lossOf(reference.weights, update.kept), 5);
    expect(grown).toBeCloseTo(lossOf(after, update.after), 5);
    expect(dropped).not.toBe(before);
    expect(grown).toBe(dropped);
  });

  it('counts groups where masks switch these', async () => {
    const { update, arm } = await slowly(experimentOf({ method: 'rigl', density: 0.5 }, [32, 32], { masks: { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore: 'mean' } }));
    const groups = arm.layout.groups!.layers.map(({ length }) => length);
    const active = groups.map((_, l) => update.drop.counts.subarray(l * SCORE_BINS, (l + 1) * SCORE_BINS).reduce((a, b) => a + b, 0));
    const candidates = groups.map((_, l) => update.grow!.counts.subarray(l * SCORE_BINS, (l + 1) * SCORE_BINS).reduce((a, b) => a + b, 0));
    // Groups that a growth may take are those that the drop did not leave.
    const left = arm.plan().counts(AT, active).keep;
    expect(candidates).toEqual(groups.map((count, l) => count - left[l]!));
    expect(active).toEqual(arm.active());
  });
});

/** Mean cross-entropy of all training examples, of an MLP with ReLU. */
function lossIn64(arm: Arm, { train, features }: Dataset, params: Float32Array, mask: Uint8Array): number {
  const tensor = (name: string): { offset: number; shape: readonly number[] } => arm.layout.tensors.find((t) => t.name === name)!;
  const names = arm.layers.map(({ name }) => name);
  let loss = 0;
  for (let e = 0; e < train.count; e++) {
    let x = Array.from({ length: features }, (_, f) => Number(train.values[e * features + f]));
    names.forEach((name, l) => {
      const [weight, bias] = [tensor(`${name}.weight`), tensor(`${name}.bias`)];
      const [out, width] = weight.shape as [number, number];
      const y = Array.from({ length: out }, (_, o) => x.reduce((sum, value, i) => {
        const at = weight.offset + o * width + i;
        return sum + (at >= arm.layout.masked || mask[at] === 1 ? params[at]! * value : 0);
      }, params[bias.offset + o]!));
      x = l < names.length - 1 ? y.map((value) => Math.max(0, value)) : y;
    });
    const most = Math.max(...x);
    loss += Math.log(x.reduce((sum, z) => sum + Math.exp(z - most), 0)) + most - x[train.labels[e]!]!;
  }
  return loss / train.count;
}

/** Runs to the end; what is told at each pause is answered by `next`. */
async function train(experiment: Experiment, next: (pause: number, events: readonly RunEventBody[]) => RunCommand): Promise<{ events: RunEventBody[]; hash: string }> {
  const gpu = await testDevice();
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  let pauses = 0;
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands, paused: true, tune: false })) {
      events.push(event);
      if (event.type === 'paused') commands.send(next(pauses++, events));
    }
  });
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error(`ended with ${last?.type}`);
  return { events, hash: last.hash };
}

const masksOf = (events: readonly RunEventBody[]) => events.flatMap((e) => (e.type === 'masks' && e.snapshot.arm === 'main' ? [e.snapshot] : []));
const slowOf = (events: readonly RunEventBody[]): SlowUpdate[] => events.flatMap((e) => (e.type === 'slowUpdate' ? [e.update] : []));

const SAME_BITS: readonly (readonly [Partial<SparsitySpec>, Parameters<typeof experimentOf>[2]])[] = [
  ...Object.values(METHODS).map((sparsity) => [sparsity, {}] as const),
  ...[{ accumulate: 4 }, { model: { norm: 'batch' } }, { format: 'csr' }, { masks: { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore: 'mean' } }].map((more) => [METHODS['RigL, each layer by itself'], more] as [Partial<SparsitySpec>, Parameters<typeof experimentOf>[2]]),
];

describe('a run with updates in slow motion', () => {
  it.each(SAME_BITS)('ends with the same bits as without: %j %j', async (sparsity, more) => {
    const experiment = experimentOf(sparsity, [24, 16], more);
    const plain = await train(experiment, () => ({ type: 'resume' }));
    // Once a pause comes without an update, none is left.
    const slow = await train(experiment, (pause, told) => ({ type: pause === slowOf(told).length ? 'slowUpdate' : 'resume' }));
    expect(slow.hash).toBe(plain.hash);
    const updates = slowOf(slow.events);
    expect(updates.length).toBe(masksOf(plain.events).length - 1);
    expect(masksOf(slow.events)).toEqual(masksOf(plain.events));
    for (const { step, update, before, after } of updates) {
      const snapshot = masksOf(plain.events).find((s) => s.step === step);
      expect([update, before, after]).toEqual([snapshot?.update, snapshot?.previous, snapshot?.mask]);
    }
  });

  it('pauses after the update, begins with the loss of the step where that applies no gradient, and goes on at once where asked to', async () => {
    const { events } = await train(experimentOf(METHODS['RigL, each layer by itself'], [24, 16]), (pause) => (pause === 1 ? { type: 'slowUpdate' } : { type: pause === 0 ? 'step' : 'resume' }));
    const [update] = slowOf(events);
    const at = events.findIndex((e) => e.type === 'slowUpdate');
    expect(events.slice(at).find((e) => e.type === 'paused')).toEqual({ type: 'paused', step: update?.step });
    expect(update?.step).toBe(AT + 1);
    const losses = new Map(events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.arm === 'main' && r.table === 'train').flatMap((r) => Array.from(r.step, (step, i) => [step, r.columns.loss?.[i]] as const)));
    expect(update?.losses[0]).toBe(losses.get(AT + 1));
  });

  it('pauses where no update follows', async () => {
    const { events } = await train(experimentOf({ method: 'random', density: 0.3 }, [8]), (pause) => ({ type: pause === 0 ? 'slowUpdate' : 'resume' }));
    expect(events.flatMap((e) => (e.type === 'paused' ? [e.step] : []))).toEqual([0, 0]);
    expect(slowOf(events)).toEqual([]);
  });
});
