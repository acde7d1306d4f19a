import { describe, expect, it } from 'vitest';
import type { Experiment } from '../engine/experiment/experiment.ts';
import type { RunEvent } from '../engine/experiment/events.ts';
import { createTrainerClient, type WorkerPort } from './client.ts';
import type { ToWorker } from './protocol.ts';

function harness() {
  const sent: ToWorker[] = [];
  const events: RunEvent[] = [];
  const ports: WorkerPort[] = [];
  let ended = 0;
  const open = (): WorkerPort => {
    const port: WorkerPort = { postMessage: (message) => sent.push(message), terminate: () => ended++, onmessage: null, onerror: null };
    ports.push(port);
    return port;
  };
  const client = createTrainerClient((event) => events.push(event), open);
  const say = (event: RunEvent): void => ports.at(-1)?.onmessage?.({ data: { type: 'event', event } } as MessageEvent);
  const break_ = (message: string): void => ports.at(-1)?.onerror?.({ message } as ErrorEvent);
  return { client, sent, events, ports, say, break: break_, ended: () => ended };
}

const options = { experiment: {} as Experiment, dataUrl: 'data/' };

describe('the page side of the worker', () => {
  it('makes no worker before the first start, and one for all runs', () => {
    const { client, ports } = harness();
    expect(ports).toHaveLength(0);
    client.start(options);
    client.start(options);
    expect(ports).toHaveLength(1);
  });

  it('ends the run before with the next start, and tells each run by its id', () => {
    const { client, sent } = harness();
    const first = client.start(options);
    const second = client.start({ ...options, paused: true });
    expect(first).not.toBe(second);
    expect(sent).toMatchObject([
      { type: 'start', runId: first }, { type: 'command', runId: first, command: { type: 'stop' } }, { type: 'start', runId: second, paused: true },
    ]);
  });

  it('lets no event of an earlier run through, and none twice', () => {
    const { client, events, say } = harness();
    const first = client.start(options);
    const second = client.start(options);
    say({ runId: first, seq: 9, type: 'paused', step: 1 });
    say({ runId: second, seq: 0, type: 'paused', step: 2 });
    say({ runId: second, seq: 0, type: 'paused', step: 2 });
    client.stop();
    say({ runId: second, seq: 1, type: 'paused', step: 3 });
    expect(events).toEqual([{ runId: second, seq: 0, type: 'paused', step: 2 }]);
  });

  it('sends commands to the current run only', () => {
    const { client, sent } = harness();
    client.command({ type: 'pause' });
    expect(sent).toEqual([]);
    const runId = client.start(options);
    client.command({ type: 'pause' });
    expect(sent.at(-1)).toEqual({ type: 'command', runId, command: { type: 'pause' } });
  });

  it('turns an error of the worker itself into a failed event, and begins anew after it', () => {
    const { client, events, ports, break: fail, ended } = harness();
    client.start(options);
    fail('boom');
    expect(events).toMatchObject([{ type: 'failed', message: 'The training worker stopped: boom.' }]);
    expect(ended()).toBe(1);
    client.start(options);
    expect(ports).toHaveLength(2);
  });
});
