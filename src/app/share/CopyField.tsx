import { useId, useRef, useState, type ReactElement } from 'react';

/** A text to take along, with the button that copies it. */
export function CopyField({ label, text, rows }: { label: string; text: string; rows: number }): ReactElement {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState('');
  const copy = (): void => {
    field.current?.select();
    navigator.clipboard.writeText(text).then(() => setSaid('Copied'), () => setSaid('Selected: press Ctrl+C or ⌘C'));
  };
  return (
    <div className="copy-field">
      <label htmlFor={id} className="control-name">{label}</label>
      <textarea id={id} ref={field} rows={rows} readOnly spellCheck={false} value={text} onFocus={(event) => event.target.select()} />
      <div className="copy-row">
        <button type="button" className="button primary" onClick={copy}>Copy</button>
        <span className="small muted" role="status">{said}</span>
      </div>
    </div>
  );
}
