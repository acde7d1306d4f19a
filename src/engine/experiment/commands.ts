import type { RunCommand } from './events.ts';

/** Where a run looks for what it was told. */
export interface CommandPort {
  /** The oldest command not yet taken. */
  take(): RunCommand | undefined;
  /** Resolves when a command is there, or after `ms` milliseconds where given. */
  wait(ms?: number): Promise<void>;
}

/** The same port; a wait without end fails once the device is lost, so that a paused run notices it too. */
export function untilLost(port: CommandPort, lost: Promise<string>): CommandPort {
  const gone = lost.then((reason): never => {
    throw new Error(reason);
  });
  gone.catch(() => undefined);
  return { take: () => port.take(), wait: (ms) => (ms === undefined ? Promise.race([port.wait(), gone]) : port.wait(ms)) };
}

/** A port and its other end. */
export function createCommandPort(): CommandPort & { send(command: RunCommand): void } {
  const queue: RunCommand[] = [];
  let wake: (() => void) | undefined;
  return {
    send(command) {
      queue.push(command);
      wake?.();
    },
    take: () => queue.shift(),
    wait(ms) {
      if (queue.length > 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve();
        };
      });
    },
  };
}
