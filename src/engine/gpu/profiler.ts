import type { Arena } from './arena.ts';
import type { Gpu } from './device.ts';
import type { Program, Workspace } from './program.ts';
import { readNow } from './readback.ts';

/** Most queries that a set may hold. */
const SET_QUERIES = 4096;

/**
 * Median nanoseconds of each dispatch over `repeats` runs, by the device's own clock; null where the device has no
 * timestamps. A dispatch runs in a pass of its own, so that the sum is more than a run takes in one pass; clocks
 * are rounded (Dawn to 65 us, browsers to 100 us), so that a short dispatch may show 0.
 * The program really runs `repeats` times and changes its State: profile on a State that may change.
 * @param row the knob row to run with.
 */
export async function profileProgram(gpu: Gpu, arena: Arena, workspace: Workspace, program: Program, row: number, repeats: number): Promise<number[] | null> {
  if (!gpu.device.features.has('timestamp-query')) return null;
  await workspace.prepare([program]);
  const samples: number[][] = program.dispatches.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let from = 0; from < program.dispatches.length; from += SET_QUERIES / 2) {
      const to = Math.min(program.dispatches.length, from + SET_QUERIES / 2);
      const encodes = Array.from({ length: to - from }, (_, i) => (pass: GPUComputePassEncoder) => program.encode(pass, row, from + i, from + i + 1));
      (await timePasses(gpu.device, arena, encodes)).forEach((ns, i) => samples[from + i]?.push(ns));
    }
  }
  return samples.map(median);
}

/** Nanoseconds of compute passes that run one after another in one submit; needs `timestamp-query`. */
export async function timePasses(device: GPUDevice, arena: Arena, encodes: readonly ((pass: GPUComputePassEncoder) => void)[]): Promise<number[]> {
  const count = 2 * encodes.length;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const resolved = arena.queries('timestamps', 8 * count);
  try {
    const encoder = device.createCommandEncoder();
    encodes.forEach((encode, i) => {
      const pass = encoder.beginComputePass({ timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 } });
      encode(pass);
      pass.end();
    });
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    device.queue.submit([encoder.finish()]);
    const [bytes] = await readNow(device, arena, [{ buffer: resolved, offset: 0, bytes: 8 * count }]);
    const ticks = new BigUint64Array(bytes as ArrayBuffer);
    // A clock that a driver resets in between would give a negative time.
    return encodes.map((_, i) => Math.max(0, Number((ticks[2 * i + 1] ?? 0n) - (ticks[2 * i] ?? 0n))));
  } finally {
    arena.free(resolved);
    querySet.destroy();
  }
}

/** Middle value; the mean of the two in the middle for an even count; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
