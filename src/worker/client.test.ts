import { describe, expect, it } from 'vitest';
import type { Experiment } from '../engine/experiment/experiment.ts';
import type { RunEvent } from '../engine/experiment/events.ts';
import { createTrainerClient, type WorkerPort } from './client.ts';
import { parseEvent } from './parseEvent.ts';
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
  const client = createTrainerClient((event) => events.push(event), open, () => Promise.resolve(parseEvent));
  const post = async (data: unknown): Promise<void> => {
    ports.at(-1)?.onmessage?.({ data } as MessageEvent);
    await Promise.resolve();
  };
  const say = (event: RunEvent): Promise<void> => post({ type: 'event', event });
  const break_ = (message: string): void => ports.at(-1)?.onerror?.({ message } as ErrorEvent);
  return { client, sent, events, ports, post, say, break: break_, ended: () => ended };
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

  it('lets no event of an earlier run through, and none twice', async () => {
    const { client, events, say } = harness();
    const first = client.start(options);
    const second = client.start(options);
    await say({ runId: first, seq: 9, type: 'paused', step: 1 });
    await say({ runId: second, seq: 0, type: 'paused', step: 2 });
    await say({ runId: second, seq: 0, type: 'paused', step: 2 });
    client.stop();
    await say({ runId: second, seq: 1, type: 'paused', step: 3 });
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

  it('hears nothing in what is no event, and ends a run whose worker says what cannot be read', async () => {
    const { client, events, post, ended } = harness();
    const runId = client.start(options);
    for (const data of [null, undefined, 7, 'event', [], {}, { type: 'event' }, { type: 'event', event: null }, { type: 'event', event: { runId: 'other', seq: 0, type: 'fly' } }]) await post(data);
    expect(events).toEqual([]);
    await post({ type: 'event', event: { runId, seq: 0, type: 'paused', step: Number.NaN } });
    expect(events).toMatchObject([{ runId, type: 'failed', message: expect.stringMatching(/what it said could not be read: paused: step/) }]);
    expect(ended()).toBe(1);
    await post({ type: 'event', event: { runId, seq: 1, type: 'paused', step: 1 } });
    expect(events).toHaveLength(1);
  });
});
