import type { Gpu } from '../gpu/device.ts';
import type { Program } from '../gpu/program.ts';
import { readNow } from '../gpu/readback.ts';
import type { Dataset } from '../data/dataset.ts';
import { PREDICTED_EXAMPLES, type Arm } from './arm.ts';
import type { Inspection, RunCommand } from './events.ts';
import type { Networks } from './network.ts';
import { planeInspection } from './plane.ts';
import { wholeBuffer } from './reads.ts';
import { predictions } from './rows.ts';
import { openSlice } from './slices.ts';
import { write } from './writing.ts';

/** Values copied off the device on request, waiting for them; undefined where arm or layer is unknown. */
export async function inspect(gpu: Gpu, networks: Networks, dataset: Dataset, command: Extract<RunCommand, { type: 'inspect' }>): Promise<Inspection | undefined> {
  const arm = networks.arms.find((a) => a.id === command.arm);
  if (!arm) return undefined;
  if (command.what === 'weights') {
    const tensor = arm.layout.tensors.find((t) => t.name === `${command.layer}.weight`);
    if (!tensor) return undefined;
    const [data] = await readNow(gpu.device, networks.arena, [{ buffer: arm.state.buffer('params'), offset: 4 * tensor.offset, bytes: 4 * tensor.length }]);
    return { what: 'weights', arm: arm.id, layer: command.layer, values: new Float32Array(data as ArrayBuffer) };
  }
  if (command.what === 'text') return write(gpu, networks, arm, dataset, command);
  const { predict, plane } = arm.programs();
  if (command.what === 'plane') return plane && planeInspection(arm, dataset, await logitsOf(gpu, networks, arm, plane, 'plane logits'));
  return predict && predictions(arm, dataset, Math.min(PREDICTED_EXAMPLES, dataset.test.count), await logitsOf(gpu, networks, arm, predict, 'logits'));
}

async function logitsOf(gpu: Gpu, networks: Networks, arm: Arm, program: Program, buffer: string): Promise<Float32Array> {
  const slice = openSlice(gpu, networks.workspace());
  slice.run(program, { position: 0, epoch: 0 });
  slice.submit();
  const [data] = await readNow(gpu.device, networks.arena, [wholeBuffer(arm, buffer)]);
  return new Float32Array(data as ArrayBuffer);
}
