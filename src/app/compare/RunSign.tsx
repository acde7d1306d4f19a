import type { ReactElement } from 'react';
import { RUN_LOOKS } from './looks.ts';

/** The dash, marker and colour of a drawn run; an empty frame for a hidden one. */
export function RunSign({ look }: { look: number | null }): ReactElement {
  const sign = look === null ? undefined : RUN_LOOKS[look];
  return (
    <svg viewBox="-17 -8 34 16" width="34" height="16" aria-hidden="true" className="run-sign">
      {sign ? (
        <>
          <path d="M-17 0H17" fill="none" strokeWidth="2" strokeDasharray={sign.dash.join(' ')} style={{ stroke: `var(${sign.colour})` }} />
          <path d={sign.marker} className="overlay-marker" style={{ fill: `var(${sign.colour})` }} />
        </>
      ) : <path d="M-17 0H17" fill="none" className="overlay-grid" />}
    </svg>
  );
}
