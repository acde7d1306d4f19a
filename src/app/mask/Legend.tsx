import type { CSSProperties, ReactElement } from 'react';
import { toggleSolo, useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { LEGEND_ORDER, STATE_WORDS, type MaskState, type StateCounts } from './states.ts';

/** The sign of a state: the same shapes that large cells carry, so that colour is never the only cue. */
export function StateSign({ state }: { state: MaskState }): ReactElement {
  return (
    <svg className={`state-sign ${state}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" style={{ '--state': `var(--mask-${state === 'regrown' ? 'grown' : state})` } as CSSProperties}>
      <StateShapes state={state} />
    </svg>
  );
}

/** The shapes of a sign, in a square of 16 units: within an element of the class `state-sign` that says the colour `--state`. */
export function StateShapes({ state }: { state: MaskState }): ReactElement {
  return (
    <>
      <rect x="0.5" y="0.5" width="15" height="15" className="cell" />
      {state === 'kept' && <rect x="3" y="3" width="10" height="10" className="fill" />}
      {state === 'was' && <rect x="5.5" y="5.5" width="5" height="5" className="fill" />}
      {state === 'dropped' && <path d="M1.5 1.5h13v13h-13zM2 14L14 2" className="line" />}
      {(state === 'grown' || state === 'regrown') && <><rect x="1" y="1" width="14" height="14" className="fill" /><path d="M8 4.5v7M4.5 8h7" className="plus" /></>}
      {state === 'regrown' && <path d="M15.5.5v6l-6-6z" className="notch" />}
    </>
  );
}

/** The six states with exact counts; a click shows one of them alone. */
export function Legend({ counts }: { counts: StateCounts | null }): ReactElement {
  const solo = useView((view) => view.solo);
  return (
    <ul className="legend" aria-label="States of the weights">
      {LEGEND_ORDER.map((state) => (
        <li key={state}>
          <button type="button" className="legend-item" aria-pressed={solo === state} title={`${STATE_WORDS[state].help}; click to show these alone`} onClick={() => toggleSolo(state)}>
            <StateSign state={state} />
            <span>{STATE_WORDS[state].label}</span>
            <span className="legend-count">{counts ? formatCount(counts[state]) : '–'}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
