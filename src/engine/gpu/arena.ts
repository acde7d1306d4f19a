/** A buffer that no binding of a default device holds; `message` says which. */
export class BindingError extends Error {
  override name = 'BindingError';
}

/** Bytes on the device. */
export interface ArenaCounters {
  liveBytes: number;
  peakBytes: number;
  buffers: number;
}

/** The only place where the engine makes GPU buffers, so that what a run holds is known to the byte. */
export interface Arena {
  /** A zeroed storage buffer that can also be copied from and to. @throws Error above the default binding limit. */
  storage(label: string, bytes: number): GPUBuffer;
  uniform(label: string, bytes: number): GPUBuffer;
  staging(label: string, bytes: number): GPUBuffer;
  /** A buffer that timestamps are resolved to; it can be copied from. */
  queries(label: string, bytes: number): GPUBuffer;
  free(buffer: GPUBuffer): void;
  counters(): ArenaCounters;
  /** Frees everything that is left. */
  destroy(): void;
}

const USAGE = { mapRead: 1, copySrc: 4, copyDst: 8, uniform: 64, storage: 128, queryResolve: 512 } as const;
/** Largest storage binding under the default limits. */
export const MAX_BINDING_BYTES = 128 * 1024 * 1024;

/** An empty arena on a device. */
export function createArena(device: GPUDevice): Arena {
  const live = new Map<GPUBuffer, number>();
  let liveBytes = 0;
  let peakBytes = 0;
  const make = (label: string, bytes: number, usage: number): GPUBuffer => {
    if (bytes > MAX_BINDING_BYTES) {
      throw new BindingError(`${label} needs ${bytes} bytes; a WebGPU binding holds at most ${MAX_BINDING_BYTES}. Use a smaller network or batch.`);
    }
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    const buffer = device.createBuffer({ label, size, usage });
    live.set(buffer, size);
    liveBytes += size;
    peakBytes = Math.max(peakBytes, liveBytes);
    return buffer;
  };
  const free = (buffer: GPUBuffer): void => {
    const bytes = live.get(buffer);
    if (bytes === undefined) return;
    live.delete(buffer);
    liveBytes -= bytes;
    buffer.destroy();
  };
  return {
    storage: (label, bytes) => make(label, bytes, USAGE.storage | USAGE.copySrc | USAGE.copyDst),
    uniform: (label, bytes) => make(label, bytes, USAGE.uniform | USAGE.copyDst),
    staging: (label, bytes) => make(label, bytes, USAGE.mapRead | USAGE.copyDst),
    queries: (label, bytes) => make(label, bytes, USAGE.queryResolve | USAGE.copySrc),
    free,
    counters: () => ({ liveBytes, peakBytes, buffers: live.size }),
    destroy: () => [...live.keys()].forEach(free),
  };
}
