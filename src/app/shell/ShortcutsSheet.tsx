import { useEffect, useRef, type ReactElement } from 'react';
import { look, setPreference, useView } from '../stores/view.ts';
import { CloseIcon } from './icons.tsx';
import { SHORTCUTS } from './shortcuts.ts';

/** The sheet of shortcuts, with the switches for people who need them off. */
export function ShortcutsSheet(): ReactElement {
  const { shortcutsOpen, shortcuts, announcements } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (shortcutsOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!shortcutsOpen && dialog.current?.open) dialog.current.close();
  }, [shortcutsOpen]);
  const close = (): void => look({ shortcutsOpen: false });
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="shortcuts-title" onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <div className="sheet-body">
        <div className="sheet-head">
          <h2 id="shortcuts-title">Keyboard shortcuts</h2>
          <button type="button" className="button icon quiet" aria-label="Close" onClick={close}><CloseIcon /></button>
        </div>
        <dl className="keys">
          {SHORTCUTS.map(({ shown, words }) => <div key={shown}><dt><kbd>{shown}</kbd></dt><dd>{words}</dd></div>)}
        </dl>
        <label className="check-row"><input type="checkbox" checked={shortcuts} onChange={(event) => setPreference('shortcuts', event.target.checked)} />Single-key shortcuts</label>
        <label className="check-row"><input type="checkbox" checked={announcements} onChange={(event) => setPreference('announcements', event.target.checked)} />Read progress to screen readers</label>
        <p className="small faint">Shortcuts act outside of text boxes and menus. On a focused picture, the arrow keys read single cells.</p>
      </div>
    </dialog>
  );
}
