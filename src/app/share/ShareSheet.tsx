import type { ReactElement } from 'react';
import { encodeLink } from '../../engine/experiment/link.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { useExperiment } from '../stores/experiment.ts';
import { look } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { CopyField } from './CopyField.tsx';
import './share.css';

/** The link of the experiment as it stands. */
export function ShareSheet(): ReactElement {
  const experiment = useExperiment((state) => state.experiment);
  const address = new URL(encodeLink(experiment), document.baseURI.replace(/#.*/, '')).href;
  return (
    <div className="sheet-body">
      <SheetHead title="Share" />
      <p className="muted">Who opens this link runs the same experiment: its settings, its seed and every change made while it ran.</p>
      <CopyField label="Link" text={address} rows={4} />
      <p className="small faint">Numbers, masks, figures and weights as files: <button type="button" className="link-button" onClick={() => look({ sheet: 'export' })}>Export</button></p>
      <p className="small faint">{formatCount(address.length)} characters. For a live figure in a course page or an article: <button type="button" className="link-button" onClick={() => look({ sheet: 'use' })}>Use in a page</button></p>
    </div>
  );
}
