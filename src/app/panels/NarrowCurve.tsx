import { useMemo, type ReactElement } from 'react';
import { Sparkline } from '../charts/Sparkline.tsx';
import { accuracyModel } from './curves.ts';
import { useView } from '../stores/view.ts';
import { classesOf, type PanelProps } from './reading.ts';

/** Test accuracy as a line under the picture, for narrow screens; the chart itself has its own tab. */
export function NarrowCurve({ log, version, end }: PanelProps): ReactElement | null {
  const theme = useView((view) => view.theme);
  const classes = classesOf(log);
  const model = useMemo(() => accuracyModel(log, end, classes), [log, version, end, classes]);
  if (end === 0) return null;
  return (
    <figure className="narrow-curve" aria-label="Test accuracy so far">
      <figcaption className="small faint">Test accuracy</figcaption>
      <Sparkline model={model} height={44} theme={theme} />
    </figure>
  );
}
