import { describe, expect, it } from 'vitest';
import { datasetCard } from '../../engine/data/cards.ts';
import * as engine from '../../engine/experiment/model.ts';
import { armIds } from '../../engine/experiment/network.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { networkLayout } from '../../engine/nn/layers.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { loadUnits } from '../../engine/sparsity/units.ts';
import { layerFacts, previewEvents, scheduleOf } from './preview.ts';

const experiments: [string, Experiment][] = [
  ...Object.values(PRESETS).map(({ id, experiment }): [string, Experiment] => [id, experiment]),
  ['rigl-mnist with a dense first layer', setPath(PRESETS['rigl-mnist']!.experiment, 'sparsity.denseFirst', true)],
  ['rigl-mnist with a dense last layer', setPath(PRESETS['rigl-mnist']!.experiment, 'sparsity.denseLast', true)],
  ['a convolutional network', setPath(PRESETS['rigl-mnist']!.experiment, 'model.kind', 'cnn')],
  ['one with batch norm', setPath(setPath(PRESETS['rigl-mnist']!.experiment, 'model.kind', 'cnn'), 'model.norm', 'batch')],
];

describe('what is shown before a run', () => {
  it.each(experiments)('has the layers and networks that the run will have: %s', async (_, experiment) => {
    await loadUnits(experiment.masks);
    const spec = engine.networkSpec(experiment, datasetCard(experiment.data.set)!);
    const own = layerFacts(experiment);
    // Where bits lie is each side's own matter; all else is the same.
    const plain = (layers: typeof own) => layers.map(({ wordOffset: _offset, words: _words, ...facts }) => facts);
    expect(plain(own)).toEqual(plain(engine.layerFacts(spec, networkLayout(spec))));
    const started = previewEvents(experiment)[0];
    expect(started?.type === 'started' && started.arms).toEqual(armIds(experiment));
    expect(started?.type === 'started' && started.biases).toBe(engine.keptParameters(networkLayout(spec)));
  });

  it.each(experiments)('plans a density for every step: %s', (_, experiment) => {
    const schedule = scheduleOf(experiment, layerFacts(experiment));
    for (let step = 0; step <= schedule.totalSteps; step += 50) {
      expect(schedule.density(step)).toBeGreaterThan(0);
      expect(schedule.density(step)).toBeLessThanOrEqual(1);
    }
  });

  it('plans from dense to a twentieth and past the end of the first of two phases', () => {
    const hello = PRESETS['hello-mnist']!.experiment;
    const schedule = scheduleOf(hello, layerFacts(hello));
    expect(schedule.density(0)).toBe(1);
    expect(schedule.density(schedule.totalSteps)).toBeCloseTo(0.05, 4);
    const lifted = PRESETS['sparse-then-dense-mnist']!.experiment;
    const both = scheduleOf(lifted, layerFacts(lifted));
    expect(both.density(1000)).toBeCloseTo(0.05, 4);
    expect(both.density(1001)).toBe(1);
    expect(both.ends).toHaveLength(2);
  });
});
