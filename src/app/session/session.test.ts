import { beforeEach, describe, expect, it } from 'vitest';
import { getPath } from '../../engine/experiment/paths.ts';
import { needsReset, useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { adapter, beginning, freshHarness, type Harness, trained } from './session.testing.ts';

let h: Harness;
beforeEach(() => {
  h = freshHarness();
});

describe('before a run', () => {
  it('shows the layers and the seeded initial mask without asking a worker', () => {
    expect(h.starts).toEqual([]);
    expect(useLog.getState().log.layers.map((layer) => [layer.in, layer.out])).toEqual([[784, 128], [128, 10]]);
    expect(useRun.getState()).toMatchObject({ state: 'idle', source: 'preview', step: 0, totalSteps: 2000 });
  });

  it('lets the picture and the link follow every change at once', () => {
    h.session.setKnob('sparsity.method', 'rigl', false);
    const { log } = useLog.getState();
    expect(log.experiment?.phases[0]?.sparsity.method).toBe('rigl');
    expect(needsReset(useExperiment.getState())).toBe(false);
    expect(h.links.length).toBeGreaterThan(1);
  });
});

describe('a run', () => {
  it('goes from loading over compiling to training, and paces itself', () => {
    h.session.toggle();
    expect(useRun.getState()).toMatchObject({ state: 'loading', loading: null });
    h.say({ type: 'loading', done: 5, total: 20 });
    expect(useRun.getState()).toMatchObject({ state: 'loading', loading: { done: 5, total: 20 } });
    h.say({ type: 'ready', adapter }, { type: 'compiling', done: 1, total: 4 });
    expect(useRun.getState()).toMatchObject({ state: 'compiling', compiling: { done: 1, total: 4 }, adapter });
    h.say(...beginning());
    expect(useRun.getState().state).toBe('training');
    expect(h.commands).toContainEqual({ type: 'pace', stepsPerSecond: 133 });
    h.say(trained(40));
    expect(useRun.getState().step).toBe(40);
  });

  it('pauses and resumes on the same button', () => {
    h.session.toggle();
    h.say(...beginning());
    h.session.toggle();
    expect(h.commands.at(-1)).toEqual({ type: 'pause' });
    expect(useRun.getState().state).toBe('paused');
    h.session.toggle();
    expect(h.commands.at(-1)).toEqual({ type: 'resume' });
  });

  it('takes a pause told after Play as an old one', () => {
    h.session.toggle();
    h.say(...beginning());
    h.session.toggle();
    h.session.toggle();
    h.say({ type: 'paused', step: 3 });
    expect(useRun.getState().state).toBe('training');
    h.session.toggle();
    h.say({ type: 'paused', step: 4 });
    expect(useRun.getState()).toMatchObject({ state: 'paused', step: 4 });
  });

  it('steps once, also when it has yet to be made ready', () => {
    h.session.step();
    expect(h.starts.at(-1)).toMatchObject({ paused: true });
    expect(h.commands).toEqual([]);
    h.say(...beginning());
    expect(h.commands.filter((command) => command.type === 'step')).toHaveLength(1);
    expect(useRun.getState().state).toBe('paused');
    h.session.step();
    expect(h.commands.filter((command) => command.type === 'step')).toHaveLength(2);
  });

  it('goes through the next mask update in slow motion, also when it has yet to be made ready, and is paused behind it', () => {
    h.session.slowUpdate();
    expect(h.starts.map(({ paused }) => paused)).toEqual([true]);
    expect(h.commands).toEqual([]);
    h.say({ type: 'ready', adapter }, ...beginning());
    expect(h.commands.filter(({ type }) => type === 'slowUpdate')).toHaveLength(1);
    h.say({ type: 'paused', step: 0 });
    h.session.slowUpdate();
    expect(useRun.getState().state).toBe('training');
    h.say(trained(5), { type: 'paused', step: 5 });
    expect(useRun.getState()).toMatchObject({ state: 'paused', step: 5 });
    h.session.toggle();
    expect(h.commands.at(-1)).toEqual({ type: 'resume' });
  });

  it('pauses before it steps', () => {
    h.session.toggle();
    h.say(...beginning());
    h.session.step();
    expect(useRun.getState().state).toBe('paused');
  });

  it('resets to the same seed, and a new seed is another button', () => {
    const { seed } = useExperiment.getState().experiment;
    h.session.toggle();
    h.say(...beginning(), trained(40));
    h.session.reset();
    expect(useRun.getState()).toMatchObject({ state: 'idle', step: 0, source: 'preview' });
    expect(useExperiment.getState().experiment.seed).toBe(seed);
    h.session.newSeed();
    expect(useExperiment.getState().experiment.seed).not.toBe(seed);
  });

  it('starts anew after its end', () => {
    h.session.toggle();
    h.say(...beginning(), { type: 'finished', step: 2000, hash: '', variants: {} });
    expect(useRun.getState().state).toBe('finished');
    h.session.toggle();
    expect(h.starts).toHaveLength(2);
  });
});

describe('a run made ready behind the page', () => {
  it('goes live on its own on a GPU', () => {
    h.session.prepare();
    h.say({ type: 'ready', adapter }, { type: 'compiling', done: 1, total: 2 });
    expect(useRun.getState()).toMatchObject({ state: 'idle', preparing: true });
    h.say(...beginning(), { type: 'paused', step: 0 });
    expect(useRun.getState()).toMatchObject({ state: 'training', source: 'live', preparing: false });
    expect(h.commands.at(-1)).toEqual({ type: 'resume' });
  });

  it('waits for Play on a software adapter', () => {
    h.session.prepare();
    h.say({ type: 'ready', adapter: { ...adapter, software: true } });
    expect(useRun.getState()).toMatchObject({ state: 'idle', preparing: false, source: 'preview' });
  });

  it('gives way to any change', () => {
    h.session.prepare();
    h.session.setKnob('sparsity.density', 0.2, true);
    expect(useRun.getState().preparing).toBe(false);
    expect(getPath(useExperiment.getState().experiment, 'sparsity.density')).toBe(0.2);
  });
});

it('returns to the newest step with every button of the play bar', () => {
  useView.setState({ cursor: 5 });
  h.session.reset();
  expect(useView.getState().cursor).toBeNull();
});
