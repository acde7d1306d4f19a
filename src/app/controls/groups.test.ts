import { describe, expect, it } from 'vitest';
import type { Knob } from '../../engine/experiment/card.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { getPath, setPath } from '../../engine/experiment/paths.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { methodKnobs, settingGroups } from './groups.ts';

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

  it('have N and M among those of sparsity where masks keep N of M, and nowhere else', () => {
    const paths = ['masks.n', 'masks.m', 'masks.axis', 'masks.share'];
    const nm = setPath(preset('rigl-moons'), 'masks.granularity', 'nm');
    expect(Object.keys(settingGroups(nm, 0).find(({ id }) => id === 'sparsity')!.knobs)).toEqual(expect.arrayContaining(paths));
    for (const path of paths) expect(shown(preset('rigl-moons'))).not.toContain(path);
  });

  it('follow the optimizer of the phase that is shown', () => {
    const two = setPath(preset('dense-then-prune-mnist'), 'phases.1.optimizer.name', 'adam');
    expect(shown(two, 0)).toContain('phases.0.optimizer.momentum');
    expect(shown(two, 0)).not.toContain('phases.0.optimizer.beta1');
    expect(shown(two, 1)).toContain('phases.1.optimizer.beta1');
    expect(shown(two, 1)).not.toContain('phases.1.optimizer.momentum');
  });
});

describe('the settings of the method', () => {
  it('are those of the settings that its card names, of the phase that is shown', () => {
    const knobs = Object.keys(methodKnobs(preset('rigl-mnist'), 0));
    expect(knobs).toContain('sparsity.keepValueOnRegrow');
    expect(knobs).toContain('sparsity.density');
    expect(knobs.every((path) => path.startsWith('sparsity.') && shown(preset('rigl-mnist')).includes(path))).toBe(true);
    const second = Object.keys(methodKnobs(preset('dense-then-prune-mnist'), 1));
    expect(second.length).toBeGreaterThan(0);
    expect(second.every((path) => path.startsWith('phases.1.sparsity.'))).toBe(true);
  });

  it('are all knobs that a method of its own gives the settings, but for those that other settings make idle', () => {
    for (const { experiment } of Object.values(PRESETS)) {
      const card = findMethod(experiment.phases[0]!.sparsity.method).card;
      const keys = Object.keys(methodKnobs(experiment, 0)).map((path) => path.split('.').at(-1));
      const idle = (knob: Knob): boolean => knob.where !== undefined && !knob.where.is.includes(String(getPath(experiment, knob.where.path)));
      expect(keys.toSorted()).toEqual(Object.keys(card.knobs).filter((key) => !idle(card.knobs[key] as Knob)).toSorted());
      for (const { knob } of card.deviations) expect(keys).toContain(knob);
    }
  });
});
