import { useRef, type ReactElement } from 'react';
import { session } from '../session/current.ts';
import { openRunFile, RUN_FILE_ENDING, runFileOf } from '../session/runFiles.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { saveFile } from '../text/saveText.ts';

/** Saves the run that is shown as a file, and opens such a file again. */
export function RunFileRow(): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const ran = useRun((run) => run.source !== 'preview' && run.step > 0);
  const save = (): void => {
    const { name, bytes } = runFileOf(useLog.getState().log);
    saveFile(name, new Blob([bytes], { type: 'application/octet-stream' }));
  };
  return (
    <section className="copy-field" aria-label="Run as a file">
      <h3>Run as a file</h3>
      <p className="small muted">Its curves, masks and changes, to be played again without training. A file dropped on the page opens as well.</p>
      <div className="copy-row">
        <button type="button" className="button" disabled={!ran} onClick={save}>Save the run</button>
        <button type="button" className="button" onClick={() => input.current?.click()}>Open a run</button>
        <input
          ref={input} type="file" hidden accept={RUN_FILE_ENDING} aria-label="Open a run from a file"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void openRunFile(file, session);
          }}
        />
      </div>
    </section>
  );
}
