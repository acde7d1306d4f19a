import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { openGpu } from '../gpu/device.ts';
import { testGpu } from '../../node/testGpu.ts';
import { readShaders } from '../../node/shaders.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { RunEventBody } from './events.ts';
import type { Experiment } from './experiment.ts';
import { run } from './run.ts';

const gpu = await testDevice();
/** SwiftShader has no 16-bit floats; lavapipe has. */
const halves = describe.skipIf(!gpu.facts.features.includes('shader-f16'));
const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));

const moons = (weights: 'f32' | 'f16', steps = 300): Experiment => experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: 64, noise: 0.1, samples: 1000 }, model: { hidden: [32, 32], weights }, evaluateEvery: 100,
  phases: [{ steps, optimizer: { rate: 0.05 }, sparsity: { method: 'rigl', density: 0.3, updatePeriod: 20 } }],
});

async function train(experiment: Experiment, on = gpu, checkpoint?: Uint8Array): Promise<{ hash: string; accuracy: number; state: Uint8Array }> {
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const events: RunEventBody[] = [];
  await underScopes(on, async () => {
    for await (const event of run({ gpu: on, experiment, dataset, commands: createCommandPort(), tune: false, saveAtEnd: true, ...(checkpoint && { checkpoint }) })) events.push(event);
  });
  const last = events.at(-1);
  const [state] = events.flatMap((e) => (e.type === 'checkpoint' ? [e.checkpoint.bytes] : []));
  const rows = events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === 'test' && r.arm === 'main');
  if (last?.type !== 'finished' || !state) throw new Error(`ended with ${JSON.stringify(last)}`);
  return { hash: last.hash, accuracy: rows.at(-1)?.columns.accuracy?.at(-1) ?? NaN, state };
}

halves('a run whose weights are read in 16 bits', () => {
  it('learns as one of 32 does, by other bits, which a second run repeats', async () => {
    const [full, half, again] = [await train(moons('f32')), await train(moons('f16')), await train(moons('f16'))];
    expect(half.hash).not.toBe(full.hash);
    expect(again.hash).toBe(half.hash);
    expect(full.accuracy).toBeGreaterThan(0.9);
    expect(Math.abs(half.accuracy - full.accuracy)).toBeLessThan(0.03);
  });

  it('goes on from a checkpoint, which holds weights of 32 bits, as if nothing had been', async () => {
    const whole = await train(moons('f16', 40));
    const begun = moons('f16', 40);
    const [phase] = begun.phases;
    if (!phase) throw new Error('no phase');
    const two = (steps: number[]): Experiment => ({ ...begun, phases: steps.map((n) => ({ ...phase, steps: n })) });
    const split = await train(two([20, 20]));
    expect((await train(two([20, 20]), gpu, (await train(two([20]))).state)).hash).toBe(split.hash);
    expect(whole.state.length).toBe((await train(moons('f32', 40))).state.length);
  });
});

it('a device without 16-bit floats refuses such weights, and says what to change', async () => {
  const plain = await openGpu(await testGpu(), readShaders(), { features: 'none' });
  await expect(train(moons('f16'), plain)).rejects.toThrow(/no 16-bit floats.*Set model\.weights to f32/);
});
