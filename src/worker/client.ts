import type { Experiment } from '../engine/experiment/experiment.ts';
import type { RunCommand, RunEvent } from '../engine/experiment/events.ts';
import type { BranchPoint, FromWorker, ToWorker } from './protocol.ts';

/** What a run is started with. */
export interface StartOptions {
  experiment: Experiment;
  /** Folder of the packed data, absolute. */
  dataUrl: string;
  checkpoint?: Uint8Array;
  /** The run branches off another one there. */
  branch?: BranchPoint;
  /** Prepare everything and wait for `resume` or `step`. */
  paused?: boolean;
  /** The run is for a verdict: it is tested on the whole test set, in its last three evaluations alone. */
  judged?: boolean;
}

/** The page's side of the worker: one run at a time; events of earlier runs never arrive. */
export interface TrainerClient {
  /** Starts a run, ending the one before; returns its id. */
  start(options: StartOptions): string;
  /** Tells the current run something; without a run nothing happens. */
  command(command: RunCommand): void;
  /** Ends the current run; its late events are ignored. */
  stop(): void;
  /** Ends the worker itself. */
  dispose(): void;
}

/** The part of a Worker that the client uses; tests put their own in its place. */
export interface WorkerPort {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Partial<FromWorker> | null | undefined>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Makes the worker that trains. */
export function openWorker(): WorkerPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sparseland-trainer' });
}

/** Reads what the worker says: an event, or in words what is wrong with it. */
export type EventReader = (data: unknown) => RunEvent | string;

/** Its code comes while the worker makes ready. */
const loadReader = async (): Promise<EventReader> => (await import('./parseEvent.ts')).parseEvent;

let runs = 0;

/**
 * Connects to a worker, which is made at the first start.
 * @param onEvent receives the events of the current run, in order; an error of the worker itself comes as a `failed` event
 */
export function createTrainerClient(onEvent: (event: RunEvent) => void, open: () => WorkerPort = openWorker, reading = loadReader): TrainerClient {
  let worker: WorkerPort | null = null;
  let runId: string | null = null;
  let lastSeq = -1;

  const connect = (): WorkerPort => {
    if (worker) return worker;
    const port = open();
    const reader = reading();
    // A worker that could not be loaded, threw outside a run or says what nobody can read is of no use: the next start makes a new one.
    const give = (reason: string): void => {
      port.terminate();
      if (worker === port) worker = null;
      if (runId === null) return;
      onEvent({ runId, seq: lastSeq + 1, type: 'failed', message: `The training worker stopped: ${reason}.` });
      runId = null;
    };
    const hear = (read: EventReader, data: Partial<FromWorker> | null | undefined): void => {
      if (data?.type !== 'event' || worker !== port || runId === null || data.event?.runId !== runId) return;
      const event = read(data.event);
      if (typeof event === 'string') return give(`what it said could not be read: ${event}`);
      if (event.seq <= lastSeq) return;
      lastSeq = event.seq;
      onEvent(event);
    };
    port.onmessage = ({ data }) => void reader.then((read) => hear(read, data), () => give('a script of the page could not be loaded'));
    port.onerror = (error) => give(error.message || 'its script could not be loaded');
    worker = port;
    return port;
  };

  const client: TrainerClient = {
    start({ experiment, dataUrl, checkpoint, branch, paused, judged }) {
      const port = connect();
      client.stop();
      runId = `run-${++runs}`;
      lastSeq = -1;
      port.postMessage({ type: 'start', runId, experiment, dataUrl, ...(checkpoint && { checkpoint }), ...(branch && { branch }), ...(paused && { paused }), ...(judged && { judged }) });
      return runId;
    },
    command(command) {
      if (worker && runId !== null) worker.postMessage({ type: 'command', runId, command });
    },
    stop() {
      client.command({ type: 'stop' });
      runId = null;
    },
    dispose() {
      client.stop();
      worker?.terminate();
      worker = null;
    },
  };
  return client;
}
