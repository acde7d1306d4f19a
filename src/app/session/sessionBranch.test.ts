import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEventBody } from '../../engine/experiment/events.ts';
import { decodeLink } from '../../engine/experiment/link.ts';
import { series } from '../../engine/experiment/runLog.ts';
import { usePastRuns } from '../compare/pastRuns.ts';
import { useBranch } from '../stores/branch.ts';
import { shownValue, useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { adapter, beginning, freshHarness, type Harness, trained } from './session.testing.ts';

// A recording plays by the frames of a screen, and here is none.
beforeAll(() => void vi.stubGlobal('requestAnimationFrame', () => 0).stubGlobal('cancelAnimationFrame', () => undefined));
afterAll(() => void vi.unstubAllGlobals());

let h: Harness;
beforeEach(() => {
  h = freshHarness();
});

describe('a branch from the step looked at', () => {
  const rate = { path: 'optimizer.rate', value: 0.02 };
  beforeEach(() => {
    usePastRuns.setState(usePastRuns.getInitialState());
    h.session.toggle();
    h.say({ type: 'ready', adapter }, ...beginning(), { type: 'edit', step: 10, ...rate }, trained(40), { type: 'edit', step: 40, path: 'sparsity.density', value: 0.3 }, trained(90));
    useView.setState({ cursor: 40 });
  });

  it('keeps the run for Compare, shows what is known of it, and goes silently to that step', async () => {
    await h.session.branch();
    expect(usePastRuns.getState().runs.map(({ ending, steps }) => [ending, steps])).toEqual([['stopped', 90]]);
    expect(h.starts.at(-1)).toMatchObject({ branch: { step: 40, silent: true }, paused: false, experiment: { edits: [{ step: 10, ...rate }] } });
    expect(useRun.getState()).toMatchObject({ source: 'live', state: 'loading', step: 40 });
    expect(useView.getState().cursor).toBeNull();
    expect(series(useLog.getState().log, 'main', 'train', 'loss').steps).toEqual(Uint32Array.of(40));
    expect(h.links.at(-1)).toMatch(/edits=10:optimizer\.rate:0\.02(&|$)/);
    expect(shownValue(useExperiment.getState(), rate.path)).toBe(rate.value);
  });

  it('says how far it is on the way, and goes on in one log with a mark', async () => {
    await h.session.branch();
    h.say({ type: 'ready', adapter }, ...beginning().slice(0, 1), { type: 'replaying', step: 20, to: 40, leftMs: 3000 });
    expect(useRun.getState()).toMatchObject({ state: 'replaying', replaying: { step: 20, to: 40 } });
    h.say({ type: 'replaying', step: 40, to: 40, leftMs: 0 }, trained(41));
    expect(useRun.getState()).toMatchObject({ state: 'training', replaying: null, step: 41 });
    const { log } = useLog.getState();
    expect(log.branch).toEqual({ from: usePastRuns.getState().runs[0]?.name, step: 40 });
    expect(series(log, 'main', 'train', 'loss').steps).toEqual(Uint32Array.of(40, 41));
    expect(log.edits).toEqual([{ step: 10, ...rate }]);
  });

  it('keeps what was written until there', async () => {
    const wrote = (step: number): RunEventBody => ({ type: 'written', written: { arm: 'main', step, prompt: '', text: 'a', temperature: 1, asked: false } });
    h.say(wrote(0), wrote(30), wrote(60));
    await h.session.branch();
    h.say({ type: 'ready', adapter }, ...beginning().slice(0, 1), { type: 'replaying', step: 40, to: 40, leftMs: 0 }, wrote(60));
    expect(useLog.getState().log.written.map(({ step }) => step)).toEqual([0, 30, 60]);
  });

  it('takes what was changed while looking back as changes at that step', async () => {
    useBranch.setState({ changes: { 'sparsity.density': 0.05 } });
    await h.session.branch();
    const edits = [{ step: 10, ...rate }, { step: 40, path: 'sparsity.density', value: 0.05 }];
    expect(h.starts.at(-1)?.experiment.edits).toEqual(edits);
    expect(decodeLink(h.links.at(-1) ?? '').experiment.edits).toEqual(edits);
    expect(useBranch.getState().changes).toEqual({});
  });

  it('can be paused on its way, and waits there', async () => {
    await h.session.branch();
    h.say(...beginning().slice(0, 1), { type: 'replaying', step: 20, to: 40, leftMs: 3000 });
    h.session.toggle();
    h.say({ type: 'replaying', step: 30, to: 40, leftMs: 2000 });
    expect(useRun.getState().state).toBe('paused');
    h.say({ type: 'replaying', step: 40, to: 40, leftMs: 0 });
    expect(useRun.getState()).toMatchObject({ state: 'paused', replaying: null });
  });

  it('is trained from its first step where a recording is looked at: no curve is half a recording', async () => {
    await h.session.show(useLog.getState().log, useExperiment.getState().experiment);
    useView.setState({ cursor: 40 });
    await h.session.branch();
    expect(h.starts.at(-1)).toMatchObject({ branch: { step: 40, silent: false } });
    h.say(...beginning(), trained(1));
    expect(useLog.getState().log.branch).toEqual({ from: 'a recording', step: 40 });
    expect(series(useLog.getState().log, 'main', 'train', 'loss').steps).toEqual(Uint32Array.of(1));
  });

  it('is none while the newest step is followed', async () => {
    useView.setState({ cursor: null });
    await h.session.branch();
    expect(h.starts).toHaveLength(1);
  });
});
