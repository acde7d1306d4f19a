/** Sends live knobs while a slider is dragged. */
export interface KnobSender {
  /** Sends the value now, or as soon as the last one of this path is old enough; only the newest is sent then. */
  send(path: string, value: number): void;
  /** Forgets what waits: the run that it was for is over. */
  cancel(): void;
}

/** Every value becomes an edit of the run and a part of its link: a drag must not leave hundreds. */
export const KNOB_EVERY_MS = 150;

/** A sender that lets at most one value a path through in `everyMs`. */
export function createKnobSender(deliver: (path: string, value: number) => void, everyMs = KNOB_EVERY_MS): KnobSender {
  const waiting = new Map<string, { value: number; timer: ReturnType<typeof setTimeout> }>();
  const last = new Map<string, number>();
  const pass = (path: string, value: number): void => {
    last.set(path, performance.now());
    deliver(path, value);
  };
  return {
    send(path, value) {
      const pending = waiting.get(path);
      if (pending) {
        pending.value = value;
        return;
      }
      const wait = (last.get(path) ?? -Infinity) + everyMs - performance.now();
      if (wait <= 0) return pass(path, value);
      const entry = {
        value,
        timer: setTimeout(() => {
          waiting.delete(path);
          pass(path, entry.value);
        }, wait),
      };
      waiting.set(path, entry);
    },
    cancel() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
      last.clear();
    },
  };
}
