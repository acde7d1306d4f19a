import type { ReactElement } from 'react';
import { setPauseHidden, usePauseHidden } from '../session/hidden.ts';
import { SHORTCUTS } from '../shell/shortcuts.ts';
import { setPreference, useView } from '../stores/view.ts';
import { SheetHead } from './SheetHead.tsx';
import './shortcuts.css';

/** The sheet of shortcuts, with the switches for people who need them off. */
export function ShortcutsSheet(): ReactElement {
  const shortcuts = useView((view) => view.shortcuts);
  const announcements = useView((view) => view.announcements);
  const pauses = usePauseHidden((choice) => choice.pauses);
  return (
    <div className="sheet-body">
      <SheetHead title="Keyboard shortcuts" />
      <dl className="keys">
        {SHORTCUTS.map(({ shown, words }) => <div key={shown}><dt><kbd>{shown}</kbd></dt><dd>{words}</dd></div>)}
      </dl>
      <label className="check-row"><input type="checkbox" checked={shortcuts} onChange={(event) => setPreference('shortcuts', event.target.checked)} />Single-key shortcuts</label>
      <label className="check-row"><input type="checkbox" checked={announcements} onChange={(event) => setPreference('announcements', event.target.checked)} />Read progress to screen readers</label>
      <label className="check-row"><input type="checkbox" checked={pauses} onChange={(event) => setPauseHidden(event.target.checked)} />Pause while the tab is hidden</label>
      <p className="small faint">Shortcuts act outside of text boxes and menus. On a focused picture, the arrow keys read single cells.</p>
    </div>
  );
}
