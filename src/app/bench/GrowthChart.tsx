import type { ReactElement } from 'react';
import { CartesianGrid, Label, Line, LineChart, ReferenceDot, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { crossoverWords, densityWords, type GrowthPanel, logTicks, msDomain } from '../../bench/growth.ts';
import { formatDuration } from '../text/numbers.ts';

/** One a format, in order of the registry. Dashes are those of the other charts, written out: shared code would be a file more in the page's first load. */
const LOOKS: readonly { colour: string; dashes: string }[] = [
  { colour: 'var(--text-2)', dashes: '6 4' }, { colour: 'var(--run-1)', dashes: '' }, { colour: 'var(--run-2)', dashes: '1.5 3.5' }, { colour: 'var(--run-3)', dashes: '8 3 2 3' },
];
const HEIGHT = 240;
const TICK = { fill: 'var(--text-3)', fontSize: 12 };

/** Step time against density at one width, a line a format; the labels of lines stand below, with their crossovers. */
export function GrowthChart({ panel }: { panel: GrowthPanel }): ReactElement {
  const { width, denseMs, curves } = panel;
  const densities = curves.flatMap(({ samples }) => samples.map(({ density }) => density));
  const ends: [number, number] = [Math.min(...densities), Math.max(...densities)];
  const domain = msDomain(panel);
  const look = (i: number): (typeof LOOKS)[number] => LOOKS[i % LOOKS.length] as (typeof LOOKS)[number];
  const words = curves.map(({ format, crossover }) => (crossover === null ? format : `${format}: ${typeof crossover === 'string' ? crossover : `faster below ${crossoverWords(crossover)}`}`));
  return (
    <figure className="growth-chart" aria-label={`Width ${width}. The dense network: ${formatDuration(denseMs)}. ${words.join('. ')}.`}>
      <h3>width {width}</h3>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <LineChart margin={{ top: 8, right: 12, bottom: 16, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis dataKey="density" type="number" scale="log" domain={ends} ticks={logTicks(ends)} tickFormatter={densityWords} interval="preserveStartEnd" stroke="var(--control-border)" tick={TICK} tickLine={false} allowDuplicatedCategory={false}>
            <Label value="density" position="insideBottom" offset={-12} fill="var(--text-3)" fontSize={12} />
          </XAxis>
          <YAxis type="number" scale="log" domain={domain} ticks={logTicks(domain)} width={52} tickFormatter={formatDuration} axisLine={false} tickLine={false} tick={TICK} />
          <Tooltip
            isAnimationActive={false} labelFormatter={(density) => `Density ${densityWords(Number(density))}`} formatter={(ms, format) => [formatDuration(Number(ms)), String(format)]}
            contentStyle={{ background: 'var(--surface)', border: '1px solid var(--hairline)', borderRadius: 4, padding: '6px 8px' }}
            labelStyle={{ color: 'var(--text-2)' }} itemStyle={{ color: 'var(--text-1)', padding: 0 }}
          />
          <ReferenceLine y={denseMs} stroke="var(--text-1)" strokeDasharray="1.5 3.5" />
          {curves.map(({ format, samples }, i) => (
            <Line
              key={format} name={format} data={[...samples]} dataKey="ms" type="linear" stroke={look(i).colour} strokeWidth={2} strokeDasharray={look(i).dashes}
              dot={false} activeDot={{ r: 3, strokeWidth: 0 }} isAnimationActive={false}
            />
          ))}
          {curves.map(({ format, crossover }, i) => (crossover !== null && typeof crossover === 'object' ? (
            <ReferenceDot key={format} x={crossover.density} y={crossover.ms} r={5} fill="var(--surface)" stroke={look(i).colour} strokeWidth={2} />
          ) : null))}
        </LineChart>
      </ResponsiveContainer>
      <ul className="growth-key small">
        {curves.map(({ format }, i) => (
          <li key={format}>
            <svg width="24" height="8" aria-hidden="true"><line x1="0" x2="24" y1="4" y2="4" stroke={look(i).colour} strokeWidth="2" strokeDasharray={look(i).dashes} /></svg> {words[i]}
          </li>
        ))}
      </ul>
    </figure>
  );
}
