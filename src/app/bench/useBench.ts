import { useEffect, useRef, useState } from 'react';
import type { RowReport } from '../../bench/measure.ts';
import type { BenchCommand, BenchMessage, BenchOffer } from '../../worker/benchWorker.ts';

/** What the benchmark has told so far. */
export interface BenchState {
  ready?: { adapter: string; software: boolean; rows: readonly BenchOffer[] };
  running: boolean;
  progress?: { done: number; total: number; words: string; msLeft: number | null };
  rows: readonly RowReport[];
  /** Rows that could not be measured: a line each. */
  faults: readonly string[];
  /** Why there is no benchmark at all. */
  problem?: string;
}

/** The benchmark in its worker, which gets the device ready when the page opens and measures when `start` is called. */
export function useBench(): BenchState & { start(command: BenchCommand): void; stop(): void } {
  const [state, setState] = useState<BenchState>({ running: false, rows: [], faults: [] });
  const worker = useRef<Worker>(null);
  const began = useRef(0);
  const open = (): void => {
    const made = new Worker(new URL('../../worker/benchWorker.ts', import.meta.url), { type: 'module' });
    made.onmessage = ({ data }: MessageEvent<BenchMessage>) => {
      // What was on its way when the worker was ended is not for the next run.
      if (worker.current === made) setState((before) => heard(before, data, began.current));
    };
    made.onerror = () => setState((before) => ({ ...before, running: false, problem: 'The worker could not be started. Reload the page.' }));
    worker.current = made;
  };
  useEffect(() => {
    open();
    return () => worker.current?.terminate();
  }, []);
  return {
    ...state,
    start(command) {
      began.current = performance.now();
      setState(({ ready }) => ({ ...(ready ? { ready } : {}), running: true, rows: [], faults: [] }));
      worker.current?.postMessage(command);
    },
    // At once, whatever the device is busy with; rows that were measured stay.
    stop() {
      worker.current?.terminate();
      setState((before) => ({ ...before, running: false }));
      open();
    },
  };
}

function heard(before: BenchState, message: BenchMessage, began: number): BenchState {
  switch (message.type) {
    case 'ready': return { ...before, ready: message };
    case 'row': return { ...before, rows: [...before.rows, message.row] };
    case 'rowFailed': return { ...before, faults: [...before.faults, message.message] };
    case 'ended': return { ...before, running: false };
    case 'failed': return { ...before, running: false, problem: message.message };
    case 'progress': {
      const { done, total, words } = message;
      return { ...before, progress: { done, total, words, msLeft: done > 0 ? ((performance.now() - began) / done) * (total - done) : null } };
    }
  }
}
