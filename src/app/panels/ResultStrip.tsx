import { useMemo, type ReactElement } from 'react';
import { roundTicks } from '../charts/ticks.ts';
import { look } from '../stores/view.ts';
import { formatCount, formatDensity, formatPercent, formatPoints } from '../text/numbers.ts';
import { useElementSize } from '../shell/useElementSize.ts';
import { NETWORK_ORDER, NETWORKS } from './networks.ts';
import type { PanelProps } from './reading.ts';
import { evaluatedOn, summarise, type Summary } from './summary.ts';

const SQUARES = 20;

/** Weights left as twenty squares, each a twentieth of the maskable weights. */
export function Squares({ density }: { density: number }): ReactElement {
  return (
    <svg className="squares" viewBox={`0 0 ${SQUARES * 12 - 2} 10`} role="img" aria-label={`${formatDensity(density)} of the weights are left`}>
      {Array.from({ length: SQUARES }, (_, i) => {
        const filled = Math.min(1, Math.max(0, density * SQUARES - i));
        return (
          <g key={i} transform={`translate(${i * 12} 0)`}>
            <rect x="0.5" y="0.5" width="9" height="9" className="square-room" />
            {filled > 0 && <rect x="0" y={10 - 10 * filled} width="10" height={10 * filled} className="square-fill" />}
          </g>
        );
      })}
    </svg>
  );
}

/** What came out so far: weights left, accuracy beside its two controls, and all three on one axis. */
export function ResultStrip({ log, version, cursor }: PanelProps): ReactElement {
  const summary = useMemo(() => summarise(log, cursor), [log, version, cursor]);
  const { accuracy } = summary;
  const asOf = accuracy.main?.step;
  return (
    <section className="panel result" aria-label="Result">
      <div className="result-head">
        <h2 className="result-title">Weights left</h2>
        <span className="result-figure">{formatDensity(summary.density)}</span>
        <Squares density={summary.density} />
        <p className="small faint">{formatCount(summary.active)} of {formatCount(summary.weights)}, plus {formatCount(summary.biases)} biases, always kept</p>
      </div>
      <div>
        <h2 className="result-title">Accuracy on the {evaluatedOn(log.experiment)} {asOf !== undefined && <span className="aside">as of step {formatCount(asOf)}</span>}</h2>
        <ul className="accuracies">
          {NETWORK_ORDER.filter((arm) => log.arms.includes(arm)).map((arm) => (
            <li key={arm}>
              <NetworkSign arm={arm} />
              <span>{NETWORKS[arm].long}</span>
              <span className={arm === 'main' ? 'accuracy-main' : ''}>{formatPercent(accuracy[arm]?.value ?? Number.NaN)}</span>
              <span className="small faint">{arm === 'main' ? '' : difference(summary, arm)}{arm !== 'main' && accuracy[arm] && <span className="wide-only"> points</span>}</span>
            </li>
          ))}
        </ul>
        <DotPlot summary={summary} />
        <p className="small faint">{log.arms.length > 1 ? '1 seed: no verdict. Same batches, same initial weights.' : '1 seed: no verdict.'} <button type="button" className="link-button" onClick={() => look({ sheet: 'how' })}>How do I know?</button></p>
      </div>
    </section>
  );
}

function difference({ accuracy }: Summary, arm: 'dense' | 'random'): string {
  const [main, other] = [accuracy.main, accuracy[arm]];
  if (!main || !other) return '';
  return formatPoints(main.value - other.value);
}

/** The sign of a network on axes and in lists. */
export function NetworkSign({ arm }: { arm: keyof typeof NETWORKS }): ReactElement {
  return <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true"><Mark arm={arm} /></svg>;
}

function Mark({ arm }: { arm: keyof typeof NETWORKS }): ReactElement {
  const colour = `var(${NETWORKS[arm].colour})`;
  if (arm === 'main') return <circle r="5" fill={colour} />;
  if (arm === 'dense') return <rect x="-4.25" y="-4.25" width="8.5" height="8.5" fill="var(--surface)" stroke={colour} strokeWidth="2" />;
  return <path d="M0-5.5L5.2 4H-5.2z" fill={colour} />;
}

const EDGE = 14;

function DotPlot({ summary }: { summary: Summary }): ReactElement {
  const [frame, { width }] = useElementSize<HTMLDivElement>();
  const values = NETWORK_ORDER.flatMap((arm) => summary.accuracy[arm]?.value ?? []);
  const low = values.length ? Math.max(0, Math.floor((Math.min(...values) - 0.01) * 20) / 20) : 0;
  const x = (value: number): number => EDGE + ((value - low) / (1 - low)) * Math.max(0, width - 2 * EDGE);
  return (
    <div ref={frame} className="dot-plot">
      <svg width={width} height="40" role="img" aria-label="The accuracies on one axis">
        <line x1={EDGE} x2={Math.max(EDGE, width - EDGE)} y1="16" y2="16" className="axis" />
        {roundTicks(low, 1, width < 320 ? 3 : 5).map((tick) => (
          <g key={tick} transform={`translate(${x(tick)} 16)`}>
            <line y1="0" y2="5" className="axis" />
            <text y="20" textAnchor={tick >= 0.999 ? 'end' : tick <= low ? 'start' : 'middle'} dx={tick >= 0.999 ? EDGE : tick <= low ? -EDGE : 0}>{formatPercent(tick, 0)}</text>
          </g>
        ))}
        {[...NETWORK_ORDER].reverse().map((arm) => {
          const measured = summary.accuracy[arm];
          return measured && <g key={arm} transform={`translate(${x(measured.value)} 16)`}><title>{`${NETWORKS[arm].long}: ${formatPercent(measured.value)}`}</title><Mark arm={arm} /></g>;
        })}
      </svg>
    </div>
  );
}
