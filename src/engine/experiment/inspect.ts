import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import type { Inspection, RunCommand } from './events.ts';
import type { Networks } from './network.ts';

/** Weights of a layer, copied off the device on request, waiting for them; undefined where arm or layer is unknown. */
export async function inspect(gpu: Gpu, networks: Networks, { arm: id, layer }: Extract<RunCommand, { type: 'inspect' }>): Promise<Inspection | undefined> {
  const arm = networks.arms.find((a) => a.id === id);
  const tensor = arm?.layout.tensors.find((t) => t.name === `${layer}.weight`);
  if (!arm || !tensor) return undefined;
  const [data] = await readNow(gpu.device, networks.arena, [{ buffer: arm.state.buffer('params'), offset: 4 * tensor.offset, bytes: 4 * tensor.length }]);
  return { arm: id, layer, values: new Float32Array(data as ArrayBuffer) };
}
