import { beforeEach, expect, test } from 'vitest';
import type { CheckpointFile } from '../../engine/experiment/events.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { createRunLog } from '../../engine/experiment/runLog.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import type { KeptRuns } from './kept.ts';
import { keepLastRun, offerLastRun } from './lastRun.ts';

/** A page, a clock and a keeper that the test plays. */
function harness() {
  const said: string[] = [];
  const links: string[] = [];
  const page = { hidden: false, listener: () => undefined as void, addEventListener: (_: string, act: unknown) => void (page.listener = act as () => void) };
  let tick = (): void => undefined;
  const keeper: KeptRuns = {
    keep: async (link, { step }) => (links.push(link), said.push(`keep ${step}`), true), find: async () => null, newest: async () => null,
    forget: async () => void said.push('forget'),
  };
  keepLastRun({ keeper, page: page as never, ask: () => void said.push('ask'), every: (act) => (tick = act) });
  const checkpoint = async (step: number): Promise<void> => {
    const log = Object.assign(createRunLog(), { totalSteps: 100, checkpoint: { step, bytes: new Uint8Array(1) } as CheckpointFile });
    useLog.setState({ log });
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { said, links, page, tick: () => tick(), checkpoint };
}

beforeEach(() => {
  useRun.setState({ state: 'idle', source: 'preview', step: 0, last: null });
  useLog.setState({ log: createRunLog() });
});

test('the state of a live run is asked for now and then and when the page is hidden, and kept as it comes', async () => {
  const { said, page, tick, checkpoint } = harness();
  tick();
  useRun.setState({ source: 'live', state: 'training', step: 20 });
  tick();
  await checkpoint(20);
  tick();
  useRun.setState({ step: 30 });
  page.hidden = true;
  page.listener();
  await checkpoint(30);
  expect(said).toEqual(['ask', 'keep 20', 'ask', 'keep 30']);
});

test('a run that the reader changed is kept under the link of the page, its edits in it', async () => {
  const { links, checkpoint } = harness();
  const experiment = { ...findPreset('rigl-moons').experiment, edits: [{ step: 5, path: 'optimizer.rate', value: 0.02 }] };
  useExperiment.setState({ experiment, changed: { 'optimizer.rate': 0.02 }, touched: true });
  useRun.setState({ source: 'live', state: 'training', step: 20 });
  await checkpoint(20);
  expect(links).toEqual([encodeLink(experiment)]);
  expect(links[0]).toContain('edits=5:optimizer.rate:0.02');
});

test('a run that is over or given up is let go of, and its last state is not kept', async () => {
  const { said, checkpoint } = harness();
  useRun.setState({ source: 'live', state: 'training', step: 90 });
  await checkpoint(100);
  useRun.setState({ state: 'finished', step: 100 });
  useRun.setState({ source: 'live', state: 'training', step: 5 });
  useRun.setState({ source: 'preview', state: 'idle', step: 0 });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(said).toEqual(['forget', 'forget']);
});

test('recordings are not kept', async () => {
  const { said, tick, checkpoint } = harness();
  useRun.setState({ source: 'recording', state: 'training', step: 9 });
  tick();
  await checkpoint(9);
  expect(said).toEqual([]);
});

test('a page opened without a link offers the last run, one with a link does not', async () => {
  const newest = async () => ({ link: '#preset=rigl-moons&v=1', step: 7 });
  await offerLastRun('#preset=set-mnist', { newest });
  expect(useRun.getState().last).toBeNull();
  await offerLastRun('', { newest });
  expect(useRun.getState().last).toEqual({ link: '#preset=rigl-moons&v=1', step: 7 });
});
