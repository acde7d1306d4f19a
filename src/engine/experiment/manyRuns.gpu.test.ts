import { expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import { run } from './run.ts';

/** A device that counts the buffers it has made and not given back. */
function counting(gpu: Gpu): { gpu: Gpu; live(): { buffers: number; bytes: number } } {
  const held = new Map<GPUBuffer, number>();
  const createBuffer = (descriptor: GPUBufferDescriptor): GPUBuffer => {
    const buffer = gpu.device.createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    held.set(buffer, buffer.size);
    buffer.destroy = () => {
      held.delete(buffer);
      return destroy();
    };
    return buffer;
  };
  const device = new Proxy(gpu.device, {
    get(target, key) {
      if (key === 'createBuffer') return createBuffer;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { gpu: { ...gpu, device }, live: () => ({ buffers: held.size, bytes: [...held.values()].reduce((sum, bytes) => sum + bytes, 0) }) };
}

it('20 runs in a row, some of them stopped on the way, leave nothing on the device', async () => {
  const counted = counting(await testDevice());
  for (let i = 0; i < 20; i++) {
    const experiment = experimentFrom({ preset: 'rigl-moons', seed: i, model: { hidden: [8 + (i % 2)] }, beside: { random: false, dense: i % 2 === 0 }, phases: [{ steps: 12, sparsity: { method: 'rigl' } }], evaluateEvery: 6 });
    const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
    const commands = createCommandPort();
    let most = 0;
    for await (const event of run({ gpu: counted.gpu, experiment, dataset, commands, tune: i % 10 === 0 })) {
      most = Math.max(most, counted.live().buffers);
      if (event.type === 'started' && i % 4 === 3) commands.send({ type: 'stop' });
    }
    expect(most).toBeGreaterThan(5);
    expect(counted.live(), `after run ${i + 1}`).toEqual({ buffers: 0, bytes: 0 });
  }
});
