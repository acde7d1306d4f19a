import { beforeEach, describe, expect, test } from 'vitest';
import type { RunCommand, RunEvent } from '../../engine/experiment/events.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import type { StartOptions } from '../../worker/client.ts';
import { comparisonOf } from './comparison.ts';
import { pastRunOf } from './pastRun.ts';
import { createQueue, queuedRuns, type Queue, type QueueNews } from './queue.ts';
import { madeUpEvents, MOONS } from './runs.testing.ts';

const experiment = setPath(MOONS, 'steps', 20);
const compared = comparisonOf(experiment, { methods: ['rigl', 'set'], smallDense: false, seeds: 2, equal: 'steps', tune: false, densities: [] });

/** A queue whose worker is played by the test. */
function harness() {
  const starts: StartOptions[] = [];
  const commands: RunCommand[] = [];
  const kept: string[] = [];
  const news: QueueNews[] = [];
  let tell: ((event: RunEvent) => void) | null = null;
  let time = 0;
  let disposed = 0;
  const queue: Queue = createQueue({
    openClient(onEvent) {
      tell = onEvent;
      return { start: (options) => `run-${starts.push(options)}`, command: (command) => void commands.push(command), stop: () => undefined, dispose: () => void disposed++ };
    },
    dataUrl: 'data/', now: () => time, tell: (one) => void news.push(one),
    keep: (log, purpose) => (kept.push(purpose), pastRunOf(log)),
  });
  /** The run under way comes to its end, `ms` later. */
  const finish = async (accuracies: readonly number[], ms = 100): Promise<void> => {
    time += ms;
    const at = starts.length;
    madeUpEvents({ experiment: starts.at(-1)!.experiment, steps: 20, accuracies, hash: `h${at}` }).forEach((body, seq) => tell?.({ runId: `run-${at}`, seq, ...body }));
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const say = (body: Parameters<typeof Object.assign>[0]): void => tell?.({ runId: `run-${starts.length}`, seq: 99, ...body } as RunEvent);
  return { queue, starts, commands, kept, news, finish, say, wait: (ms: number) => (time += ms), disposed: () => disposed };
}

describe('a queue of runs', () => {
  let h: ReturnType<typeof harness>;
  beforeEach(() => (h = harness()));

  test('goes seed by seed through all arms, alone and for a verdict', async () => {
    expect(queuedRuns(compared, 2).map(({ arm, seed }) => `${arm.id} ${seed}`)).toEqual(['rigl 1', 'set 1', 'random 1', 'dense 1', 'rigl 2', 'set 2', 'random 2', 'dense 2']);
    const result = h.queue.run(compared, 2);
    for (let i = 0; i < 8; i++) await h.finish([0.1, 0.7, 0.8, 0.9 + i / 1000]);
    const runs = (await result)!;
    expect(h.starts.every(({ judged, experiment: { beside } }) => judged && !beside.random && !beside.dense)).toBe(true);
    expect(h.starts.map((start) => start.experiment.seed)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    // The mean of the last three evaluations.
    expect(runs[0]!.value).toBeCloseTo(0.8);
    expect(h.kept).toHaveLength(8);
    expect([h.news.at(-1)!.state, h.disposed()]).toEqual(['idle', 1]);
  });

  test('work that came before and that follows counts in what is told, and is not trained', async () => {
    const other = queuedRuns(comparisonOf(setPath(experiment, 'steps', 40), { methods: ['rigl'], smallDense: false, seeds: 1, equal: 'steps', tune: false, densities: [] }), 1);
    const result = h.queue.run(compared, 1, { before: other, after: other });
    for (let i = 0; i < 4; i++) await h.finish([0.9]);
    expect(await result).toHaveLength(4);
    expect(h.starts).toHaveLength(4);
    const told = h.news.flatMap(({ current }) => (current ? [[current.number, current.of]] : []));
    expect([told[0], told.at(-1)]).toEqual([[4, 10], [7, 10]]);
    // Six runs of 40 steps stand around four of 20: at the beginning of the last one 180 of 320 steps are done.
    expect(h.news.findLast(({ current }) => current?.number === 7 && current.step === 0)!.share).toBeCloseTo(180 / 320);
  });

  test('more seeds later train only what is missing', async () => {
    const first = h.queue.run(compared, 1);
    for (let i = 0; i < 4; i++) await h.finish([0.9]);
    await first;
    const second = h.queue.run(compared, 2);
    for (let i = 0; i < 4; i++) await h.finish([0.9]);
    expect(await second).toHaveLength(8);
    expect(h.starts).toHaveLength(8);
    expect(h.news.find(({ current }) => current?.seed === 2)?.share).toBeCloseTo(0.5);
  });

  test('what was cancelled keeps its finished runs', async () => {
    const cut = h.queue.run(compared, 1);
    await h.finish([0.9]);
    h.queue.cancel();
    expect(await cut).toBeNull();
    expect(h.queue.done(compared, 1)).toHaveLength(1);
    expect(h.news.at(-1)!.state).toBe('idle');
  });

  test('a pause stops the run and the clock; a run that begins meanwhile waits', async () => {
    const result = h.queue.run(compared, 1);
    await h.finish([0.9], 1000);
    h.queue.pause();
    expect(h.commands).toEqual([{ type: 'pause' }]);
    h.wait(60_000);
    await h.finish([0.9], 0);
    expect(h.starts.at(-1)!.paused).toBe(true);
    h.queue.resume();
    expect(h.commands.at(-1)).toEqual({ type: 'resume' });
    await h.finish([0.9], 1000);
    // Three of four are done in two seconds of training.
    expect(h.news.findLast(({ leftMs }) => leftMs !== null)!.leftMs).toBeCloseTo(2000 / 3, 0);
    await h.finish([0.9]);
    expect(await result).toHaveLength(4);
  });

  test('a failure ends it with its own words, and the next start goes on', async () => {
    const result = h.queue.run(compared, 1);
    await h.finish([0.9]);
    h.say({ type: 'failed', message: 'No room.' });
    await expect(result).rejects.toThrow('No room.');
    expect(h.queue.done(compared, 1)).toHaveLength(1);
  });

  test('a run that diverges counts as chance', async () => {
    const result = h.queue.run({ ...compared, arms: compared.arms.slice(0, 1) }, 1);
    madeUpEvents({ experiment: h.starts[0]!.experiment, steps: 20, accuracies: [0.9], hash: null }).forEach((body) => h.say(body));
    h.say({ type: 'diverged', step: 20, arm: 'main', layer: 'fc1', message: '' });
    expect((await result)![0]).toMatchObject({ value: 0.5, diverged: true });
  });

  test('measures each network once, and tells its step and cost', async () => {
    const measured = h.queue.measure(compared.arms);
    expect(h.starts).toHaveLength(1);
    await h.finish([0.9]);
    await measured;
    expect(h.queue.rateOf(experiment)).toMatchObject({ stepMs: 2, denseFlops: 1e6 });
    await h.queue.measure(compared.arms);
    expect(h.starts).toHaveLength(1);
  });
});
