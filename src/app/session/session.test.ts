import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunCommand, RunEvent, RunEventBody } from '../../engine/experiment/events.ts';
import type { StartOptions, TrainerClient } from '../../worker/client.ts';
import { decodeLink } from '../../engine/experiment/link.ts';
import { getPath } from '../../engine/experiment/paths.ts';
import { series } from '../../engine/experiment/runLog.ts';
import { usePastRuns } from '../compare/pastRuns.ts';
import { useBranch } from '../stores/branch.ts';
import { needsReset, shownValue, useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun, type KeptRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { previewEvents } from './preview.ts';
import { createSession, type Session } from './session.ts';

interface Harness {
  session: Session;
  starts: StartOptions[];
  commands: RunCommand[];
  links: string[];
  say(...events: RunEventBody[]): void;
}

/** What the browser keeps over a reload, by link. */
const kept = new Map<string, KeptRun>();

const adapter = { vendor: 'test', architecture: '', device: '', description: 'Test adapter', software: false, lanes: 0, features: [] };

function harness(link = ''): Harness {
  const starts: StartOptions[] = [];
  const commands: RunCommand[] = [];
  const links: string[] = [];
  let tell: ((event: RunEvent) => void) | null = null;
  let running = false;
  let seq = 0;
  const session = createSession({
    dataUrl: 'data/',
    writeLink: (hash) => links.push(hash),
    fetchRecording: () => Promise.resolve(null),
    keeper: {
      keep(link, { step, bytes }) {
        kept.set(link, { step, bytes });
        return Promise.resolve(true);
      },
      find: (link) => Promise.resolve(kept.get(link) ?? null),
      forget: () => Promise.resolve(kept.clear()),
    },
    openClient(onEvent) {
      tell = onEvent;
      return {
        start(options) {
          starts.push(options);
          running = true;
          return 'run';
        },
        command: (command) => { if (running) commands.push(command); },
        stop: () => { running = false; },
        dispose: () => undefined,
      } satisfies TrainerClient;
    },
  });
  const say = (...events: RunEventBody[]): void => events.forEach((body) => tell?.({ runId: 'run', seq: seq++, ...body }));
  session.open(link);
  return { session, starts, commands, links, say };
}

/** The events with which a run of the current experiment begins. */
function beginning(): RunEventBody[] {
  return previewEvents(useExperiment.getState().experiment);
}

function trained(step: number): RunEventBody {
  return { type: 'metrics', rows: [{ arm: 'main', table: 'train', step: Uint32Array.of(step), columns: { loss: Float32Array.of(1) } }] };
}

let h: Harness;
beforeEach(() => {
  kept.clear();
  useRun.setState({ state: 'idle', source: 'preview', step: 0, problem: null, preparing: false, speed: 'paced', adapter: null });
  h = harness();
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
