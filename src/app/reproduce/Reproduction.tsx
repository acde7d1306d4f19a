import type { ReactElement } from 'react';
import type { Expected } from '../../engine/experiment/expected.ts';
import { useExperiment } from '../stores/experiment.ts';
import { formatPercent } from '../text/numbers.ts';
import { forgetExpected } from './expecting.ts';
import { useFinalNumbers } from './finalNumbers.ts';
import { agreementWords, evaluatedBy, numbersWords, shortAgreementWords } from './words.ts';

/** What the run is expected to end with; once it has, whether it did. */
export function Reproduction({ expected }: { expected: Expected }): ReactElement {
  const experiment = useExperiment((state) => state.experiment);
  const found = useFinalNumbers(true);
  return (
    <>
      <p role="status">{found ? agreementWords(expected, found, evaluatedBy(experiment)) : `Expected at the end: ${numbersWords(expected)}, on ${expected.adapter}. Play runs it on this device and compares.`}</p>
      <button type="button" className="button" onClick={forgetExpected}>Dismiss</button>
    </>
  );
}

/** The same in a figure: one small line. */
export function ReproductionLine({ expected }: { expected: Expected }): ReactElement {
  const experiment = useExperiment((state) => state.experiment);
  const found = useFinalNumbers(true);
  return <p className="small muted" role="status">{found ? shortAgreementWords(expected, found, evaluatedBy(experiment)) : `Expected at the end: ${formatPercent(expected.accuracy, 2)}, as on ${expected.adapter}.`}</p>;
}
