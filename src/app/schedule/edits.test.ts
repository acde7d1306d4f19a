import { beforeEach, expect, it, vi } from 'vitest';
import { encodeLink } from '../../engine/experiment/link.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { actsNow, applyChanges, undo } from './edits.ts';

const told: [string, boolean][] = [];
vi.mock('../session/current.ts', () => ({
  session: {
    setKnob(path: string, value: number | string, live: boolean) {
      told.push([path, live]);
      useExperiment.setState((state) => (live ? { changed: { ...state.changed, [path]: value as number } } : { experiment: setPath(state.experiment, path, value) }));
    },
  },
}));

const gmp = findPreset('gmp-mnist').experiment;
const link = (): string => encodeLink(useExperiment.getState().experiment);

beforeEach(() => {
  told.length = 0;
  useExperiment.setState({ experiment: gmp, changed: {}, started: null });
  useRun.setState({ source: 'preview', state: 'idle', step: 0 });
});

it('undo brings back points and the final density that they brought along', () => {
  applyChanges([['sparsity.points', '0:1,0.5:0.2']]);
  expect(link()).toContain('points=0:1,0.5:0.2');
  undo();
  expect(link()).toBe(encodeLink(gmp));
});

it('key presses on one handle are undone as one, others one by one', () => {
  for (const density of [0.06, 0.07, 0.08]) applyChanges([['sparsity.density', density]], 'end');
  applyChanges([['sparsity.updateEnd', 0.5]], 'end sideways');
  applyChanges([['sparsity.updateEnd', 0.4]]);
  const links = [link()];
  for (let i = 0; i < 3; i++) {
    undo();
    links.push(link());
  }
  expect(links.map((text) => /updateEnd=([\d.]+)/.exec(text)?.[1])).toEqual(['0.4', '0.5', undefined, undefined]);
  expect(links.at(-1)).toBe(encodeLink(gmp));
});

it('nothing is undone that something else has changed since', () => {
  applyChanges([['sparsity.density', 0.2]]);
  useExperiment.setState({ experiment: setPath(gmp, 'sparsity.density', 0.3) });
  undo();
  expect(link()).toContain('density=0.3');
});

it('on a run under way the final density acts at once, points wait', () => {
  useRun.setState({ source: 'live', state: 'training', step: 10 });
  applyChanges([['sparsity.points', '0:1,0.5:0.2'], ['sparsity.density', 0.2]]);
  expect(told).toEqual([['sparsity.points', false], ['sparsity.density', true]]);
  expect([actsNow('sparsity.density'), actsNow('sparsity.updateEnd'), actsNow('phases.1.sparsity.density')]).toEqual([true, false, false]);
});
