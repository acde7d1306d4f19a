import type { RunCommand, RunEvent, RunEventBody } from '../../engine/experiment/events.ts';
import type { StartOptions, TrainerClient } from '../../worker/client.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useRun, type KeptRun } from '../stores/run.ts';
import { previewEvents } from './preview.ts';
import { createSession, type Session } from './session.ts';

/** A session whose worker is the test: what it asked for, and what is said to it. */
export interface Harness {
  session: Session;
  starts: StartOptions[];
  commands: RunCommand[];
  links: string[];
  say(...events: RunEventBody[]): void;
}

/** What the browser keeps over a reload, by link. */
export const kept = new Map<string, KeptRun>();

/** A GPU. */
export const adapter = { vendor: 'test', architecture: '', device: '', description: 'Test adapter', software: false, lanes: 0, features: [] };

/** Opens a link in a session of its own. */
export function harness(link = ''): Harness {
  const starts: StartOptions[] = [];
  const commands: RunCommand[] = [];
  const links: string[] = [];
  let tell: ((event: RunEvent) => void) | null = null;
  let running = false;
  let seq = 0;
  const session = createSession({
    previewOf: previewEvents,
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
export function beginning(): RunEventBody[] {
  return previewEvents(useExperiment.getState().experiment);
}

/** The main network has come to a step. */
export function trained(step: number): RunEventBody {
  return { type: 'metrics', rows: [{ arm: 'main', table: 'train', step: Uint32Array.of(step), columns: { loss: Float32Array.of(1) } }] };
}

/** A session on which nothing has happened. */
export function freshHarness(): Harness {
  kept.clear();
  useRun.setState({ state: 'idle', source: 'preview', step: 0, problem: null, preparing: false, speed: 'paced', adapter: null });
  return harness();
}
