import { useEffect, useMemo, useState, type ComponentType, type ReactElement, type ReactNode } from 'react';
import { formatCount } from '../text/numbers.ts';
import { useMedia } from '../shell/useElementSize.ts';
import { ChartTools } from './ChartTools.tsx';
import { curvesCsv } from './csv.ts';
import { extent, spread, tableRows, type ChartModel } from './model.ts';
import { Sparkline, SPARK_PAD } from './Sparkline.tsx';
import { useThrottled } from './useThrottled.ts';

interface ChartProps {
  model: ChartModel;
  /** The step looked at, while it is not the newest. */
  mark: number | undefined;
  height: number;
  /** Load the chart library now; a plain canvas stands in until it is there. */
  full: boolean;
  theme: string;
  /** One sentence on what the chart shows, for screen readers. */
  description: string;
  /** Stands over the plot, whose place in the chart it is given in CSS pixels from the edges. */
  overlay?: ((frame: PlotFrame) => ReactNode) | undefined;
}

/** Room around a plot, in CSS pixels. */
export interface PlotFrame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

type LinesComponent = ComponentType<{ model: ChartModel; height: number; narrow: boolean }>;

/** Space of the step axis and of the top margin of the full chart; the labels at line ends need it. */
const PLOT = { left: 44, top: 8, bottom: 24, right: 128, rightNarrow: 88 };
const LABEL_SPACE = 16;
/** The chart library takes about 17 ms for three curves of 500 points: ten redraws a second would fill half of a phone's time. */
const REDRAW_MS = 250;

/** A chart with labels at its line ends, a table in its place for those who want one, and its data as CSV. */
export function Chart({ model: newest, mark, height, full, theme, description, overlay }: ChartProps): ReactElement {
  const throttled = useThrottled(newest, REDRAW_MS);
  const model = useMemo<ChartModel>(() => (mark === undefined ? throttled : { ...throttled, mark }), [throttled, mark]);
  const Lines = useLines(full);
  const narrow = useMedia('(max-width: 1359px)');
  const [table, setTable] = useState(false);
  const right = narrow ? PLOT.rightNarrow : PLOT.right;
  return (
    <figure className="chart" aria-label={`${model.title}. ${description}`}>
      <div className="chart-plot" style={{ height }} hidden={table}>
        {Lines ? <Lines model={model} height={height} narrow={narrow} /> : (
          <div style={{ paddingRight: right }}><Sparkline model={model} height={height} theme={theme} /></div>
        )}
        <EndLabels model={model} height={height} top={Lines ? PLOT.top : SPARK_PAD} bottom={Lines ? PLOT.bottom : SPARK_PAD} narrow={narrow} />
        {overlay?.(Lines ? { ...PLOT, right } : { left: 0, right, top: SPARK_PAD, bottom: SPARK_PAD })}
      </div>
      {table && <ChartTable model={model} />}
      <ChartTools name={`sparseland-${model.id}`} empty={!extent(model.curves)} csv={() => curvesCsv(model.curves, model.measured)} svg={async () => (await import('../export/saveFigure.ts')).chartFigure(model)}>
        <button type="button" className="link-button" aria-pressed={table} onClick={() => setTable(!table)}>{table ? 'Chart' : 'Table'}</button>
      </ChartTools>
    </figure>
  );
}

function useLines(wanted: boolean): LinesComponent | null {
  const [lines, setLines] = useState<LinesComponent | null>(null);
  useEffect(() => {
    if (!wanted || lines) return;
    // Without the library (offline, for instance) the canvas goes on: nothing is lost but the axes.
    import('./Lines.tsx').then((module) => setLines(() => module.Lines), () => undefined);
  }, [wanted, lines]);
  return lines;
}

interface EndLabelsProps {
  model: ChartModel;
  height: number;
  top: number;
  bottom: number;
  narrow: boolean;
}

function EndLabels({ model, height, top, bottom, narrow }: EndLabelsProps): ReactElement {
  const plot = height - top - bottom;
  const place = (value: number): number =>
    Math.min(1, Math.max(0, 1 - (value - model.y[0]) / (model.y[1] - model.y[0] || 1))) * plot + top;
  const ends = [
    ...model.curves.flatMap((curve) => {
      const value = lastFinite(curve.values);
      return value === undefined ? [] : [{ key: curve.id, label: curve.label, colour: curve.colour, value, words: model.format(value) }];
    }),
    ...model.levels.map((level) => ({ key: level.label, label: level.label, colour: '--text-3', value: level.value, words: '' })),
  ];
  const tops = spread(ends.map((end) => place(end.value) - LABEL_SPACE / 2), LABEL_SPACE, height - bottom - LABEL_SPACE / 2);
  return (
    <div className="end-labels small" style={{ width: (narrow ? PLOT.rightNarrow : PLOT.right) - 6 }} aria-hidden="true">
      {ends.map((end, i) => (
        <span key={end.key} style={{ top: tops[i], color: `var(${end.colour})` }}>{end.label}{end.words && !narrow && <b> {end.words}</b>}</span>
      ))}
    </div>
  );
}

function lastFinite(values: ArrayLike<number>): number | undefined {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return values[i];
  return undefined;
}

function ChartTable({ model }: { model: ChartModel }): ReactElement {
  const rows = tableRows(model.curves);
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${model.title}, as a table`}>
      <table className="small">
        <thead><tr><th scope="col">Step</th>{model.curves.map((curve) => <th key={curve.id} scope="col">{curve.label}</th>)}</tr></thead>
        <tbody>
          {rows.map(({ step, values }) => (
            <tr key={step}><th scope="row">{formatCount(step)}</th>{values.map((value, i) => <td key={model.curves[i]!.id}>{value === undefined ? '' : model.format(value)}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="faint small">Nothing measured yet.</p>}
    </div>
  );
}
