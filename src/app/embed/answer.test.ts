import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { NO_NOTES, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { answer, figureState, type Answering } from './answer.ts';
import type { HostRequest } from './messages.ts';

const session = { toggle: vi.fn(), step: vi.fn(), reset: vi.fn(), setKnob: vi.fn() };
const turns = { now: vi.fn(), cancel: vi.fn() };
const on: Answering = { session, turns, options: { bounds: new Map([['optimizer.rate', { min: 0.01, max: 0.5 }]]) } };
const say = (request: Record<string, unknown>) => answer({ id: 1, ...request } as HostRequest, on);
const set = (key: string, value: unknown) => say({ type: 'set', key, value });

beforeEach(() => {
  vi.clearAllMocks();
  useExperiment.setState({ experiment: PRESETS['rigl-mnist']!.experiment, started: null, changed: {}, touched: false, notes: NO_NOTES });
  useRun.setState({ state: 'idle', source: 'preview', step: 0, totalSteps: 100, problem: null });
});

describe('requests of the page around', () => {
  it('play in turn, pause only what runs, and step and reset without waiting for a turn', () => {
    expect([say({ type: 'play' }), say({ type: 'pause' })]).toEqual([null, null]);
    expect(turns.now).toHaveBeenCalledOnce();
    expect(session.toggle).not.toHaveBeenCalled();
    useRun.setState({ state: 'training' });
    say({ type: 'pause' });
    expect(session.toggle).toHaveBeenCalledOnce();
    say({ type: 'step' });
    say({ type: 'reset' });
    expect([session.step.mock.calls.length, session.reset.mock.calls.length, turns.cancel.mock.calls.length]).toEqual([1, 1, 4]);
  });

  it('are told what keeps this device from training, unless a recording plays', () => {
    useRun.setState({ problem: { kind: 'no-webgpu', sentence: 'No WebGPU.', action: null } });
    expect(say({ type: 'play' })).toEqual({ code: 'impossible', message: 'No WebGPU.' });
    expect(say({ type: 'step' })).toMatchObject({ code: 'impossible' });
    expect(turns.now.mock.calls.length + session.step.mock.calls.length).toBe(0);
    useRun.setState({ source: 'recording' });
    expect(say({ type: 'play' })).toBeNull();
  });

  it('set a setting, live where it acts on the run', () => {
    expect(set('sparsity.density', 0.02)).toBeNull();
    expect(session.setKnob).toHaveBeenLastCalledWith('sparsity.density', 0.02, false);
    expect(set('sparsity.density', '3e-2')).toBeNull();
    expect(session.setKnob).toHaveBeenLastCalledWith('sparsity.density', 0.03, false);
    useRun.setState({ source: 'live', state: 'training' });
    expect(set('optimizer.rate', 0.2)).toBeNull();
    expect(session.setKnob).toHaveBeenLastCalledWith('optimizer.rate', 0.2, true);
  });

  it.each([
    ['nonsense', 1, 'unknown-key'],
    ['__proto__', 1, 'unknown-key'],
    ['constructor.name', 'x', 'unknown-key'],
    ['sparsity.density', 7, 'bad-value'],
    ['sparsity.density', 'much', 'bad-value'],
    ['sparsity.method', 'nonsense', 'bad-value'],
    ['optimizer.rate', 0.9, 'out-of-bounds'],
    ['optimizer.rate', 0.001, 'out-of-bounds'],
  ])('never set %s to %s', (key, value, code) => {
    expect(set(key, value)).toMatchObject({ code });
    expect(session.setKnob).not.toHaveBeenCalled();
  });

  it('are answered with the state of the run', () => {
    useRun.setState({ state: 'paused', step: 12 });
    expect(figureState('own')).toMatchObject({ state: 'paused', step: 12, totalSteps: 100, turn: 'own', loss: null, link: expect.stringMatching(/^#preset=rigl-mnist/) as unknown });
    // What is told can be copied between pages as it is.
    expect(structuredClone(figureState('own'))).toEqual(figureState('own'));
  });
});
