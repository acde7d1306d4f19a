import { describe, expect, it } from 'vitest';
import { readShaders } from '../../node/shaders.ts';
import { testDevice } from '../../node/testDevice.ts';
import { accumulate, add } from '../kernels/elementwise.ts';
import type { Kernel } from './kernel.ts';
import { createPipelines, type PipelineKey } from './pipelines.ts';

const ALL = readShaders();
const keyOf = (kernel: Kernel): PipelineKey => ({ kernel, variant: kernel.variants[0] as Kernel['variants'][number] });
const without = (...names: string[]): Record<string, string> => Object.fromEntries(Object.entries(ALL).filter(([name]) => !names.includes(name)));

describe('pipelines', () => {
  it('load the later shaders when one of them is wanted, and not before', async () => {
    const { device } = await testDevice();
    let loads = 0;
    const pipelines = createPipelines(device, without('add'), async () => {
      loads++;
      return { add: ALL.add as string };
    });
    await pipelines.prepare([keyOf(accumulate)]);
    expect(loads).toBe(0);
    await pipelines.prepare([keyOf(accumulate), keyOf(add)]);
    expect(loads).toBe(1);
    expect(pipelines.get(keyOf(add))).toBeDefined();
  });

  it('name a shader that nobody has, and who wanted it', async () => {
    const { device } = await testDevice();
    await expect(createPipelines(device, without('lib/index')).prepare([keyOf(add)])).rejects.toThrow('Shader lib/index.wgsl, wanted by add, is not there.');
  });
});
