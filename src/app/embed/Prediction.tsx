import type { ReactElement } from 'react';
import { Guess } from '../controls/Guess.tsx';
import { evaluatedOn, summarise } from '../panels/summary.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useFigure, type FigureStore } from '../stores/figure.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';

/** True while the question before the first Play waits for its answer. */
export function asksForPrediction({ options, prediction }: Pick<FigureStore, 'options' | 'prediction'>): boolean {
  return options.predict && prediction === null;
}

/** Asks how the run will end, in place of the play bar. */
export function Prediction(): ReactElement {
  const total = useRun((run) => run.totalSteps);
  const experiment = useExperiment((state) => state.experiment);
  return (
    <Guess
      id="figure" min={0} max={100} start={50} words={(percent) => `${percent} %`}
      question={`Before you press Play: what share of the ${evaluatedOn(experiment)} will this network get right after ${formatCount(total)} steps?`}
      onGuess={(percent) => useFigure.setState({ prediction: percent / 100 })}
      onSkip={() => useFigure.setState({ prediction: 'skipped' })}
    />
  );
}

/** The prediction beside what came out, once it did. */
export function PredictionLine(): ReactElement | null {
  const prediction = useFigure((figure) => figure.prediction);
  const finished = useRun((run) => run.state === 'finished');
  const step = useRun((run) => run.step);
  const log = useLog((store) => store.log);
  if (typeof prediction !== 'number') return null;
  const reached = finished ? summarise(log, step).accuracy.main?.value : undefined;
  return <p className="small">You predicted {formatPercent(prediction, 0)}{reached === undefined ? '.' : `; it reached ${formatPercent(reached)}.`}</p>;
}
