import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { CloseIcon } from '../shell/icons.tsx';
import { look, useView } from '../stores/view.ts';
import { COMPARE_PANES } from './panels.ts';
import '../styles/compare.css';

/** The sheet that Compare in the header opens: runs of the session beside each other, a pane for each way to compare. */
export function CompareSheet(): ReactElement {
  const open = useView((view) => view.compareOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  const [pane, setPane] = useState(COMPARE_PANES[0]!.id);
  const { Component } = COMPARE_PANES.find(({ id }) => id === pane)!;
  useEffect(() => {
    if (open && !dialog.current?.open) {
      dialog.current?.showModal();
      // The browser would take the first button, also one that is out of the order of tabs.
      dialog.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
    }
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  const close = (): void => look({ compareOpen: false });
  return (
    <dialog ref={dialog} className="sheet compare" aria-labelledby="compare-title" onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <div className="compare-head">
        <h2 id="compare-title">Compare</h2>
        <PaneTabs pane={pane} onPane={setPane} />
        <button type="button" className="button icon quiet" aria-label="Close" onClick={close}><CloseIcon /></button>
      </div>
      <div className="compare-body" role="tabpanel" id="compare-pane" aria-labelledby={`compare-tab-${pane}`}>
        {open && <Component />}
      </div>
    </dialog>
  );
}

function PaneTabs({ pane, onPane }: { pane: string; onPane(id: string): void }): ReactElement {
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const at = COMPARE_PANES.findIndex(({ id }) => id === pane);
    const next = COMPARE_PANES[(at + move + COMPARE_PANES.length) % COMPARE_PANES.length];
    if (move === 0 || !next) return;
    event.preventDefault();
    onPane(next.id);
    document.getElementById(`compare-tab-${next.id}`)?.focus();
  };
  return (
    <div className="compare-tabs" role="tablist" aria-label="Ways to compare" onKeyDown={onKeyDown}>
      {COMPARE_PANES.map(({ id, title }) => (
        <button key={id} id={`compare-tab-${id}`} type="button" role="tab" aria-selected={pane === id} aria-controls="compare-pane" tabIndex={pane === id ? 0 : -1} onClick={() => onPane(id)}>{title}</button>
      ))}
    </div>
  );
}
