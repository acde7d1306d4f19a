import type { ReactElement } from 'react';
import { formatCount } from '../text/numbers.ts';
import { AGE_BINS, ageWords } from './flips.ts';
import { packHex, type Packed } from './raster.ts';

/** Colours of the five bins of age, the youngest first, from the CSS tokens in force. */
export function readAgeColours(root: Element): Packed[] {
  const style = getComputedStyle(root);
  return AGE_BINS.map((_, bin) => packHex(style.getPropertyValue(`--age-${bin + 1}`)));
}

/** The bins of age with how many weights are in each. @param counts by code: inactive first, then the bins */
export function AgeLegend({ counts }: { counts: readonly number[] | null }): ReactElement {
  const rows = [...AGE_BINS.map((_, bin) => ({ words: ageWords(bin), colour: `var(--age-${bin + 1})`, code: bin + 1 })), { words: 'inactive', colour: 'var(--mask-never)', code: 0 }];
  return (
    <ul className="age-legend" aria-label="Updates since the weight entered the mask">
      {rows.map(({ words, colour, code }) => (
        <li key={code}>
          <span className="age-swatch" style={{ background: colour }} aria-hidden="true" />
          <span>{words}</span>
          <span className="legend-count">{counts ? formatCount(counts[code] ?? 0) : '–'}</span>
        </li>
      ))}
    </ul>
  );
}
