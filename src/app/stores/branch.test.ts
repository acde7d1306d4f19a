import { expect, it } from 'vitest';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { settingsAt, useBranch } from './branch.ts';
import { shownValue } from './experiment.ts';
import { look } from './view.ts';

it('settings at a step are those that acted before it, each in its phase, and what was changed for a branch', () => {
  const { experiment } = findPreset('dense-then-prune-mnist');
  const border = experiment.phases[0]?.steps ?? 0;
  const edits = [{ step: 10, path: 'optimizer.rate', value: 0.5 }, { step: border, path: 'optimizer.rate', value: 0.25 }];
  const rates = (step: number, changes = {}) => [0, 1].map((phase) => shownValue(settingsAt(experiment, edits, step, changes), `phases.${phase}.optimizer.rate`));
  const [first, second] = experiment.phases.map(({ optimizer }) => optimizer.rate);
  expect(rates(10)).toEqual([first, second]);
  expect(rates(11)).toEqual([0.5, second]);
  expect(rates(border + 1)).toEqual([0.5, 0.25]);
  expect(rates(border + 1, { 'phases.1.optimizer.rate': 0.125 })).toEqual([0.5, 0.125]);
});

it('what was changed for a branch is forgotten with the return to the newest step, and only then', () => {
  look({ cursor: 5 });
  useBranch.setState({ changes: { 'optimizer.rate': 1 } });
  look({ cursor: 9 });
  expect(useBranch.getState().changes).toEqual({ 'optimizer.rate': 1 });
  look({ cursor: null });
  expect(useBranch.getState().changes).toEqual({});
});
