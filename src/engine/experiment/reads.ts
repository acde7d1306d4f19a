import type { Arena } from '../gpu/arena.ts';
import { createReadback, type ReadbackRing, type ReadPart } from '../gpu/readback.ts';
import type { Arm } from './arm.ts';

/** A State buffer of an arm, to be copied out whole. */
export function wholeBuffer(arm: Pick<Arm, 'state'>, name: string): ReadPart {
  const buffer = arm.state.buffer(name);
  return { buffer, offset: 0, bytes: buffer.size };
}

/** Something to copy off the device, and what to do with it when it has arrived. */
export interface Job {
  parts: readonly ReadPart[];
  handle(data: ArrayBuffer[]): void;
}

/** What a submit takes along, and what it gives back. */
type Luggage = { ring: ReadbackRing; parts: readonly ReadPart[] } | undefined;
interface Submitted {
  done: Promise<void>;
  copies: Promise<ArrayBuffer[]> | undefined;
}

/** Copies that are under way. They are handled in the order in which they were sent, and never waited for in the loop. */
export interface Reads {
  /** Waits until a copy can be sent; handles what has arrived meanwhile. */
  ready(): Promise<void>;
  /** Sends jobs along with a submit. Call `ready` first. */
  ride(jobs: readonly Job[], submit: (luggage: Luggage) => Submitted): Submitted;
  /** Handles what has arrived; with `all`, waits for the rest. @throws what a copy failed with. */
  collect(all: boolean): Promise<void>;
  destroy(): void;
}

interface Waiting {
  arrived: boolean;
  wait: Promise<void>;
  handle(): void;
}

/** Staging buffers: enough for the metrics, a mask update and an evaluation to be under way at once. */
const STAGING = 4;

/** State buffer with what a network answered to the probe. */
export const ANSWERS = 'answers';

/** Bytes of what is measured of the gradients of a layer, at most. */
const MEASURED = 64;

/** Bytes of the largest submit: metrics of all arms with a mask update of each, or the evaluation of one with its answers and what is measured of its gradients. */
export function largestRead(arms: readonly Arm[]): number {
  const bytes = (arm: Arm, name: string): number => (arm.state.names().includes(name) ? wholeBuffer(arm, name).bytes : 0);
  const training = arms.reduce((sum, arm) => sum + bytes(arm, 'ring') + 2 * bytes(arm, 'status') + 2 * bytes(arm, 'masks'), 0);
  return Math.max(training, ...arms.map((arm) => bytes(arm, 'evaluations') + bytes(arm, ANSWERS) + MEASURED * arm.layers.length));
}

/** An empty queue; `room` is the bytes of the largest submit that is to be expected, so that nothing grows while training. */
export function createReads(arena: Arena, room: number): Reads {
  const ring = createReadback(arena, STAGING, room);
  const waiting: Waiting[] = [];

  const enqueue = (jobs: readonly Job[], copies: Promise<ArrayBuffer[]>): void => {
    const entry: Waiting = { arrived: false, wait: Promise.resolve(), handle: () => undefined };
    const arrive = (handle: () => void): void => void Object.assign(entry, { arrived: true, handle });
    entry.wait = copies.then((data) => arrive(() => {
      let at = 0;
      for (const job of jobs) job.handle(data.slice(at, (at += job.parts.length)));
    }), (error: unknown) => arrive(() => {
      // A copy fails where the device is lost. That is told to whoever collects, and to nobody else.
      throw error;
    }));
    waiting.push(entry);
  };
  const collect = async (all: boolean): Promise<void> => {
    while (waiting[0] && (all || waiting[0].arrived)) {
      await waiting[0].wait;
      waiting.shift()?.handle();
    }
  };

  return {
    collect,
    async ready() {
      while (!ring.ready()) {
        await waiting[0]?.wait;
        await collect(false);
      }
    },
    ride(jobs, submit) {
      const parts = jobs.flatMap((job) => job.parts);
      const submitted = submit(parts.length > 0 ? { ring, parts } : undefined);
      if (submitted.copies) enqueue(jobs, submitted.copies);
      return submitted;
    },
    destroy: () => ring.destroy(),
  };
}
