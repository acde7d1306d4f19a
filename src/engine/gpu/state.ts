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
  /** Replaces words of a buffer from word `at` on (a bitset has 32 elements a word); bytes are filled up with zeros. */
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
      device.queue.writeBuffer(get(name).buffer, at * 4, wholeWords(data));
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

/** WebGPU writes whole words only. */
function wholeWords(data: Float32Array | Uint32Array | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  if (bytes.length % 4 === 0) return bytes;
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return padded;
}

/**
 * Several States as one, for a program over more than one (teacher and student): buffer `weights` of the State joined
 * as `teacher` is named `teacher/weights`. Destroying the joint State leaves its parts alone.
 * @throws Error when one State is joined under two labels, or for a name whose label is not joined.
 */
export function joinStates(parts: Readonly<Record<string, State>>): State {
  // Under two labels a buffer would look like two, and the check for aliases would let it be read and written at once.
  if (new Set(Object.values(parts)).size < Object.keys(parts).length) throw new Error('A State can be joined under one label only.');
  const find = (name: string): [State, string] => {
    const slash = name.indexOf('/');
    const label = name.slice(0, Math.max(0, slash));
    const part = Object.hasOwn(parts, label) ? parts[label] : undefined;
    if (!part) throw new Error(`${name} belongs to no joined State; they are ${Object.keys(parts).join(', ')}, as in ${Object.keys(parts)[0]}/weights.`);
    return [part, name.slice(slash + 1)];
  };
  return {
    buffer(name) {
      const [part, own] = find(name);
      return part.buffer(own);
    },
    spec(name) {
      const [part, own] = find(name);
      return part.spec(own);
    },
    names: () => Object.entries(parts).flatMap(([label, part]) => part.names().map((name) => `${label}/${name}`)),
    require: (specs) => specs.forEach((spec, name) => {
      const [part, own] = find(name);
      part.require(new Map([[own, spec]]));
    }),
    write(name, data, at) {
      const [part, own] = find(name);
      part.write(own, data, at);
    },
    clear(name) {
      const [part, own] = find(name);
      part.clear(own);
    },
    destroy() {},
  };
}
