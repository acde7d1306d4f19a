import type { ReactElement, ReactNode } from 'react';
import { saveText } from '../text/saveText.ts';

interface ChartToolsProps {
  /** Name of the files, without their ending. */
  name: string;
  /** Nothing is drawn yet. */
  empty: boolean;
  csv(): string;
  /** The chart as an SVG file; what draws it is loaded when it is asked for. */
  svg(): Promise<string>;
  /** Other buttons, in front. */
  children?: ReactNode;
}

/** The files that a chart can be taken along as: the same row of buttons under each. */
export function ChartTools({ name, empty, csv, svg, children }: ChartToolsProps): ReactElement {
  return (
    <div className="chart-tools small">
      {children}
      <button type="button" className="link-button" disabled={empty} onClick={() => saveText(`${name}.csv`, 'text/csv', csv())}>CSV</button>
      {(['svg', 'png'] as const).map((kind) => <button key={kind} type="button" className="link-button" disabled={empty} onClick={() => void import('../export/saveFigure.ts').then(({ saveFigure }) => saveFigure(name, svg(), kind))}>{kind.toUpperCase()}</button>)}
    </div>
  );
}
