import { useState, type ReactElement } from 'react';
import { session } from '../session/current.ts';
import { useExperiment } from '../stores/experiment.ts';
import { look, toggleTheme, useView } from '../stores/view.ts';
import { PRESETS } from '../dev/contract.ts';
import { HelpIcon, LinkIcon, ThemeIcon } from './icons.tsx';
import { PaperLink } from './PaperLink.tsx';

/** The mark: a mask of nine weights, one of them just grown. */
export function Wordmark(): ReactElement {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <path className="mark-off" d="M2 2h8v8H2zM22 2h8v8h-8zM2 12h8v8H2zM22 12h8v8h-8zM22 22h8v8h-8z" />
        <path className="mark-on" d="M12 2h8v8h-8zM12 12h8v8h-8zM2 22h8v8H2z" />
        <path className="mark-grown" d="M12 22h8v8h-8z" />
      </svg>
      <span className="wordmark-text">Sparseland</span>
    </span>
  );
}

/** The menu of presets. */
export function PresetMenu(): ReactElement {
  const preset = useExperiment((state) => state.experiment.preset);
  return (
    <select className="select preset-menu" aria-label="Preset" value={preset} onChange={(event) => session.choosePreset(event.target.value)}>
      {Object.values(PRESETS).map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
    </select>
  );
}

/** Copies the link of the experiment as it stands. */
export function CopyLink({ short = false }: { short?: boolean }): ReactElement {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(location.href).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    }, () => undefined);
  };
  return <button type="button" className="button quiet" onClick={copy}><LinkIcon /><span aria-live="polite" className={short && !copied ? 'visually-hidden' : ''}>{copied ? 'Copied' : 'Copy link'}</span></button>;
}

/** Light or dark. */
export function ThemeToggle(): ReactElement {
  const theme = useView((view) => view.theme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return <button type="button" className="button icon quiet" aria-label={`Use the ${other} theme`} title={`Use the ${other} theme (T)`} onClick={toggleTheme}><ThemeIcon /></button>;
}

/** Opens the sheet of keyboard shortcuts. */
export function ShortcutsButton(): ReactElement {
  return <button type="button" className="button icon quiet" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={() => look({ shortcutsOpen: true })}><HelpIcon /></button>;
}

/** The line at the top of the page. */
export function Header({ narrow }: { narrow: boolean }): ReactElement {
  return (
    <header className="header">
      <h1 className="header-name"><Wordmark /></h1>
      <PresetMenu />
      {!narrow && <PaperLink />}
      <span className="header-space" />
      {!narrow && <CopyLink />}
      <ThemeToggle />
      <ShortcutsButton />
    </header>
  );
}
