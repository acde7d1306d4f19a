import type { ReactElement, ReactNode } from 'react';
import { CloseIcon } from '../shell/icons.tsx';
import { look } from '../stores/view.ts';
import './sheet.css';

/** The top of a sheet: its title, what else stands beside it, and the button that closes it. */
export function SheetHead({ title, className = 'sheet-head', children }: { title: string; className?: string; children?: ReactNode }): ReactElement {
  return (
    <div className={className}>
      <h2>{title}</h2>
      {children}
      <button type="button" className="button icon quiet" aria-label="Close" onClick={() => look({ sheet: null })}><CloseIcon /></button>
    </div>
  );
}
