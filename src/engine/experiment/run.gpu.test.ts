import { beforeAll, describe, expect, it } from 'vitest';
import { SINGLE_WEIGHTS } from '../sparsity/granularity.ts';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { defaultKnobs } from '../sparsity/knobs.ts';
import { createCommandPort } from './commands.ts';
import type { RunCommand, RunEventBody } from './events.ts';
import type { Experiment, Phase } from './experiment.ts';
import { run } from './run.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const SGD = { name: 'sgd', rate: 0.05, momentum: 0.9, nesterov: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 1e-4, clip: 0, schedule: 'constant', warmup: 0 } as const;

function phase(method: keyof typeof METHODS, steps: number, more: Partial<Phase> = {}, knobs: object = {}): Phase {
  return {
    steps, entry: 'keep', optimizerState: 'carry', sampler: 'permutation', format: 'masked', accumulate: 1, frozen: [], optimizer: { ...SGD },
    sparsity: { ...defaultKnobs(METHODS[method].card.knobs), ...('updatePeriod' in METHODS[method].card.knobs ? { updatePeriod: 10 } : {}), ...('rounds' in METHODS[method].card.knobs ? { rounds: 5 } : {}), density: 0.25, ...knobs, method }, ...more,
  };
}

function moons(phases: readonly Phase[], more: Partial<Experiment> = {}): Experiment {
  return {
    version: 1, preset: 'rigl-moons', seed: 5, data: { set: 'moons', batch: 32, noise: 0.1, samples: 300, evaluateOn: 'test' },
    model: { kind: 'mlp', hidden: [16, 16], channels: [], activation: 'relu', norm: 'none', weights: 'f32', pool: 'max', dropout: 0 },
    masks: { ...SINGLE_WEIGHTS, granularity: 'weight', blockSize: '16', blockScore: 'mean' }, phases, evaluateEvery: 50, beside: { random: false, dense: false }, edits: [], ...more,
  };
}

/** Runs to the end; `script` sends commands when an event is seen. */
async function runAll(experiment: Experiment, { script, ...options }: { checkpoint?: Uint8Array; script?: (event: RunEventBody, send: (c: RunCommand) => void) => void; paused?: boolean; saveAtEnd?: boolean } = {}): Promise<RunEventBody[]> {
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands, ...options })) {
      events.push(event);
      script?.(event, commands.send);
    }
  });
  return events;
}

const hashOf = (events: readonly RunEventBody[]): string => {
  const last = events.at(-1);
  return last?.type === 'finished' ? last.hash : `not finished: ${last?.type}`;
};
const rowsOf = (events: readonly RunEventBody[], table: string, column: string): number[] =>
  events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === table && r.arm === 'main').flatMap((r) => Array.from(r.columns[column] ?? []));

describe('a run', () => {
  it('is bit-identical three times over 200 steps', async () => {
    const experiment = moons([phase('rigl', 200)]);
    const [a, b, c] = [await runAll(experiment), await runAll(experiment), await runAll(experiment)];
    expect(hashOf(a)).toMatch(/^[0-9a-f]{64}$/);
    expect([hashOf(b), hashOf(c)]).toEqual([hashOf(a), hashOf(a)]);
    expect(rowsOf(b, 'train', 'loss')).toEqual(rowsOf(a, 'train', 'loss'));
  });

  it('learns, and tells of every step once and in order', async () => {
    const events = await runAll(moons([phase('rigl', 300)]));
    const losses = rowsOf(events, 'train', 'loss');
    expect(losses.length).toBe(300);
    const mean = (list: number[]): number => list.reduce((x, y) => x + y, 0) / list.length;
    expect(mean(losses.slice(-50))).toBeLessThan(0.6 * mean(losses.slice(0, 10)));
    expect(rowsOf(events, 'test', 'accuracy').at(-1)).toBeGreaterThan(0.85);
    const steps = events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === 'train').flatMap((r) => Array.from(r.step));
    expect(steps).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  });

  it('resumed at 50 of 100 ends with the same bits', async () => {
    const experiment = moons([phase('rigl', 100)]);
    const whole = hashOf(await runAll(experiment));
    expect(await resumedHash(experiment, 50)).toBe(whole);
  });

  it('resumed before, at and after the border of two phases ends with the same bits', async () => {
    const experiment = moons([phase('dense', 40), phase('gmp', 60, { optimizerState: 'reset' }, { initialDensity: 1, updateStart: 0, updateEnd: 0.8 })]);
    const whole = await runAll(experiment);
    expect(whole.some((e) => e.type === 'phase' && e.index === 1 && e.step === 40)).toBe(true);
    for (const at of [30, 40, 50]) expect(await resumedHash(experiment, at), `resumed at ${at}`).toBe(hashOf(whole));
  });

  it('resumed at its last step tells the final evaluation, and the same end', async () => {
    const experiment = moons([phase('rigl', 40)]);
    const whole = await runAll(experiment, { saveAtEnd: true });
    const bytes = whole.flatMap((e) => (e.type === 'checkpoint' ? [e.checkpoint.bytes] : []))[0];
    const again = await runAll(experiment, { checkpoint: bytes as Uint8Array });
    expect(rowsOf(again, 'test', 'loss')).toEqual([rowsOf(whole, 'test', 'loss').at(-1)]);
    expect(rowsOf(again, 'train', 'loss')).toEqual([]);
    expect(hashOf(again)).toBe(hashOf(whole));
  });

  it('lifts the mask on entering a dense phase: the loss goes on where it was, all weights train', async () => {
    const events = await runAll(moons([phase('random', 60), phase('dense', 60, { entry: 'lift', optimizerState: 'reset' })]));
    expect(hashOf(events)).toMatch(/^[0-9a-f]{64}$/);
    const density = rowsOf(events, 'mask', 'density');
    expect(density[0]).toBeCloseTo(0.25, 2);
    expect(density.at(-1)).toBe(1);
  });

  it('tells the density that is there after lifting the mask of a method that has updated it', async () => {
    const events = await runAll(moons([phase('set', 60), phase('dense', 20, { entry: 'lift' })]));
    const rows = events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === 'mask' && r.step[0] === 60);
    expect(rows.at(-1)?.columns.density?.[0]).toBe(1);
    expect(rows.at(-1)?.columns.dropped?.[0]).toBe(0);
    expect(rows.at(-1)?.columns.itop?.[0]).toBe(1);
  });

  it('reaches the planned density exactly at every update, for every method', async () => {
    for (const method of Object.keys(METHODS) as (keyof typeof METHODS)[]) {
      const events = await runAll(moons([phase(method, 60)]));
      expect(rowsOf(events, 'mask', 'density'), method).toEqual(rowsOf(events, 'mask', 'planned'));
    }
  });

  it('does not depend on how many steps go into a submit, nor on networks beside', async () => {
    const experiment = moons([phase('set', 60)]);
    const whole = hashOf(await runAll(experiment));
    const single = await runAll(experiment, { paused: true, script: (e, send) => { if (e.type === 'paused') send({ type: 'step' }); } });
    expect(hashOf(single)).toBe(whole);
    expect(hashOf(await runAll({ ...experiment, beside: { random: true, dense: true } }))).toBe(whole);
  });

  it('an edit made live and the same edit in the experiment give the same bits', async () => {
    const experiment = moons([phase('rigl', 80)]);
    let sent = false;
    const live = await runAll(experiment, { script: (e, send) => {
      if (e.type !== 'metrics' || sent) return;
      sent = true;
      send({ type: 'setKnob', path: 'sparsity.density', value: 0.5 });
      send({ type: 'setKnob', path: 'optimizer.rate', value: 0.01 });
    } });
    const edits = live.flatMap((e) => (e.type === 'edit' ? [{ step: e.step, path: e.path, value: e.value }] : []));
    expect(edits.length).toBe(2);
    expect(rowsOf(live, 'mask', 'density').at(-1)).toBeCloseTo(0.5, 2);
    expect(hashOf(await runAll({ ...experiment, edits }))).toBe(hashOf(live));
    expect(hashOf(await runAll(experiment))).not.toBe(hashOf(live));
  });

  it('stops at the first step that is not finite, names it, and keeps the parameters of the step before', async () => {
    const experiment = moons([phase('rigl', 60, { optimizer: { ...SGD, rate: 0.05 } })], { edits: [{ step: 20, path: 'optimizer.rate', value: 1e38 }] });
    const events = await runAll(experiment);
    const last = events.at(-1);
    if (last?.type !== 'diverged') throw new Error(`ended with ${last?.type}`);
    expect(last.step).toBeGreaterThan(20);
    expect(last.layer).not.toBe('');
    expect(rowsOf(events, 'train', 'loss').length).toBe(last.step - 1);
    expect(rowsOf(events, 'train', 'loss').every(Number.isFinite)).toBe(true);
  });

  it('twenty starts and stops leave nothing behind, and errors of the device none', async () => {
    const made = { count: 0 };
    const create = gpu.device.createBuffer.bind(gpu.device);
    const live = new Set<GPUBuffer>();
    gpu.device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      made.count++;
      live.add(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        return destroy();
      };
      return buffer;
    };
    try {
      for (let i = 0; i < 20; i++) {
        await runAll(moons([phase('rigl', 100000)]), { script: (e, send) => { if (e.type === 'started') send({ type: 'stop' }); } });
      }
    } finally {
      gpu.device.createBuffer = create;
    }
    expect(made.count).toBeGreaterThan(100);
    expect([...live].map((b) => b.label)).toEqual([]);
  });

  it('at density 1 RigL is dense SGD, bit for bit', async () => {
    const full = { density: 1, skipGradientOnUpdate: false, keepValueOnRegrow: true };
    expect(hashOf(await runAll(moons([phase('rigl', 60, {}, full)])))).toBe(hashOf(await runAll(moons([phase('dense', 60)]))));
  });

  it('at density 1 GraNet is dense SGD; where it exchanges nothing it is GMP, bit for bit', async () => {
    expect(hashOf(await runAll(moons([phase('granet', 60, {}, { density: 1, initialDensity: 1 })])))).toBe(hashOf(await runAll(moons([phase('dense', 60)]))));
    for (const scope of ['global', 'layer']) {
      const knobs = { scope, initialDensity: 0.5, distribution: 'erk', updateStart: 0, updateEnd: 0.6, density: 0.1 };
      const pruned = await runAll(moons([phase('gmp', 60, {}, knobs)]));
      expect(hashOf(await runAll(moons([phase('granet', 60, {}, { ...knobs, dropFraction: 0 })])))).toBe(hashOf(pruned));
      expect(hashOf(await runAll(moons([phase('granet', 60, {}, knobs)])))).not.toBe(hashOf(pruned));
    }
  });

  it('whose average forgets at once SNFS is RigL, bit for bit; with Adam it goes on from a checkpoint', async () => {
    const still = { dropFraction: 0.3, dropDecay: 'cosine', keepValueOnRegrow: true, skipGradientOnUpdate: false, updateEnd: 0.75 };
    const rigl = hashOf(await runAll(moons([phase('rigl', 60, {}, still)])));
    const simple = { ...still, redistribute: false, distribution: 'erk' };
    expect(hashOf(await runAll(moons([phase('snfs', 60, {}, { ...simple, gradientDecay: 0 })])))).toBe(rigl);
    expect(hashOf(await runAll(moons([phase('snfs', 60, {}, simple)])))).not.toBe(rigl);
    const adam = { ...SGD, name: 'adam' as const, rate: 0.005 };
    const two = moons([phase('dense', 20), phase('snfs', 40, { optimizer: adam, entry: 'prune' }), phase('set', 20, { optimizer: adam })]);
    for (const at of [35, 60, 70]) expect(await resumedHash(two, at), `resumed at ${at}`).toBe(hashOf(await runAll(two)));
  });

  it('knows what a common threshold left to each layer once the next phase updates by layer', async () => {
    for (const method of ['one-shot', 'granet'] as const) {
      const first = phase(method, 30, {}, method === 'granet' ? { density: 0.25 } : { pruneAt: 0.5 });
      const experiment = moons([first, phase('rigl', 30, {}, { dropFraction: 0 })]);
      const events = await runAll(experiment);
      for (const layer of ['fc1', 'fc2', 'fc3']) {
        const [dropped, grown] = [rowsOf(events, 'mask', `${layer}.dropped`), rowsOf(events, 'mask', `${layer}.grown`)];
        // Nothing is exchanged: a layer has too much for the new plan, or too little.
        expect(dropped.slice(-3).map((count, i) => Math.min(count, grown.at(i - 3) as number)), `${method} ${layer}`).toEqual([0, 0, 0]);
      }
      for (const at of [25, 30, 35]) expect(await resumedHash(experiment, at), `resumed at ${at}`).toBe(hashOf(events));
    }
  });

  it('resumed while a common threshold prunes and layers exchange ends with the same bits', async () => {
    const experiment = moons([phase('granet', 60, {}, { density: 0.1 })]);
    expect(await resumedHash(experiment, 35)).toBe(hashOf(await runAll(experiment)));
  });

  it('growth alone leaves the loss as it was, to the bit: new weights are 0', async () => {
    const still = { ...SGD, rate: 0, decay: 0 };
    // One batch of all examples in one order, a rate of 0, nothing dropped: only growth could change the loss.
    const experiment = moons([phase('rigl', 20, { optimizer: still, sampler: 'sequential' }, { dropFraction: 0 })], { edits: [{ step: 10, path: 'sparsity.density', value: 0.5 }] });
    const events = await runAll({ ...experiment, data: { ...experiment.data, batch: 300 } });
    expect(rowsOf(events, 'mask', 'density').at(-1)).toBeCloseTo(0.5, 2);
    expect(new Set(rowsOf(events, 'train', 'loss')).size).toBe(1);
  });

  it('with nothing dropped SET is the fixed random mask, bit for bit', async () => {
    const set = moons([phase('set', 60, {}, { dropFraction: 0, distribution: 'uniform' })]);
    const random = moons([phase('random', 60, {}, { distribution: 'uniform' })]);
    expect(hashOf(await runAll(set))).toBe(hashOf(await runAll(random)));
    expect(hashOf(await runAll(set))).not.toBe(hashOf(await runAll(moons([phase('set', 60, {}, { dropFraction: 0.3, distribution: 'uniform' })]))));
  });

  it('trains with Adam, layer norm, GELU, dropout and clipping, and stays deterministic', async () => {
    const optimizer = { ...SGD, name: 'adamw' as const, rate: 0.005, clip: 1, schedule: 'cosine' as const, warmup: 5 };
    const experiment = moons([phase('rigl', 120, { optimizer })], { model: { kind: 'mlp', hidden: [16], channels: [], activation: 'gelu', norm: 'layer', weights: 'f32', pool: 'max', dropout: 0.1 } });
    const [a, b] = [await runAll(experiment), await runAll(experiment)];
    expect(hashOf(a)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(b)).toBe(hashOf(a));
    expect(await resumedHash(experiment, 70)).toBe(hashOf(a));
    expect(rowsOf(a, 'test', 'accuracy').at(-1)).toBeGreaterThan(0.8);
  });
});

/** Hash of a run that is stopped at a step, and resumed from its checkpoint in a new run. */
async function resumedHash(experiment: Experiment, at: number): Promise<string> {
  let bytes: Uint8Array | undefined;
  let steps = 0;
  await runAll(experiment, { paused: true, script: (e, send) => {
    if (e.type === 'paused') send(steps++ < at ? { type: 'step' } : { type: 'checkpoint' });
    if (e.type === 'checkpoint') {
      bytes = e.checkpoint.bytes;
      expect(e.checkpoint.step).toBe(at);
      send({ type: 'stop' });
    }
  } });
  return hashOf(await runAll(experiment, { checkpoint: bytes as Uint8Array }));
}
