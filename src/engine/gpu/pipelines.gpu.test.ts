import { expect, test } from 'vitest';
import { readShaders } from '../../node/shaders.ts';
import { testDevice } from '../../node/testDevice.ts';
import { accumulate, fill } from '../kernels/elementwise.ts';
import type { Kernel } from './kernel.ts';
import { createPipelines, type PipelineKey } from './pipelines.ts';
import type { ShaderTexts } from './source.ts';

const base = (kernel: Kernel): PipelineKey => ({ kernel, variant: kernel.variants[0] });

test('a shader that is not among the first is brought when a kernel first needs it, and once', async () => {
  const { device } = await testDevice();
  const { fill: text, ...first } = readShaders();
  let brought = 0;
  const later = (): Promise<ShaderTexts> => {
    brought++;
    return Promise.resolve({ fill: text as string });
  };
  const pipelines = createPipelines(device, first, later);
  await pipelines.prepare([base(accumulate)]);
  expect(brought).toBe(0);
  await pipelines.prepare([base(accumulate), base(fill)]);
  await pipelines.prepare([base(fill)]);
  expect(brought).toBe(1);
  expect(pipelines.get(base(fill))).toBeDefined();
  await expect(createPipelines(device, first).prepare([base(fill)])).rejects.toThrow('fill.wgsl');
});
