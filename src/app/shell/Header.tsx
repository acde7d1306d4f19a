import type { ReactElement } from 'react';
import { session } from '../session/current.ts';
import { useExperiment } from '../stores/experiment.ts';
import { look, toggleTheme, useView } from '../stores/view.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { HelpIcon, LinkIcon, ThemeIcon } from './icons.tsx';
import { PaperLink } from './PaperLink.tsx';
import { Wordmark } from './Wordmark.tsx';

/** The menu of presets. */
export function PresetMenu(): ReactElement {
  const preset = useExperiment((state) => state.experiment.preset);
  return (
    <select className="select preset-menu" aria-label="Preset" value={preset} onChange={(event) => session.choosePreset(event.target.value)}>
      {Object.values(PRESETS).map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
    </select>
  );
}

/** Opens the dialog with the link of the experiment as it stands. */
export function ShareButton({ short = false }: { short?: boolean }): ReactElement {
  return <button type="button" className="button quiet" onClick={() => look({ sheet: 'share' })}><LinkIcon /><span className={short ? 'visually-hidden' : ''}>Share</span></button>;
}

/** Light or dark. */
export function ThemeToggle(): ReactElement {
  const theme = useView((view) => view.theme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return <button type="button" className="button icon quiet" aria-label={`Use the ${other} theme`} title={`Use the ${other} theme (T)`} onClick={toggleTheme}><ThemeIcon /></button>;
}

/** Opens the sheet of keyboard shortcuts. */
export function ShortcutsButton(): ReactElement {
  return <button type="button" className="button icon quiet" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={() => look({ sheet: 'shortcuts' })}><HelpIcon /></button>;
}

/** Opens the runs of the session, to be compared. */
function CompareButton(): ReactElement {
  const comparing = useView((view) => view.comparing);
  return <button type="button" className="button quiet" onClick={() => look({ sheet: 'compare' })}>Compare{comparing && <span className="faint">{comparing}</span>}</button>;
}

/** Opens all presets as cards. */
export function GalleryButton(): ReactElement {
  return <button type="button" className="button quiet" onClick={() => look({ sheet: 'gallery' })}>Gallery</button>;
}

/** Opens the lesson beside the page, or closes it. */
function LessonButton(): ReactElement {
  const lesson = useView((view) => view.lesson);
  return <button type="button" className="button quiet" aria-expanded={lesson} onClick={() => look({ lesson: !lesson })}>Lesson</button>;
}

/** The line at the top of the page. */
export function Header({ narrow }: { narrow: boolean }): ReactElement {
  return (
    <header className="header">
      <h1 className="header-name"><Wordmark /></h1>
      <PresetMenu />
      {!narrow && <PaperLink />}
      <span className="header-space" />
      {!narrow && <><GalleryButton /><LessonButton /></>}
      <CompareButton />
      {!narrow && <><ShareButton /><button type="button" className="button quiet" onClick={() => look({ sheet: 'use' })}>Use in a page</button></>}
      <ThemeToggle />
      <ShortcutsButton />
    </header>
  );
}
