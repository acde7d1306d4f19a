import type { Arena } from './arena.ts';

/** One part to copy out: `bytes` from `offset` of `buffer`, both multiples of 4. */
export interface ReadPart {
  buffer: GPUBuffer;
  offset: number;
  bytes: number;
}

/** Staging buffers in rotation: copies ride on a slice's encoder and are mapped while later slices run. */
export interface ReadbackRing {
  /** True when a staging buffer is free. */
  ready(): boolean;
  /**
   * Appends copies to an encoder. Call `take` after its submit; the promise gives the parts in order.
   * @throws Error when none is free; ask `ready` first.
   */
  copy(encoder: GPUCommandEncoder, parts: readonly ReadPart[]): { take(): Promise<ArrayBuffer[]> };
  destroy(): void;
}

const MAP_READ = 1;

/** A ring of `count` staging buffers of `room` bytes; one grows where a copy is larger. */
export function createReadback(arena: Arena, count = 3, room = 4096): ReadbackRing {
  const free: GPUBuffer[] = Array.from({ length: count }, (_, i) => arena.staging(`staging ${i}`, room));
  let destroyed = false;
  return {
    ready: () => free.length > 0,
    copy(encoder, parts) {
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      const idle = free.at(-1);
      if (!idle) throw new Error('All staging buffers are in use.');
      // The larger one is made first: where that fails, the ring is as it was.
      const staging = idle.size >= bytes ? idle : arena.staging('staging', 2 ** Math.ceil(Math.log2(bytes)));
      free.pop();
      if (staging !== idle) arena.free(idle);
      let at = 0;
      for (const part of parts) {
        encoder.copyBufferToBuffer(part.buffer, part.offset, staging, at, part.bytes);
        at += part.bytes;
      }
      return {
        async take() {
          let all: ArrayBuffer;
          try {
            await staging.mapAsync(MAP_READ, 0, Math.max(4, bytes));
            all = staging.getMappedRange(0, Math.max(4, bytes)).slice(0);
            staging.unmap();
          } finally {
            // Given back also where mapping fails (a lost device), so that a ring never runs dry or leaks.
            if (destroyed) arena.free(staging);
            else free.push(staging);
          }
          let from = 0;
          return parts.map((part) => all.slice(from, (from += part.bytes)));
        },
      };
    },
    destroy() {
      destroyed = true;
      free.splice(0).forEach((b) => arena.free(b));
    },
  };
}

/** Reads buffers once and waits: for tests, checkpoints and the end of a run, never inside the loop. */
export async function readNow(device: GPUDevice, arena: Arena, parts: readonly ReadPart[]): Promise<ArrayBuffer[]> {
  const ring = createReadback(arena, 1);
  const encoder = device.createCommandEncoder();
  const copy = ring.copy(encoder, parts);
  device.queue.submit([encoder.finish()]);
  const result = await copy.take();
  ring.destroy();
  return result;
}
