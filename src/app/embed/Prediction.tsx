import { useState, type ReactElement } from 'react';
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

/**
 * Asks how the run will end, in place of the play bar: who has guessed looks otherwise at what comes. No form: the frame
 * around may forbid that one is sent.
 */
export function Prediction(): ReactElement {
  const total = useRun((run) => run.totalSteps);
  const experiment = useExperiment((state) => state.experiment);
  const [percent, setPercent] = useState(50);
  return (
    <div className="figure-question" role="group" aria-labelledby="figure-question">
      <label id="figure-question" htmlFor="figure-guess">Before you press Play: what share of the {evaluatedOn(experiment)} will this network get right after {formatCount(total)} steps?</label>
      <div className="figure-guess">
        <input id="figure-guess" type="range" min={0} max={100} step={1} value={percent} aria-valuetext={`${percent} %`} onChange={(event) => setPercent(Number(event.target.value))} />
        <output htmlFor="figure-guess">{percent} %</output>
        <button type="button" className="button primary" onClick={() => useFigure.setState({ prediction: percent / 100 })}>Predict</button>
        <button type="button" className="button quiet" onClick={() => useFigure.setState({ prediction: 'skipped' })}>Skip</button>
      </div>
    </div>
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
