import type { Pace } from './slices.ts';
import { createTimeJoin } from './stepTimes.ts';

/** Submits on the queue at a time: running further ahead was slower, not faster. */
const LIMIT = 2;

/** Submits that the device has not done yet, and how long those that train take. */
export interface InFlight {
  /** Adds a submit that does not train. */
  add(done: Promise<void>): void;
  /** Adds a slice of `steps` training steps that was encoded from `began` (milliseconds) on; `tell` hears the milliseconds of a step. */
  train(done: Promise<void>, steps: number, began: number, tell: (stepMs: number) => void): void;
  /** Waits until another submit may follow. */
  room(): Promise<void>;
  /** Waits for all. */
  drain(): Promise<void>;
  /** What was on the queue was no training: the next slice is measured from its own beginning. */
  measureAnew(): void;
}

/** An empty queue that tells `pace` how long slices take. */
export function createInFlight(pace: Pace): InFlight {
  const waiting: Promise<void>[] = [];
  const join = createTimeJoin();
  let lastDone = 0;
  const add = (done: Promise<void>): void => {
    // Whoever waits for it hears of a failure; one that nobody waits for any more, of a lost device, is no news.
    done.catch(() => undefined);
    waiting.push(done);
  };
  return {
    add,
    train(done, steps, began, tell) {
      add(done.then(() => {
        const now = performance.now();
        const ms = now - Math.max(began, lastDone);
        lastDone = now;
        // Two slices that are reported at once would halve the pace and double it again.
        const joined = join.add(steps, ms);
        if (joined) pace.took(joined.steps, joined.ms);
        tell(ms / steps);
      }));
    },
    async room() {
      while (waiting.length >= LIMIT) await waiting.shift();
    },
    async drain() {
      await Promise.all(waiting.splice(0));
    },
    measureAnew() {
      lastDone = 0;
    },
  };
}
