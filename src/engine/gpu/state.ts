import type { Arena } from './arena.ts';
import { bytesOf } from './kernel.ts';
import type { StateSpec } from './trace.ts';

/** Named values that outlive a step and a re-trace: parameters, optimizer slots, masks, statistics. */
export interface State {
  /** The buffer of a name. @throws Error listing the known names. */
  buffer(name: string): GPUBuffer;
  spec(name: string): StateSpec;
  names(): readonly string[];
  /** Makes what is missing, zeroed. A name whose length or type changed is carried, padded with zeros or cut. */
  require(specs: ReadonlyMap<string, StateSpec>): void;
  /** Replaces the elements of a buffer from element `at` on. */
  write(name: string, data: Float32Array | Uint32Array | Uint8Array, at?: number): void;
  /** Sets all elements of a buffer to zero. */
  clear(name: string): void;
  destroy(): void;
}

/** An empty State. Names that `shared` has are found there: the training set, which all networks of a run read. */
export function createState(device: GPUDevice, arena: Arena, label: string, shared?: State): State {
  const held = new Map<string, { spec: StateSpec; buffer: GPUBuffer }>();
  const get = (name: string): { spec: StateSpec; buffer: GPUBuffer } => {
    const entry = held.get(name);
    if (!entry && shared?.names().includes(name)) return { buffer: shared.buffer(name), spec: shared.spec(name) };
    if (!entry) throw new Error(`State ${label} has no ${name}; it has ${[...held.keys()].join(', ') || 'nothing'}.`);
    return entry;
  };
  const carry = (name: string, spec: StateSpec): void => {
    if (shared?.names().includes(name)) return;
    const old = held.get(name);
    if (old && old.spec.dtype !== spec.dtype) throw new Error(`State ${label}: ${name} is ${old.spec.dtype} and cannot become ${spec.dtype}.`);
    if (old && old.spec.length === spec.length) return;
    const buffer = arena.storage(`${label} ${name}`, bytesOf(spec.dtype, spec.length));
    if (old) {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(old.buffer, 0, buffer, 0, Math.min(old.buffer.size, buffer.size));
      device.queue.submit([encoder.finish()]);
      arena.free(old.buffer);
    }
    held.set(name, { spec, buffer });
  };
  return {
    buffer: (name) => get(name).buffer,
    spec: (name) => get(name).spec,
    names: () => [...held.keys()],
    require: (specs) => specs.forEach((spec, name) => carry(name, spec)),
    write(name, data, at = 0) {
      device.queue.writeBuffer(get(name).buffer, at * 4, data as Uint8Array<ArrayBuffer>);
    },
    clear(name) {
      const encoder = device.createCommandEncoder();
      encoder.clearBuffer(get(name).buffer);
      device.queue.submit([encoder.finish()]);
    },
    destroy() {
      held.forEach(({ buffer }) => arena.free(buffer));
      held.clear();
    },
  };
}
