import type { ReactElement } from 'react';
import { datasetCard } from '../../engine/data/cards.ts';
import { finalNumbers, type Expected } from '../../engine/experiment/expected.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { adapterName, useRun } from '../stores/run.ts';
import { forgetExpected, isRunOf } from './expecting.ts';
import { agreementWords, numbersWords } from './words.ts';

/** What the run is expected to end with; once it has, whether it did. */
export function Reproduction({ expected }: { expected: Expected }): ReactElement {
  const log = useLog(({ log: shown }) => shown);
  useLog(({ version }) => version);
  const experiment = useExperiment((state) => state.experiment);
  const { source, adapter } = useRun();
  const examples = datasetCard(experiment.data.set)?.testExamples ?? 0;
  const found = source === 'live' && isRunOf(log, experiment) ? finalNumbers(log, adapter ? adapterName(adapter) : 'GPU') : null;
  return (
    <>
      <p role="status">{found ? agreementWords(expected, found, examples) : `Expected at the end: ${numbersWords(expected)}, on ${expected.adapter}. Play runs it on this device and compares.`}</p>
      <button type="button" className="button" onClick={forgetExpected}>Dismiss</button>
    </>
  );
}
