import { create } from 'zustand';
import type { ArmId } from '../../engine/experiment/events.ts';
import type { XAxis } from '../charts/along.ts';
import type { MaskState } from '../mask/states.ts';
import type { SheetId } from '../sheets/index.ts';

/** Ways to draw a layer. */
export const VIEWS = ['inputs', 'neurons', 'matrix', 'weights'] as const;
/** One of the ways to draw a layer. */
export type View = (typeof VIEWS)[number];

/** Panes of the narrow layout. */
export const TABS = ['mask', 'charts', 'settings', 'learn'] as const;
/** One of the panes of the narrow layout. */
export type Tab = (typeof TABS)[number];

/** What the reader looks at: never part of the experiment, never in its link. */
export interface ViewState {
  view: View;
  /** Name of the layer that is drawn; null for the first. */
  layer: string | null;
  arm: ArmId;
  /** The one mask state that is shown alone. */
  solo: MaskState | null;
  /** The unit whose tile is enlarged. */
  unit: number | null;
  tab: Tab;
  /** The phase whose settings are shown. */
  phase: number;
  /** The step looked at; null follows the run. */
  cursor: number | null;
  /** Weight of the past in smoothed curves; 0 is off. */
  smoothing: number;
  /** What loss and accuracy run along. */
  along: XAxis;
  /** The sheet that is open over the page. */
  sheet: SheetId | null;
  /** The lesson stands beside the page. */
  lesson: boolean;
  /** The pane of Compare that is open; null for the first. */
  comparePane: string | null;
  /** How far a comparison is that trains behind the page; null while none does. */
  comparing: string | null;
  /** Single-key shortcuts act. */
  shortcuts: boolean;
  /** Changes are read out by screen readers. */
  announcements: boolean;
  theme: 'light' | 'dark';
}

const THEME_KEY = 'sparseland.theme';
const PREFERENCES_KEY = 'sparseland.preferences';

/** The store of what the reader looks at. */
export const useView = create<ViewState>()(() => ({
  view: 'inputs', layer: null, arm: 'main', solo: null, unit: null, tab: 'mask', phase: 0, cursor: null, smoothing: 0, along: 'step',
  sheet: null, lesson: false, comparePane: null, comparing: null, theme: currentTheme(), ...storedPreferences(),
}));

function currentTheme(): 'light' | 'dark' {
  return typeof document !== 'undefined' && document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

function storedPreferences(): Pick<ViewState, 'shortcuts' | 'announcements'> {
  const preferences = { shortcuts: true, announcements: true };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFERENCES_KEY) ?? '{}');
    if (typeof stored === 'object' && stored !== null) {
      if ('shortcuts' in stored && stored.shortcuts === false) preferences.shortcuts = false;
      if ('announcements' in stored && stored.announcements === false) preferences.announcements = false;
    }
  } catch {
    // No storage, or not ours: the defaults hold.
  }
  return preferences;
}

function store(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Storage may be full or forbidden: the choice then lasts as long as the page.
  }
}

/** Changes what is looked at. */
export function look(change: Partial<ViewState>): void {
  useView.setState(change);
}

/** Shows one state alone, or all again when it was alone already. */
export function toggleSolo(state: MaskState): void {
  useView.setState((view) => ({ solo: view.solo === state ? null : state }));
}

/** Switches between light and dark and remembers the choice. */
export function toggleTheme(): void {
  const theme = useView.getState().theme === 'dark' ? 'light' : 'dark';
  store(THEME_KEY, theme);
  document.documentElement.dataset.theme = theme;
  useView.setState({ theme });
}

/** Follows theme changes made outside: by the system, or in another tab. */
export function followTheme(): () => void {
  const observer = new MutationObserver(() => useView.setState({ theme: currentTheme() }));
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** Switches single-key shortcuts or announcements and remembers the choice. */
export function setPreference(key: 'shortcuts' | 'announcements', on: boolean): void {
  useView.setState({ [key]: on });
  const { shortcuts, announcements } = useView.getState();
  store(PREFERENCES_KEY, JSON.stringify({ shortcuts, announcements }));
}
