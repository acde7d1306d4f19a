import { useMemo, type ReactElement } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { X_AXES } from './along.ts';
import { markPlace, placed, type ChartModel } from './model.ts';
import { roundTicks } from './ticks.ts';
import { DASHES } from './Sparkline.tsx';

/** Room around the plot, in CSS pixels; the labels at line ends use the right one. */
export const MARGIN = { top: 8, right: 128, bottom: 0, left: 0 };
/** Width of the value axis and height of the step axis, in CSS pixels. */
export const AXES = { left: 44, bottom: 24 };

const MOST_POINTS = 240;

/** The full chart. Loaded on its own once training runs; charts along the same axis share the place that is hovered. */
export function Lines({ model, height, narrow }: { model: ChartModel; height: number; narrow: boolean }): ReactElement {
  // The plot is some 200 pixels wide: more points than that cost time and show nothing.
  const data = useMemo(() => model.curves.map((curve) => placed(model, curve, MOST_POINTS)), [model]);
  const label = (id: unknown): string => model.curves.find((curve) => curve.id === id)?.label ?? String(id);
  const axis = X_AXES[model.along?.axis ?? 'step'];
  const mark = markPlace(model);
  // Words of quantities are wider than counts of steps.
  const xTicks = useMemo(() => roundTicks(model.x[0], model.x[1], model.along ? 3 : 4), [model]);
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart margin={narrow ? { ...MARGIN, right: 88 } : MARGIN} syncId={axis.label} syncMethod="value">
        <CartesianGrid vertical={false} stroke="var(--hairline)" />
        <XAxis
          dataKey="x" type="number" domain={[model.x[0], model.x[1]]} allowDataOverflow ticks={xTicks} height={AXES.bottom}
          tickFormatter={axis.format} stroke="var(--control-border)" tick={{ fill: 'var(--text-3)', fontSize: 12 }} tickLine={false}
          allowDuplicatedCategory={false}
        />
        <YAxis
          domain={[model.y[0], model.y[1]]} ticks={[...model.ticks]} width={AXES.left} allowDataOverflow axisLine={false} tickLine={false}
          tickFormatter={model.format} tick={{ fill: 'var(--text-3)', fontSize: 12 }}
        />
        <Tooltip
          isAnimationActive={false} cursor={{ stroke: 'var(--text-3)', strokeDasharray: '2 3' }}
          labelFormatter={(place) => `${model.along ? '' : `${axis.label} `}${axis.format(Number(place))}`}
          formatter={(value, id) => [model.format(Number(value)), label(id)]}
          contentStyle={{ background: 'var(--surface)', border: '1px solid var(--hairline)', borderRadius: 4, padding: '6px 8px' }}
          labelStyle={{ color: 'var(--text-2)' }} itemStyle={{ color: 'var(--text-1)', padding: 0 }}
        />
        {model.levels.map((level) => (
          <ReferenceLine key={level.label} y={level.value} stroke="var(--text-3)" strokeDasharray="1.5 3.5" />
        ))}
        {mark !== undefined && <ReferenceLine x={mark} stroke="var(--text-1)" />}
        {model.curves.map((curve, i) => (
          <Line
            key={curve.id} name={curve.id} data={data[i]!} dataKey="value" type={curve.stepped ? 'stepAfter' : 'linear'}
            stroke={`var(${curve.colour})`} strokeWidth={2} strokeDasharray={DASHES[curve.stroke].join(' ')}
            dot={false} activeDot={{ r: 3, strokeWidth: 0 }} isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
