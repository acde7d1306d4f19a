import { beforeEach, describe, expect, it } from 'vitest';
import { getPath } from '../../engine/experiment/paths.ts';
import { needsReset, shownValue, useExperiment } from '../stores/experiment.ts';
import { beginning, freshHarness, type Harness, trained } from './session.testing.ts';

let h: Harness;
beforeEach(() => {
  h = freshHarness();
});

describe('changes while a run is under way', () => {
  beforeEach(() => {
    h.session.toggle();
    h.say(...beginning(), trained(40));
  });

  it('are sent at once where the knob is live, and the link holds them with their step', () => {
    h.session.setKnob('sparsity.density', 0.1, true);
    expect(h.commands.at(-1)).toEqual({ type: 'setKnob', path: 'sparsity.density', value: 0.1 });
    expect(shownValue(useExperiment.getState(), 'sparsity.density')).toBe(0.1);
    const before = h.links.length;
    h.say({ type: 'edit', step: 41, path: 'sparsity.density', value: 0.1 });
    expect(useExperiment.getState().experiment.edits).toEqual([{ step: 41, path: 'sparsity.density', value: 0.1 }]);
    expect(h.links.length).toBeGreaterThan(before);
    expect(needsReset(useExperiment.getState())).toBe(false);
  });

  it('are not taken back on the slider by an answer to an earlier one', () => {
    h.session.setKnob('sparsity.density', 0.1, true);
    h.session.setKnob('sparsity.density', 0.3, true);
    h.say({ type: 'edit', step: 41, path: 'sparsity.density', value: 0.1 });
    expect(shownValue(useExperiment.getState(), 'sparsity.density')).toBe(0.3);
  });

  it('wait for a Reset where the knob is not live', () => {
    h.session.setKnob('data.batch', 64, false);
    expect(h.commands.some((command) => command.type === 'setKnob')).toBe(false);
    expect(needsReset(useExperiment.getState())).toBe(true);
    h.session.reset();
    expect(needsReset(useExperiment.getState())).toBe(false);
    expect(useExperiment.getState().experiment.data.batch).toBe(64);
  });

  it('that are taken back need no Reset', () => {
    h.session.setKnob('data.batch', 64, false);
    h.session.setKnob('data.batch', 128, false);
    expect(needsReset(useExperiment.getState())).toBe(false);
  });

  it('become settings with a Reset, so that what the controls show is what runs', () => {
    h.session.setKnob('sparsity.density', 0.1, true);
    h.say({ type: 'edit', step: 41, path: 'sparsity.density', value: 0.1 });
    h.session.reset();
    const { experiment } = useExperiment.getState();
    expect(getPath(experiment, 'sparsity.density')).toBe(0.1);
    expect(experiment.edits).toEqual([]);
  });
});

it('keeps the edits of a link over a Reset, so that the run can be repeated', () => {
  const edit = { step: 5, path: 'sparsity.density', value: 0.1 };
  useExperiment.setState((state) => ({ experiment: { ...state.experiment, edits: [edit] } }));
  h.session.toggle();
  h.say(...beginning(), { type: 'edit', ...edit });
  expect(shownValue(useExperiment.getState(), edit.path)).toBe(0.1);
  h.session.reset();
  expect(useExperiment.getState().experiment.edits).toEqual([edit]);
  expect(shownValue(useExperiment.getState(), edit.path)).not.toBe(0.1);
});
