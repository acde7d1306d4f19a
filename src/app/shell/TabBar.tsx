import type { KeyboardEvent, ReactElement } from 'react';
import { look, TABS, useView, type Tab } from '../stores/view.ts';

const WORDS: Readonly<Record<Tab, string>> = { mask: 'Mask', charts: 'Charts', settings: 'Settings', learn: 'Learn' };

/** The panes of the narrow layout. */
export function TabBar(): ReactElement {
  const tab = useView((view) => view.tab);
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = TABS[(TABS.indexOf(tab) + move + TABS.length) % TABS.length];
    if (move === 0 || !next) return;
    event.preventDefault();
    look({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="tab-bar" role="tablist" aria-label="Panes" onKeyDown={onKeyDown}>
      {TABS.map((id) => (
        <button key={id} id={`tab-${id}`} type="button" role="tab" aria-selected={tab === id} aria-controls="pane" tabIndex={tab === id ? 0 : -1} onClick={() => look({ tab: id })}>{WORDS[id]}</button>
      ))}
    </div>
  );
}
