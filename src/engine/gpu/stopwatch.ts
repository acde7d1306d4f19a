import type { Arena } from './arena.ts';
import type { Gpu } from './device.ts';
import type { Variant } from './kernel.ts';
import { median, timePasses } from './profiler.ts';
import type { Scratch } from './scratch.ts';

/** Milliseconds that each of several passes takes, which run one after another. */
export type Clock = (encodes: readonly ((pass: GPUComputePassEncoder) => void)[]) => Promise<number[]>;

/** Milliseconds that a pass with runs of `variant` takes. */
export type Stopwatch = (variant: Variant, encode: (pass: GPUComputePassEncoder) => void) => Promise<number>;

const HOPELESS = 1.5;
const ROUNDS = 5;
/** A sample lasts about so long: well above what a clock is rounded to. */
const SAMPLE_MS = 4;
const MAX_TIMES = 64;

/** By the device's clock where it has one. */
export function deviceStopwatch(gpu: Gpu, arena: Arena): Stopwatch {
  const clock = deviceClock(gpu, arena);
  return async (_, encode) => (await clock([encode]))[0] ?? 0;
}

/** The device's own clock where it has one: waiting for a queue is slow and coarse in some browsers. */
export function deviceClock(gpu: Gpu, arena: Arena): Clock {
  return async (encodes) => {
    if (gpu.device.features.has('timestamp-query')) return (await timePasses(gpu.device, arena, encodes)).map((ns) => ns / 1e6);
    const ms: number[] = [];
    for (const encode of encodes) ms.push(await timeWall(gpu.device, encode));
    return ms;
  };
}

async function timeWall(device: GPUDevice, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(pass);
  pass.end();
  const start = performance.now();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return Math.max(performance.now() - start, 1e-3);
}

/** How many runs of what takes `onceMs` make a sample; the time of one submit is bounded, too. */
export function timesOf(onceMs: number): number {
  return Math.min(MAX_TIMES, Math.max(1, Math.floor(SAMPLE_MS / Math.max(onceMs, SAMPLE_MS / MAX_TIMES))));
}

/** Median time of the candidate over that of the base, measured in turns so that both meet the same weather; yields after each turn. */
export async function* timeRatio(stopwatch: Stopwatch, scratch: Scratch, base: Variant, candidate: Variant): AsyncGenerator<void, number> {
  const times = timesOf(await stopwatch(base, (pass) => scratch.encode(pass, base, 1)));
  const samples: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    yield;
    for (const [i, variant] of [base, candidate].entries()) {
      samples[i]?.push(await stopwatch(variant, (pass) => scratch.encode(pass, variant, times)));
    }
    // One round is enough to see that a candidate is hopeless; the run has better uses for the time.
    if (median(samples[1]) > HOPELESS * median(samples[0])) break;
  }
  const wanted = median(samples[0]);
  // A clock that stands still tells nothing; the base stays.
  return wanted > 0 ? median(samples[1]) / wanted : 1;
}
