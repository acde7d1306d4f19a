import type { Gpu } from './device.ts';
import type { Pipelines } from './pipelines.ts';

/** A buffer that was asked for: its label and size are all there is of it. */
export interface DryBuffer {
  label: string;
  size: number;
}

/** A device that computes nothing, and the buffers that live on it, in the order in which they were made. */
export interface DryGpu {
  gpu: Gpu;
  buffers(): readonly DryBuffer[];
}

/**
 * A stand-in for a device: programs can be traced, planned and bound on it exactly as on a real one, so that what a run
 * will do and hold is known without a graphics card. Nothing is compiled, written or run.
 * @param pipelinesOf `createPipelines`, or those of a device that is there: only their layouts are asked for
 */
export function createDryGpu(pipelinesOf: (device: GPUDevice) => Pipelines): DryGpu {
  const live = new Set<DryBuffer>();
  const nothing = (): object => ({});
  const encoder = { copyBufferToBuffer: nothing, clearBuffer: nothing, finish: nothing };
  const device = {
    createBuffer({ label = '', size }: GPUBufferDescriptor) {
      const buffer = { label, size, destroy: () => live.delete(buffer) };
      live.add(buffer);
      return buffer;
    },
    createBindGroup: nothing,
    createBindGroupLayout: nothing,
    createCommandEncoder: () => encoder,
    queue: { writeBuffer: nothing, submit: nothing },
  } as unknown as GPUDevice;
  const facts = { vendor: '', architecture: '', device: '', description: 'no device', software: true, lanes: 0, features: ['shader-f16'] };
  return {
    gpu: { device, facts, pipelines: { ...pipelinesOf(device), prepare: async () => undefined }, lost: new Promise(() => undefined) },
    buffers: () => [...live],
  };
}
