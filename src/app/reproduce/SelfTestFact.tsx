import type { ReactElement } from 'react';
import { lastSelfTest, selfTestWords } from '../selftest/lastSelfTest.ts';
import { useSelfTest } from '../selftest/useSelfTest.ts';
import { useRun } from '../stores/run.ts';
import { BUILD_WORDS } from './build.ts';

/** What the full self-test last came to on this device, and the button that runs it. @param adapter in use; null while unknown */
export function SelfTestFact({ adapter }: { adapter: string | null }): ReactElement {
  const { progress: { running, done, total, problem }, start } = useSelfTest();
  const canTrain = useRun((run) => run.canTrain);
  const last = running ? null : lastSelfTest();
  return (
    <div className="how-selftest">
      <p role="status">{running ? 'Running on this device.' : problem ?? (last ? selfTestWords(last, { adapter, build: BUILD_WORDS }) : 'The full self-test has not been run on this device. One small program checks each device before its first run.')}</p>
      {running && <p className="how-progress"><progress aria-label="Self-test" {...(total > 0 && { value: done, max: total })} /><span>{total > 0 ? `Check ${done} of ${total}` : 'Getting the device ready'}</span></p>}
      <p className="how-actions">
        <button type="button" className="button" disabled={running || !canTrain} onClick={start}>{last ? 'Run it again' : 'Run the self-test'}</button>
        <a href="./selftest.html">Every check, on a page of its own</a>
      </p>
    </div>
  );
}
