import type { ReactElement, ReactNode } from 'react';
import { StateSign } from '../mask/Legend.tsx';
import { LEGEND_ORDER, STATE_WORDS } from '../mask/states.ts';

interface MicroscopeLegendProps {
  /** Weights are known. */
  known: boolean;
  shared: boolean;
  chooses: boolean;
  other: 'forward' | 'backward' | undefined;
  history: boolean;
  dense: boolean;
}

/** What bars, bands and signs of the strip mean. */
export function MicroscopeLegend({ known, shared, chooses, other, history, dense }: MicroscopeLegendProps): ReactElement {
  const items: [string, ReactNode, boolean][] = [
    [shared ? 'kept, by the score of its weights' : 'kept', <rect key="a" className="bar positive kept" x="5" y="1" width="6" height="14" />, known],
    ['left out', <rect key="a" className="bar positive out" x="5.5" y="5.5" width="5" height="9" />, known && !dense],
    ['negative', <rect key="a" className="bar negative kept" x="5" y="2" width="6" height="12" />, known],
    ['margin to the cut', <rect key="a" className="margin" x="0" y="4" width="16" height="8" />, known && !dense],
    ['a larger one is left out', <rect key="a" className="margin crossed" x="0" y="4" width="16" height="8" />, known && !dense],
    ['would enter', <path key="a" className="next enters" d="M3 12h10L8 4z" />, known && chooses],
    ['would leave', <path key="a" className="next leaves" d="M3 4h10L8 12z" />, known && chooses],
    [`differs from the ${other ?? ''} mask`, <rect key="a" className="differs-sign" x="1.5" y="1.5" width="13" height="13" />, other !== undefined],
  ];
  const states = LEGEND_ORDER.filter((state) => history || state === 'kept' || state === 'never');
  return (
    <div className="microscope-legends small">
      {known && <ul className="microscope-legend" aria-label="Signs of the strip">
        <li aria-hidden="true" className="faint">strip</li>
        {items.filter(([, , shown]) => shown).map(([words, sign]) => <li key={words}><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{sign}</svg>{words}</li>)}
      </ul>}
      <ul className="microscope-legend" aria-label="States of the slots">
        <li aria-hidden="true" className="faint">mask</li>
        {states.map((state) => <li key={state} title={STATE_WORDS[state].help}><StateSign state={state} />{history ? STATE_WORDS[state].label : state === 'kept' ? 'kept' : 'left out'}</li>)}
      </ul>
    </div>
  );
}
