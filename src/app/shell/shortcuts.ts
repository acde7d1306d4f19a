import { session } from '../session/current.ts';
import { useRun } from '../stores/run.ts';
import { look, toggleTheme, useView, VIEWS } from '../stores/view.ts';

interface Shortcut {
  keys: readonly string[];
  shown: string;
  words: string;
  act(): void;
}

function lookBy(steps: number): void {
  const { step } = useRun.getState();
  const from = useView.getState().cursor ?? step;
  const to = Math.max(0, from + steps);
  look({ cursor: to >= step ? null : to });
}

/** Single keys that act anywhere but in inputs. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' ', 'k'], shown: 'Space', words: 'Play or pause', act: () => session.toggle() },
  { keys: ['s'], shown: 'S', words: 'One step', act: () => session.step() },
  { keys: ['r'], shown: 'R', words: 'Reset to the same start', act: () => session.reset() },
  { keys: ['n'], shown: 'N', words: 'New seed', act: () => session.newSeed() },
  { keys: ['['], shown: '[', words: 'Look 10 steps back', act: () => lookBy(-10) },
  { keys: [']'], shown: ']', words: 'Look 10 steps on', act: () => lookBy(10) },
  { keys: ['b'], shown: 'B', words: 'Branch from the step looked at', act: () => void session.branch() },
  { keys: ['l'], shown: 'L', words: 'Return to live', act: () => look({ cursor: null }) },
  ...VIEWS.map((view, i) => ({ keys: [String(i + 1)], shown: String(i + 1), words: ['Input map', 'Neurons', 'Matrix', 'Weights'][i] ?? view, act: () => look({ view, unit: null }) })),
  { keys: ['t'], shown: 'T', words: 'Light or dark', act: toggleTheme },
  { keys: ['?'], shown: '?', words: 'This sheet', act: () => look({ sheet: 'shortcuts' }) },
];

/** True when a key belongs to the element it was pressed in. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('dialog')) return true;
  return target.matches('input, select, textarea');
}

/** Listens for the single-key shortcuts until told to stop; `has` leaves some of them out by the first of their keys. */
export function listenForShortcuts(has?: (key: string) => boolean): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!useView.getState().shortcuts) return;
    // Space and Enter on a button press that button.
    if ((event.key === ' ' || event.key === 'Enter') && event.target instanceof HTMLElement && event.target.closest('button, a, summary')) return;
    const shortcut = SHORTCUTS.find(({ keys }) => keys.includes(event.key.toLowerCase()));
    if (!shortcut || has?.(shortcut.keys[0] ?? '') === false) return;
    event.preventDefault();
    shortcut.act();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
