import { useMemo, type ReactElement } from 'react';
import { NETWORKS, NETWORK_ORDER } from '../panels/networks.ts';
import type { PanelProps } from '../panels/reading.ts';
import { NetworkSign, Squares } from '../panels/ResultStrip.tsx';
import { summarise } from '../panels/summary.ts';
import { formatDensity, formatPercent } from '../text/numbers.ts';

/** The result in one line, for narrow screens. */
export function ResultLine({ log, version, cursor }: PanelProps): ReactElement {
  const summary = useMemo(() => summarise(log, cursor), [log, version, cursor]);
  return (
    <div className="result-line" aria-label="Result" role="group">
      <span className="result-line-density"><b>{formatDensity(summary.density)}</b><span className="faint small"> left</span><Squares density={summary.density} /></span>
      {NETWORK_ORDER.filter((arm) => summary.accuracy[arm]).map((arm) => (
        <span key={arm} className="result-line-arm" title={NETWORKS[arm].long}>
          <NetworkSign arm={arm} /><span className="visually-hidden">{NETWORKS[arm].long}</span>{formatPercent(summary.accuracy[arm]?.value ?? Number.NaN)}
        </span>
      ))}
    </div>
  );
}
