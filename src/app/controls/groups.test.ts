import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { settingGroups } from './groups.ts';

const shown = (experiment: Experiment, phase = 0): string[] => settingGroups(experiment, phase).flatMap(({ knobs }) => Object.keys(knobs));
const preset = (id: string): Experiment => PRESETS[id]?.experiment as Experiment;

describe('the settings shown', () => {
  it('are those that mean something for the network', () => {
    expect(shown(preset('rigl-mnist'))).toContain('model.hidden');
    expect(shown(preset('rigl-mnist'))).not.toContain('model.channels');
    expect(shown(preset('rigl-fashion-cnn'))).toContain('model.channels');
    expect(shown(preset('rigl-fashion-cnn'))).not.toContain('model.hidden');
  });

  it('are those that mean something for the data', () => {
    expect(shown(preset('rigl-moons'))).toContain('data.noise');
    expect(shown(preset('rigl-mnist'))).not.toContain('data.noise');
  });

  it('follow the optimizer of the phase that is shown', () => {
    const two = setPath(preset('dense-then-prune-mnist'), 'phases.1.optimizer.name', 'adam');
    expect(shown(two, 0)).toContain('phases.0.optimizer.momentum');
    expect(shown(two, 0)).not.toContain('phases.0.optimizer.beta1');
    expect(shown(two, 1)).toContain('phases.1.optimizer.beta1');
    expect(shown(two, 1)).not.toContain('phases.1.optimizer.momentum');
  });
});
