import { useCallback, useEffect, useRef, useState } from 'react';
import type { CheckResult, SelfTestReport } from '../../engine/experiment/fullSelfTest.ts';
import type { SelfTestMessage } from '../../worker/selftestWorker.ts';
import { keepSelfTest, shortReport } from './lastSelfTest.ts';

/** How far a self-test is. */
export interface SelfTestProgress {
  /** Asked for and neither over nor stopped by a problem. */
  running: boolean;
  done: number;
  total: number;
  checks: readonly CheckResult[];
  report?: SelfTestReport;
  problem?: string;
}

const BEGINNING: SelfTestProgress = { running: false, done: 0, total: 0, checks: [] };

/** The full self-test in a worker of its own, which ends with the component; its result is kept for the next visit. */
export function useSelfTest(): { progress: SelfTestProgress; start(): void } {
  const [progress, setProgress] = useState(BEGINNING);
  const worker = useRef<Worker | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);
  const start = useCallback((): void => {
    worker.current?.terminate();
    setProgress({ ...BEGINNING, running: true });
    const made = new Worker(new URL('../../worker/selftestWorker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<SelfTestMessage>) => {
      if (data.type === 'report') keepSelfTest(shortReport(data.report, Date.now()));
      if (data.type !== 'check') made.terminate();
      setProgress((before) => after(before, data));
    };
    made.onerror = () => setProgress((before) => ({ ...before, running: false, problem: 'The worker could not be started. Reload the page.' }));
  }, []);
  return { progress, start };
}

function after(before: SelfTestProgress, message: SelfTestMessage): SelfTestProgress {
  switch (message.type) {
    case 'check': return { ...before, done: message.done, total: message.total, checks: [...before.checks, message.check] };
    case 'report': return { ...before, running: false, report: message.report };
    case 'failed': return { ...before, running: false, problem: message.message };
  }
}
