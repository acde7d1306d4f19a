import { useEffect, useRef, type ComponentType, type ReactElement } from 'react';
import { CloseIcon } from '../shell/icons.tsx';
import { look, useView, type ViewState } from '../stores/view.ts';
import { ShareDialog } from './ShareDialog.tsx';
import { UseInPage } from './UseInPage.tsx';
import './share.css';

const DIALOGS: Readonly<Record<NonNullable<ViewState['dialog']>, { title: string; Body: ComponentType }>> = {
  share: { title: 'Share', Body: ShareDialog },
  use: { title: 'Use in a page', Body: UseInPage },
};

/** The dialog that is open. It stays when it is closed, so that the focus goes back to its button. */
export function Dialogs(): ReactElement {
  const id = useView((view) => view.dialog);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (id && !dialog.current?.open) dialog.current?.showModal();
  }, [id]);
  const close = (): void => dialog.current?.close();
  const shown = id && DIALOGS[id];
  return (
    <dialog ref={dialog} className="sheet share" aria-labelledby="dialog-title" onClose={() => look({ dialog: null })} onClick={(event) => event.target === dialog.current && close()}>
      {shown && (
        <div className="sheet-body">
          <div className="sheet-head">
            <h2 id="dialog-title">{shown.title}</h2>
            <button type="button" className="button icon quiet" aria-label="Close" onClick={close}><CloseIcon /></button>
          </div>
          <shown.Body />
        </div>
      )}
    </dialog>
  );
}
