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
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Makes the worker that trains. */
export function openWorker(): WorkerPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sparseland-trainer' });
}

let runs = 0;

/**
 * Connects to a worker, which is made at the first start.
 * @param onEvent receives the events of the current run, in order; an error of the worker itself comes as a `failed` event
 */
export function createTrainerClient(onEvent: (event: RunEvent) => void, open: () => WorkerPort = openWorker): TrainerClient {
  let worker: WorkerPort | null = null;
  let runId: string | null = null;
  let lastSeq = -1;

  const connect = (): WorkerPort => {
    if (worker) return worker;
    const port = open();
    port.onmessage = ({ data }) => {
      if (data.type !== 'event' || data.event.runId !== runId || data.event.seq <= lastSeq) return;
      lastSeq = data.event.seq;
      onEvent(data.event);
    };
    port.onerror = (error) => {
      // A worker that could not be loaded or threw outside a run never answers again: the next start makes a new one.
      port.terminate();
      if (worker === port) worker = null;
      if (runId === null) return;
      const message = `The training worker stopped: ${error.message || 'its script could not be loaded'}.`;
      onEvent({ runId, seq: lastSeq + 1, type: 'failed', message });
      runId = null;
    };
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
