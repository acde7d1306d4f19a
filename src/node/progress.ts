/** The stream that progress is drawn on: stderr, or what a test hands in. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** A line that is drawn over itself on a terminal; nothing at all elsewhere. */
export interface Progress {
  /** Shows words before anything can be counted. */
  tell(words: string): void;
  /** Shows how far the work is, with the time left; the first call starts the clock. At most ten times a second. */
  at(done: number, total: number, words: string): void;
  /** Wipes the line. */
  clear(): void;
}

const EVERY_MS = 100;

/** Progress on a stream; `now` in milliseconds, `unit` is what is counted. */
export function createProgress(stream: ProgressStream, { now = () => performance.now(), unit = 'step' }: { now?: () => number; unit?: string } = {}): Progress {
  let start: { ms: number; done: number } | undefined;
  let drawn = -Infinity;
  let shown = false;
  const draw = (text: string): void => {
    if (!stream.isTTY) return;
    drawn = now();
    shown = true;
    // A line that is wider than the terminal would wrap, and be drawn below itself the next time.
    stream.write(`\r${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}\u001b[K`);
  };
  return {
    tell: draw,
    at(done, total, words) {
      start ??= { ms: now(), done };
      if (now() - drawn < EVERY_MS && done < total) return;
      const left = ((now() - start.ms) / Math.max(1, done - start.done)) * (total - done);
      const time = done > start.done && done < total ? `, ${duration(left)} left` : '';
      draw(`${String(Math.floor((100 * done) / total)).padStart(3)} %  ${unit} ${done} of ${total}${time}  ${words}`);
    },
    clear() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}

/** Milliseconds in the two largest units that matter: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  return min < 60 ? `${min} min ${s % 60} s` : `${Math.floor(min / 60)} h ${min % 60} min`;
}
