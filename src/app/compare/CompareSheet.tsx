import type { KeyboardEvent, ReactElement } from 'react';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { look, useView } from '../stores/view.ts';
import { COMPARE_PANES } from './panels.ts';
import '../styles/tables.css';
import '../styles/compare.css';

/** The sheet that Compare in the header opens: runs of the session beside each other, a pane for each way to compare. */
export function CompareSheet(): ReactElement {
  const asked = useView((view) => view.comparePane);
  const { id: pane, Component } = COMPARE_PANES.find(({ id }) => id === asked) ?? COMPARE_PANES[0]!;
  return (
    <>
      <SheetHead title="Compare" className="compare-head"><PaneTabs pane={pane} onPane={(id) => look({ comparePane: id })} /></SheetHead>
      <div className="compare-body" role="tabpanel" id="compare-pane" aria-labelledby={`compare-tab-${pane}`}>
        <Component />
      </div>
    </>
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
