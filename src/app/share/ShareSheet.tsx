import { useState, type ReactElement } from 'react';
import { writeExpected } from '../../engine/experiment/expected.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { useFinalNumbers } from '../reproduce/finalNumbers.ts';
import { numbersWords } from '../reproduce/words.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { useExperiment } from '../stores/experiment.ts';
import { look } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { CopyField } from './CopyField.tsx';
import { RunFileRow } from './RunFileRow.tsx';
import './share.css';

/** What else there is to take along or to look up. */
const MORE = [
  { sheet: 'export', title: 'Export', words: 'Numbers, masks, figures and weights as files' },
  { sheet: 'use', title: 'Use in a page', words: 'A live figure in a course page or an article' },
  { sheet: 'how', title: 'How do I know?', words: 'What the numbers rest on' },
] as const;

/** The link of the experiment as it stands; on request with the final numbers of its run. */
export function ShareSheet(): ReactElement {
  const experiment = useExperiment((state) => state.experiment);
  const [asked, setAsked] = useState(false);
  const numbers = useFinalNumbers();
  const link = encodeLink(experiment) + (asked && numbers ? `&${writeExpected(numbers)}` : '');
  const address = new URL(link, document.baseURI.replace(/#.*/, '')).href;
  return (
    <div className="sheet-body">
      <SheetHead title="Share" />
      <p className="muted">Who opens this link runs the same experiment: its settings, its seed and every change made while it ran.</p>
      <label className="check-row"><input type="checkbox" disabled={!numbers} checked={asked && numbers !== null} onChange={() => setAsked(!asked)} />With the final numbers, to be compared</label>
      <p className="small faint">{numbers ? `The link carries ${numbersWords(numbers)}. Who runs it is told whether it matches, is within tolerance or differs.` : 'Final numbers are there once a run of these settings has finished.'}</p>
      <CopyField label="Link" text={address} rows={4} />
      <p className="small faint">{formatCount(address.length)} characters</p>
      <RunFileRow />
      <ul className="share-more small muted">
        {MORE.map(({ sheet, title, words }) => <li key={sheet}><button type="button" className="link-button" onClick={() => look({ sheet })}>{title}</button> {words}</li>)}
      </ul>
    </div>
  );
}
