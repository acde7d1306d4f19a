import { beforeAll, describe, expect, it } from 'vitest';
import { exportNetwork } from './exportTensors.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import type { Dataset, Examples } from '../data/dataset.ts';
import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import { randomUniform } from '../random.ts';
import type { Arm } from './arm.ts';
import { createCommandPort } from './commands.ts';
import type { RunCommand, RunEventBody } from './events.ts';
import type { Experiment } from './experiment.ts';
import { createNetworks, type Networks } from './network.ts';
import { wholeBuffer } from './reads.ts';
import { parseExperiment } from './parse.ts';
import { run } from './run.ts';
import { openSlice } from './slices.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const SIDE = 8;

/** Noisy pictures with a bright stripe, which lies across for one class and upright for the other. */
function stripes(count: number, seed: number): Examples {
  const values = Float32Array.from({ length: count * SIDE * SIDE }, (_, i) => {
    const [e, at] = [Math.floor(i / (SIDE * SIDE)), i % (SIDE * SIDE)];
    const line = Math.floor(randomUniform(seed, 90, 0, e) * SIDE);
    return (e % 2 === 0 ? Math.floor(at / SIDE) : at % SIDE) === line ? 1 : 0.3 * randomUniform(seed, 91, 0, i);
  });
  return { count, values, labels: Uint8Array.from({ length: count }, (_, e) => e % 2) };
}

const DATA: Dataset = {
  id: 'stripes', title: 'Stripes', features: SIDE * SIDE, classes: 2, train: stripes(96, 1), test: stripes(32, 2), scale: 1, shift: 0, mean: 0, std: 1,
  image: { width: SIDE, height: SIDE }, licence: 'none', source: 'generated',
};

const METHOD_KNOBS: Readonly<Record<string, object>> = {
  dense: {}, random: { density: 0.4 }, 'one-shot': { density: 0.4 }, gmp: { density: 0.4, updatePeriod: 6 }, set: { density: 0.4, updatePeriod: 6 }, rigl: { density: 0.4, updatePeriod: 6 },
};

function cnn(method: string, steps: number, model: object = {}): Experiment {
  const { experiment, notes } = parseExperiment({
    preset: 'rigl-moons', seed: 3, data: { batch: 16 }, model: { kind: 'cnn', channels: [6, 9], norm: 'batch', ...model }, evaluateEvery: steps, beside: { random: false, dense: false },
    phases: [{ steps, optimizer: { name: 'sgd', rate: 0.05, momentum: 0.9 }, sparsity: { method, ...METHOD_KNOBS[method] } }],
  });
  expect(notes).toEqual([]);
  return experiment;
}

async function runAll(experiment: Experiment, script: (event: RunEventBody, send: (c: RunCommand) => void) => void = () => undefined, checkpoint?: Uint8Array, paused = false): Promise<RunEventBody[]> {
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset: DATA, commands, paused, ...(checkpoint ? { checkpoint } : {}) })) {
      events.push(event);
      script(event, commands.send);
    }
  });
  return events;
}

const rowsOf = (events: readonly RunEventBody[], table: string, column: string): number[] =>
  events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === table).flatMap((r) => Array.from(r.columns[column] ?? []));

/** The checkpoint of a run at a step. */
async function checkpointAt(experiment: Experiment, at: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  let steps = 0;
  await runAll(experiment, (e, send) => {
    if (e.type === 'paused') send(steps++ < at ? { type: 'step' } : { type: 'checkpoint' });
    if (e.type === 'checkpoint') {
      bytes = Uint8Array.from(e.checkpoint.bytes);
      send({ type: 'stop' });
    }
  }, undefined, true);
  return bytes;
}

/** A network with the programs of its first phase; `body` may run and read them. */
async function opened(experiment: Experiment, body: (arm: Arm, networks: Networks) => Promise<void>): Promise<void> {
  const networks = createNetworks(gpu, experiment, DATA);
  try {
    await networks.enterPhase(0);
    const [arm] = networks.arms as [Arm];
    arm.begin(networks.workspace());
    await underScopes(gpu, () => body(arm, networks));
  } finally {
    networks.destroy();
  }
}

describe('a convolutional network', () => {
  it.each([['batch', 'relu', 'max'], ['none', 'relu', 'average'], ['layer', 'gelu', 'max'], ['batch', 'gelu', 'average']])('learns with norm %s, %s and %s pooling', async (norm, activation, pool) => {
    const events = await runAll(cnn('dense', 60, { norm, activation, pool }));
    const losses = rowsOf(events, 'train', 'loss');
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] as number));
    expect(rowsOf(events, 'test', 'accuracy').at(-1)).toBeGreaterThan(0.85);
  });

  it.each(['random', 'one-shot', 'gmp', 'set', 'rigl'])('keeps to the planned density at every update under %s, and masked weights are 0', async (method) => {
    const experiment = cnn(method, 24);
    const events = await runAll(experiment);
    expect(events.at(-1)?.type).toBe('finished');
    expect(rowsOf(events, 'mask', 'density')).toEqual(rowsOf(events, 'mask', 'planned'));
    const { tensors, layers } = exportNetwork(await checkpointAt(experiment, 24), experiment, DATA);
    expect(layers.map(({ name, column, shape }) => [name, column, shape])).toEqual([['layers.0', 'conv1', [6, 1, 3, 3]], ['layers.1', 'conv2', [9, 6, 3, 3]], ['layers.2', 'fc1', [2, 36]]]);
    for (const { name, active, weights } of layers) {
      const [w, mask] = [`${name}.weight`, `${name}.weight.mask`].map((n) => tensors.find((t) => t.name === n)?.values as ArrayLike<number>);
      expect(Array.from(mask ?? []).filter((bit) => bit === 0).length).toBe(weights - active);
      expect(Array.from(w ?? []).every((v, i) => mask?.[i] === 1 || v === 0)).toBe(true);
    }
    const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
    expect(sum(layers.map((l) => l.active))).toBe(Math.round(0.4 * sum(layers.map((l) => l.weights))));
  });

  it('resumed at 15 of 30 ends with the same bits, and evaluates to the same loss', async () => {
    const experiment = cnn('rigl', 30);
    const whole = await runAll(experiment);
    const rest = await runAll(experiment, undefined, await checkpointAt(experiment, 15));
    expect(rest.at(-1)).toMatchObject({ type: 'finished', hash: (whole.at(-1) as { hash?: string }).hash });
    expect(rowsOf(rest, 'test', 'loss').at(-1)).toBe(rowsOf(whole, 'test', 'loss').at(-1));
  });

  it('exports gains, shifts and running statistics under their usual names', async () => {
    const experiment = cnn('dense', 3);
    const { tensors } = exportNetwork(await checkpointAt(experiment, 3), experiment, DATA);
    const first = tensors.filter((t) => t.name.startsWith('layers.0.') && t.dtype === 'F32');
    expect(first.map((t) => t.name.slice(9))).toEqual(['weight', 'norm.weight', 'norm.bias', 'norm.running_mean', 'norm.running_var']);
    const variance = tensors.find((t) => t.name === 'layers.1.norm.running_var')?.values as Float32Array;
    expect(variance.length).toBe(9);
    expect(Array.from(variance).every((v) => v > 0 && v !== 1)).toBe(true);
  });

  it('evaluates by running statistics, and moves them behind the close of a step', () => opened(cnn('set', 30), async (arm) => {
    const names = (program: { dispatches: readonly { kernel: { name: string } }[] } | undefined): string[] => (program?.dispatches ?? []).map((d) => d.kernel.name);
    const { step, update, evaluate } = arm.programs();
    for (const own of [names(step), names(update)]) {
      expect(own.filter((name) => name === 'batch_norm_running').length).toBe(2);
      expect(own.indexOf('batch_norm_running')).toBeGreaterThan(own.indexOf('step_summary'));
    }
    expect(names(evaluate).filter((name) => name.startsWith('batch_norm'))).toEqual(['batch_norm', 'batch_norm']);
  }));

  it('that diverges keeps parameters and running statistics of the last good step', () => opened(cnn('dense', 30), async (arm, networks) => {
    arm.setKnob('optimizer.rate', 1e38);
    const read = async (): Promise<Float32Array[]> => (await readNow(gpu.device, networks.arena, ['running', 'params', 'status'].map((name) => wholeBuffer(arm, name)))).map((bytes) => new Float32Array(bytes));
    const steps = (first: number, count: number): void => {
      const slice = openSlice(gpu, networks.workspace());
      for (let s = first; s < first + count; s++) {
        const { program, knobs } = arm.next(s);
        slice.run(program, knobs);
      }
      slice.submit();
    };
    const [before] = await read();
    steps(0, 4);
    const [running, params, status] = await read();
    expect(new Uint32Array((status as Float32Array).buffer)[0]).toBeLessThan(4);
    expect(running).not.toEqual(before);
    expect([...(running ?? [])].every(Number.isFinite)).toBe(true);
    steps(4, 2);
    const [later, sameParams] = await read();
    expect([later, sameParams]).toEqual([running, params]);
  }));
});
