import { beforeEach, describe, expect, it, vi } from 'vitest';
import { getPath } from '../../engine/experiment/paths.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { beginning, freshHarness, type Harness, harness, kept, trained } from './session.testing.ts';

let h: Harness;
beforeEach(() => {
  h = freshHarness();
});

describe('trouble', () => {
  it('names the step and the layer of a divergence, and offers half the rate', async () => {
    h.session.toggle();
    h.say(...beginning(), { type: 'diverged', step: 12, arm: 'main', layer: 'fc1.weight', message: 'At step 12 the gradient of fc1.weight was no longer finite.' });
    const { state, problem } = useRun.getState();
    expect(state).toBe('diverged');
    expect(problem?.sentence).toMatch(/^Training diverged\. At step 12 the gradient of fc1\.weight/);
    const rate = Number(getPath(useExperiment.getState().experiment, 'optimizer.rate'));
    await h.session.remedy();
    expect(getPath(useExperiment.getState().experiment, 'optimizer.rate')).toBeCloseTo(rate / 2);
    expect(useRun.getState()).toMatchObject({ problem: null, state: 'idle' });
  });

  it('keeps what was measured when the device is lost', () => {
    h.session.toggle();
    h.say(...beginning(), trained(40), { type: 'lost', message: 'driver reset' });
    expect(useRun.getState()).toMatchObject({ state: 'failed', step: 40, problem: { kind: 'lost', sentence: expect.stringMatching(/Reload the page.*from the beginning/) } });
  });

  it('shows that the device is being recovered, and does what the reader said last', () => {
    h.session.toggle();
    h.say(...beginning(), trained(40), { type: 'recovering', message: 'driver reset' }, { type: 'compiling', done: 1, total: 4 });
    expect(useRun.getState()).toMatchObject({ state: 'recovering', step: 40 });
    h.say({ type: 'recovered', step: 30 });
    expect(useRun.getState()).toMatchObject({ state: 'training', step: 40, recoveredFrom: 30 });
    h.say({ type: 'recovering', message: 'driver reset' });
    h.session.toggle();
    h.say({ type: 'recovered', step: 30 });
    expect(useRun.getState().state).toBe('paused');
    h.session.reset();
    expect(useRun.getState().recoveredFrom).toBeNull();
  });

  it('keeps a run that is lost for good over a reload, for its own link only', async () => {
    h.session.toggle();
    const bytes = Uint8Array.of(1, 2, 3);
    h.say(...beginning(), trained(40), { type: 'lost', message: 'driver reset.', checkpoint: { step: 30, phase: 0, bytes } });
    await vi.waitFor(() => expect(useRun.getState().problem?.sentence).toMatch(/kept, and goes on from step 30/));
    const link = h.links.at(-1) as string;

    useRun.setState({ problem: null });
    h = harness('#preset=rigl-moons');
    await Promise.resolve();
    expect(useRun.getState().kept).toBeNull();
    h = harness(link);
    await vi.waitFor(() => expect(useRun.getState().kept).toEqual({ step: 30, bytes }));
    h.session.toggle();
    expect(h.starts).toMatchObject([{ checkpoint: bytes }]);
    expect([useRun.getState().kept, kept.size]).toEqual([null, 0]);
  });

  it('does not forget that the browser cannot train', () => {
    useRun.setState({ problem: { kind: 'no-webgpu', action: 'recording', sentence: '' } });
    h.session.reset();
    h.session.toggle();
    expect(h.starts).toEqual([]);
    expect(useRun.getState().problem?.kind).toBe('no-webgpu');
  });
});
