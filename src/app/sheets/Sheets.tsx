import { Suspense, useEffect, useRef, type ReactElement, type RefObject } from 'react';
import { look, useView } from '../stores/view.ts';
import { SHEETS, type SheetEntry } from './index.ts';

const close = (): void => look({ sheet: null });

/**
 * The sheet that is open, in the page's one dialog. Which it is stands in the view alone: Escape and a click beside it
 * change the view, and the dialog follows. The browser tells of a dialog that it closed only later, when the reader may
 * have opened the next; that word counts only while no sheet is open.
 */
export function Sheets(): ReactElement {
  const id = useView((view) => view.sheet);
  const dialog = useRef<HTMLDialogElement>(null);
  const sheet: SheetEntry | null = id && SHEETS[id];
  useEffect(() => {
    if (!id) dialog.current?.close();
  }, [id]);
  return (
    <dialog
      ref={dialog}
      className={`sheet ${sheet?.look ?? ''}`}
      aria-label={sheet?.title}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault();
        close();
      }}
      onClose={() => !dialog.current?.open && close()}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {sheet && <Suspense fallback={null}><sheet.Content /><Shown key={id} dialog={dialog} /></Suspense>}
    </dialog>
  );
}

/** Opens the dialog once its content is there, and takes the focus to the open tab or the first thing in it. */
function Shown({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }): null {
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
    // The browser would take the first button, also one that is out of the order of tabs.
    dialog.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true], [autofocus], button')?.focus();
  }, [dialog]);
  return null;
}
