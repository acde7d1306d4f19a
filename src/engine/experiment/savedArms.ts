import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import type { Arm } from './arm.ts';
import { type ArmCheckpoint, type Checkpoint, CHECKPOINT_BUFFERS, CheckpointError, encodeCheckpoint } from './checkpoint.ts';
import type { CheckpointFile } from './events.ts';
import type { Networks } from './network.ts';
import { wholeBuffer } from './reads.ts';

/* How the state of a run leaves the device and comes back; loaded when one is asked for or given. */

export { decodeCheckpoint } from './checkpoint.ts';

/** The state of a run after `step` steps. Waits for the device. */
export async function takeCheckpoint(gpu: Gpu, networks: Networks, { experiment, step, phase }: Omit<Checkpoint, 'arms'>): Promise<CheckpointFile> {
  const arms: ArmCheckpoint[] = [];
  for (const arm of networks.arms) {
    const names = keptBuffers(arm);
    const data = await readNow(gpu.device, networks.arena, names.map((name) => wholeBuffer(arm, name)));
    arms.push({ id: arm.id, kept: arm.bookkeeping(), buffers: Object.fromEntries(names.map((name, i) => [name, new Uint8Array(data[i] as ArrayBuffer)])) });
  }
  return { step, phase, bytes: encodeCheckpoint({ experiment, step, phase, arms }) };
}

/** Brings the state of a checkpoint to the networks. @throws CheckpointError where arms or lengths are not those of the experiment. */
export function restoreArms({ arms }: Pick<Networks, 'arms'>, saved: Checkpoint['arms']): void {
  for (const arm of arms) {
    const from = saved.find(({ id }) => id === arm.id);
    if (!from) throw new CheckpointError(`The checkpoint has no ${arm.id} network.`);
    for (const name of keptBuffers(arm)) {
      const bytes = from.buffers[name];
      if (bytes?.length !== arm.state.buffer(name).size) throw new CheckpointError(`The checkpoint's ${name} of the ${arm.id} network has another size than the experiment asks for.`);
      arm.state.write(name, bytes);
    }
    arm.restore(from.kept);
  }
}

const keptBuffers = (arm: Arm): string[] => CHECKPOINT_BUFFERS.filter((name) => arm.state.names().includes(name));
