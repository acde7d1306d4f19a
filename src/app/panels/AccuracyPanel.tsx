import { useMemo, type ReactElement } from 'react';
import { Chart } from '../charts/Chart.tsx';
import { useChartsWanted } from '../charts/wanted.ts';
import { useView } from '../stores/view.ts';
import { AlongChoice, useAlong } from './AlongChoice.tsx';
import { accuracyModel } from './curves.ts';
import { classesOf, type PanelProps } from './reading.ts';
import { evaluatedOn } from './summary.ts';

/** Test accuracy over the steps, with the dense and the random twin. */
export function AccuracyPanel({ log, version, cursor, end }: PanelProps): ReactElement {
  const theme = useView((view) => view.theme);
  const full = useChartsWanted();
  const on = evaluatedOn(log.experiment);
  const classes = classesOf(log);
  const model = useAlong(useMemo(() => accuracyModel(log, end, classes), [log, version, end, classes]), log, end);
  return (
    <section className="panel chart-panel" aria-label="Test accuracy">
      <h2>{on.startsWith('test') ? 'Test' : 'Validation'} accuracy <AlongChoice /></h2>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={168} full={full} theme={theme} description={`Accuracy on the ${on} over the training steps, of this network, its dense twin and a fixed random mask.`} />
    </section>
  );
}
