import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import { GRADIENT_AVERAGE } from '../sparsity/averages.ts';
import { formatOf, indexedLayers } from '../sparsity/storage.ts';
import type { Arm } from './arm.ts';
import type { Inspection, RunCommand } from './events.ts';
import type { Networks } from './network.ts';

/** Values of a layer copied off the device on request, waiting for them; undefined where arm or layer is unknown. */
export async function inspect(gpu: Gpu, networks: Networks, { arm: id, what, layer }: Extract<RunCommand, { type: 'inspect' }>): Promise<Inspection | undefined> {
  const arm = networks.arms.find((a) => a.id === id);
  return arm && ofLayer(gpu, networks, arm, what, layer);
}

/** Weights and gradients of the main network as a run leaves them: once it is over, it can no longer be asked. */
export async function lastLook(gpu: Gpu, networks: Networks): Promise<Inspection[]> {
  const main = networks.arms[0] as Arm;
  const looks: Inspection[] = [];
  for (const { name } of main.layers) {
    for (const what of ['weights', 'gradients'] as const) {
      const found = await ofLayer(gpu, networks, main, what, name);
      if (found) looks.push(found);
    }
  }
  return looks;
}

async function ofLayer(gpu: Gpu, { arena }: Networks, arm: Arm, what: 'weights' | 'gradients', layer: string): Promise<Inspection | undefined> {
  const tensor = arm.layout.tensors.find(({ name }) => name === `${layer}.weight`);
  if (!tensor) return undefined;
  const scored = what === 'gradients' ? scoredBy(arm, tensor.name) : undefined;
  // Averages are kept of maskable weights alone, which come first.
  if (scored?.average && tensor.offset >= arm.layout.masked) return undefined;
  const buffer = scored ? (scored.average ? GRADIENT_AVERAGE : 'grads') : 'params';
  const [data] = await readNow(gpu.device, arena, [{ buffer: arm.state.buffer(buffer), offset: 4 * tensor.offset, bytes: 4 * tensor.length }]);
  const values = new Float32Array(data as ArrayBuffer);
  if (!scored) return { what: 'weights', arm: arm.id, layer, values };
  // A phase begins with zeros, and a frozen layer keeps them.
  return { what: 'gradients', arm: arm.id, layer, ...scored, values: values.some((value) => value !== 0) ? values : new Float32Array(0) };
}

/** What growth scores a weight by: an average where the method needs gradients outside the mask at every step; `dense` where the newest step computed those. */
function scoredBy(arm: Arm, weight: string): { average: boolean; dense: boolean } {
  const average = arm.denseGradient(false);
  const stored = indexedLayers(arm.layout, formatOf(arm.format(), arm.chosen));
  return { average, dense: average || !stored.some(({ name }) => name === weight) };
}
