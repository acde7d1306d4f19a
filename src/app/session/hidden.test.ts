import { beforeEach, expect, test, vi } from 'vitest';
import { useRun } from '../stores/run.ts';

vi.mock('./current.ts', () => ({ session: { toggle: () => undefined } }));
const { followHidden, setPauseHidden } = await import('./hidden.ts');

/** A page whose tab is switched by hand, with a run that toggles between training and paused. */
function tab(): { hide(hidden: boolean): string } {
  let listener = (): void => undefined;
  const page = { hidden: false, addEventListener: (_: string, heard: () => void) => void (listener = heard) };
  followHidden(page as unknown as Document, () => useRun.setState(({ state }) => ({ state: state === 'training' ? 'paused' : 'training' })));
  return {
    hide(hidden) {
      page.hidden = hidden;
      listener();
      return useRun.getState().state;
    },
  };
}

beforeEach(() => useRun.setState({ state: 'training', source: 'live' }));

test('a run trains on in a hidden tab unless the reader chose otherwise', () => {
  setPauseHidden(false);
  expect(tab().hide(true)).toBe('training');
});

test('where the reader chose so, it pauses while hidden and goes on when seen', () => {
  setPauseHidden(true);
  const { hide } = tab();
  expect([hide(true), hide(false)]).toEqual(['paused', 'training']);
});

test('what the reader paused stays paused, and a recording plays on', () => {
  setPauseHidden(true);
  const { hide } = tab();
  useRun.setState({ state: 'paused' });
  expect([hide(true), hide(false)]).toEqual(['paused', 'paused']);
  useRun.setState({ state: 'training', source: 'recording' });
  expect(hide(true)).toBe('training');
});

test('a run that ended while hidden is not begun again', () => {
  setPauseHidden(true);
  const { hide } = tab();
  hide(true);
  useRun.setState({ state: 'idle', source: 'preview' });
  expect(hide(false)).toBe('idle');
});
