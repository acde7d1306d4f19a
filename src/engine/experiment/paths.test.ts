import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryExperiment, arbitraryValue } from './arbitrary.testing.ts';
import type { Experiment } from './experiment.ts';
import { parseExperiment } from './parse.ts';
import { getPath, listPaths, setPath, setPathStrict } from './paths.ts';
import { findPreset, PRESETS } from './presets/index.ts';
import { countParameters, countTransformer } from './schema.ts';
import { writeValue } from './values.ts';

const hello = findPreset('hello-mnist').experiment;
const twoPhases = findPreset('sparse-then-dense-mnist').experiment;

describe('a path', () => {
  it.each([
    ['seed', '7', 7], ['data.batch', '64', 64], ['model.hidden', '128-64', [128, 64]], ['model.hidden', '300, 100', [300, 100]],
    ['model.hidden', 'none', []], ['frozen', '1-2', [1, 2]], ['steps', '100', 100], ['sampler', 'sequential', 'sequential'], ['optimizer.rate', '1e-3', 0.001],
    ['optimizer.nesterov', 'true', true], ['sparsity.density', '.02', 0.02], ['sparsity.sparsity', '0.95', 0.95],
    ['phases.0.optimizer.rate', '0.2', 0.2], ['beside.dense', 'false', false], ['phases', '3', 3],
  ])('%s takes %s', (path, text, value) => {
    const set = setPathStrict(hello, path, text);
    expect(set).toMatchObject({ ok: true });
    if (set.ok) expect(getPath(set.experiment, path)).toEqual(value);
  });

  it('to sparsity sets the density that is left', () => {
    expect(getPath(setPath(hello, 'sparsity.sparsity', 0.98), 'sparsity.density')).toBe(0.02);
  });

  it('without a phase means the only one', () => {
    expect(getPath(hello, 'sparsity.density')).toBe(0.05);
    expect(getPath(setPath(hello, 'steps', 10), 'phases.0.steps')).toBe(10);
  });

  it('without a phase is refused by the command line where there are several', () => {
    expect(setPathStrict(twoPhases, 'steps', '5')).toEqual({
      ok: false, message: '"steps" names no phase, and this experiment has 2; say phases.0.steps to phases.1.steps',
    });
    expect(setPathStrict(twoPhases, 'phases.1.optimizer.rate', '0.5')).toMatchObject({ ok: true });
  });

  it.each([
    ['sparsty.density', '1', /^"sparsty\.density" is unknown; known: seed, evaluateEvery, data\.\*/],
    ['sparsity.curves', '1', /known: sparsity\.method, sparsity\.density, .*sparsity\.curve/],
    ['data.size', '1', /known: data\.set, data\.batch/],
    ['data', '1', /is unknown/],
    ['optimizer.rate.x', '1', /is unknown/],
    ['phases.1.steps', '1', /known: phases\.0\.\*/],
    ['phases.0.step', '1', /known: phases\.0\.steps/],
    ['constructor', '1', /is unknown/], ['data.__proto__', '1', /is unknown/], ['sparsity.toString', '1', /is unknown/], ['', '', /is unknown/],
    ['optimizer.rate', '100', /^optimizer\.rate must be a number from 0\.000001 to 10, not "100"$/],
    ['optimizer.rate', '10 %', /must be a number/],
    ['sparsity.sparsity', '1', /must be a number from 0 to 0\.999/],
    ['data.batch', '2.5', /^data\.batch must be a whole number from 1 to 4096/],
    ['data.batch', '0x10', /must be a whole number/],
    ['data.batch', '', /must be a whole number/],
    ['frozen', '9', /^frozen must be at most 6 layers from 1 to 7, such as 1-2, or none, not "9"$/],
    ['frozen', '5', /^phases\.0\.frozen 5 read as none, of 2 layers$/],
    ['sampler', 'shuffled', /^sampler must be one of permutation, sequential, replacement/],
    ['beside.dense', 'yes', /must be true or false/],
    ['model.hidden', '64-0', /at most 6 widths from 1 to 4096/],
    ['model.hidden', '4096-4096', /^model\.hidden 4096-4096 has more than 16000000 parameters/],
  ])('%s = %s is refused with a reason', (path, text, message) => {
    expect(setPathStrict(hello, path, text)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });
});

describe('setting leniently', () => {
  it('clamps and says so', () => {
    const notes: string[] = [];
    expect(getPath(setPath(hello, 'sparsity.density', 0, notes), 'sparsity.density')).toBe(0.001);
    expect(notes).toEqual(['sparsity.density 0 raised to 0.001']);
  });

  it('leaves the experiment as it was where the path is unknown or the value is none', () => {
    const notes: string[] = [];
    expect(setPath(setPath(hello, 'no.where', 1, notes), 'seed', 'x', notes)).toEqual(hello);
    expect(notes).toEqual([expect.stringMatching(/"no\.where" is unknown/), 'seed "x" is no number; 1 kept']);
  });

  it('keeps what another method has too, and names what it has not', () => {
    const notes: string[] = [];
    const gmp = setPath(setPath(hello, 'sparsity.power', 2), 'sparsity.density', 0.1);
    const rigl = setPath(gmp, 'sparsity.method', 'rigl', notes);
    expect(rigl.phases[0]?.sparsity).toMatchObject({ method: 'rigl', density: 0.1, distribution: 'erk' });
    expect(notes).toEqual(['sparsity.power has no place in rigl; left out']);
  });

  it('changes nothing but its place', () => {
    expect(setPath(twoPhases, 'phases.1.steps', 5)).toEqual({ ...twoPhases, phases: [twoPhases.phases[0], { ...twoPhases.phases[1], steps: 5 }] });
  });

  it('never fails, and always gives a valid experiment', () => {
    const paths = [...listPaths(hello).keys(), ...listPaths(twoPhases).keys()];
    fc.assert(fc.property(arbitraryExperiment, fc.oneof(fc.constantFrom(...paths), fc.string()), fc.anything(), (experiment, path, value) => {
      const set = setPath(experiment, path, value);
      expect(parseExperiment(set)).toEqual({ experiment: set, notes: [] });
    }), { numRuns: 500 });
  });
});

describe('every path of an experiment', () => {
  it('can be written as text and read again', () => {
    // Without edits: a phase made longer or shorter would move some of them to another method. What is frozen hangs on the layers, micro-batches on the batch,
    // storage on the bits of weights and the method; gates, norms and heads on the kind of network, and windows of a text on what else fits a buffer.
    const free = (experiment: Experiment): Experiment => ({
      ...experiment, edits: [], data: { ...experiment.data, batch: 8, context: 16 }, model: { ...experiment.model, weights: 'f32', activation: 'relu', norm: 'layer', positions: 'learned', heads: 1, depth: 1 }, phases: experiment.phases.map((phase) => ({ ...phase, format: 'masked', accumulate: 1, frozen: [] })),
    });
    const choice = arbitraryExperiment.map(free).chain((experiment) => {
      const paths = [...listPaths(experiment)].filter(([path]) => path !== 'phases' && !/method$|frozen$|accumulate$|(activation|norm|positions|heads|batch|context|depth|format)$/.test(path));
      return fc.constantFrom(...paths).chain(([path, knob]) => arbitraryValue(knob).map((value) => ({ experiment, path, value })));
    });
    fc.assert(fc.property(choice, ({ experiment, path, value }) => {
      const set = setPathStrict(experiment, path, writeValue(value as number));
      if (!set.ok) throw new Error(set.message);
      expect(getPath(set.experiment, path)).toEqual(value);
    }), { numRuns: 300 });
  });
});

describe('the small copies of presets', () => {
  it.each(Object.values(PRESETS).filter((preset) => preset.small))('of $id can be made as the command line would', ({ experiment, small }) => {
    let copy = experiment;
    for (const [path, value] of small?.set ?? []) {
      const set = setPathStrict(copy, path, writeValue(value));
      expect(set).toMatchObject({ ok: true });
      if (set.ok) copy = set.experiment;
    }
    expect(copy.phases.reduce((sum, phase) => sum + phase.steps, 0)).toBeLessThanOrEqual(300);
    if (copy.model.kind === 'mlp') expect(countParameters(copy.model.hidden)).toBeLessThanOrEqual(30_000);
    if (copy.model.kind === 'cnn') expect(Math.max(...copy.model.channels)).toBeLessThanOrEqual(8);
    if (copy.model.kind === 'transformer') expect(countTransformer(copy.model, copy.data.context)).toBeLessThanOrEqual(30_000);
  });
});
