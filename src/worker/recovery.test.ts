import { describe, expect, it } from 'vitest';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { CheckpointFile, RunCommand, RunEventBody } from '../engine/experiment/events.ts';
import type { Edit } from '../engine/experiment/experiment.ts';
import type { BranchPoint } from './protocol.ts';
import { type Beginning, trainThroughLoss } from './recovery.ts';

const trained = (...steps: number[]): RunEventBody => ({
  type: 'metrics', rows: [{ arm: 'main', table: 'train', step: Uint32Array.from(steps), columns: { loss: Float32Array.from(steps, (s) => s / 10) } }],
});
const started = { type: 'started' } as RunEventBody;
const lost: RunEventBody = { type: 'lost', message: 'Gone.' };
const finished: RunEventBody = { type: 'finished', step: 9, hash: '', variants: {} };
const saved = (step: number): RunEventBody => ({ type: 'checkpoint', checkpoint: { step, phase: 0, bytes: Uint8Array.of(step) } });

/** What a scripted run does: tell an event, take what it was told, or let time pass. */
type Act = RunEventBody | 'take' | { later: number };

/** Runs that follow scripts, one after another; gives what the page hears, how each run began and what it was told. */
async function follow(scripts: readonly (readonly Act[])[], options: { paused?: boolean; refusals?: number; say?: readonly RunCommand[]; branch?: BranchPoint; checkpoint?: CheckpointFile } = {}) {
  const port = createCommandPort();
  options.say?.forEach((command) => port.send(command));
  const begun: Beginning[] = [];
  const taken: RunCommand[][] = [];
  const kept: { step: number; edits: readonly Edit[] }[] = [];
  let now = 0;
  let refusals = options.refusals ?? 0;
  const events: RunEventBody[] = [];
  const heard = trainThroughLoss({
    commands: port, paused: options.paused ?? false, now: () => now,
    ...(options.branch && { branch: options.branch }), ...(options.checkpoint && { checkpoint: options.checkpoint }),
    keep: ({ step }, edits) => void kept.push({ step, edits }),
    wait: async (ms) => void (now += ms),
    async open() {
      if (refusals-- > 0) throw new Error('no adapter');
    },
    async *start(from) {
      const mine: RunCommand[] = [];
      taken.push(mine);
      const script = scripts[begun.push(from) - 1] ?? [];
      for (const act of script) {
        if (act === 'take') for (let c = from.commands.take(); c; c = from.commands.take()) mine.push(c);
        else if ('later' in act) now += act.later;
        else yield act;
      }
    },
  });
  for await (const event of heard) events.push(event);
  return { events, begun, taken, kept };
}

const types = (events: readonly RunEventBody[]): string[] => events.map(({ type }) => type);
const steps = (events: readonly RunEventBody[]): number[] => events.flatMap((event) => (event.type === 'metrics' ? event.rows.flatMap(({ step }) => [...step]) : []));

describe('a run whose device stays', () => {
  it('is passed on as it is', async () => {
    const { events, begun } = await follow([[started, trained(1, 2), finished]]);
    expect(events).toEqual([started, trained(1, 2), finished]);
    expect(begun).toHaveLength(1);
  });

  it('is asked for its state now and then, and the page does not hear of it', async () => {
    const { events, taken } = await follow([[started, trained(1), 'take', { later: 6000 }, trained(2), 'take', saved(2), trained(3), 'take', finished]]);
    expect(taken).toEqual([[{ type: 'checkpoint' }]]);
    expect(types(events)).not.toContain('checkpoint');
  });

  it('gives the page the state that the page asked for', async () => {
    const { events } = await follow([[started, 'take', saved(2), finished]], { say: [{ type: 'checkpoint' }] });
    expect(types(events)).toContain('checkpoint');
  });
});

describe('a device that is lost', () => {
  it('is opened anew, and every step is told once', async () => {
    const { events, begun } = await follow([[started, trained(1, 2, 3), lost], [started, trained(1, 2), trained(3, 4), finished]]);
    expect(types(events)).toEqual(['started', 'metrics', 'recovering', 'recovered', 'metrics', 'finished']);
    expect(steps(events)).toEqual([1, 2, 3, 4]);
    expect(begun[1]).toMatchObject({ paused: true, edits: [] });
    expect(begun[1]?.checkpoint).toBeUndefined();
  });

  it('goes on from the last state, steps up to where it was, and then does as it was told', async () => {
    const first: Act[] = ['take', started, trained(1, 2, 3), { later: 6000 }, trained(4), 'take', saved(4), trained(5, 6), lost];
    const { begun, taken, events } = await follow([first, [started, 'take', trained(5, 6), { type: 'paused', step: 6 }, 'take', finished]], { say: [{ type: 'pace', stepsPerSecond: 20 }] });
    expect(begun[1]?.checkpoint).toEqual(Uint8Array.of(4));
    expect(events).toContainEqual({ type: 'recovered', step: 4 });
    expect(taken[1]).toEqual([{ type: 'step', count: 2 }, { type: 'pace', stepsPerSecond: 20 }, { type: 'resume' }]);
    expect(types(events)).not.toContain('paused');
  });

  it('stays paused where the run was paused, at the same step', async () => {
    const { taken, events } = await follow([['take', started, trained(1, 2), { type: 'paused', step: 2 }, lost], [started, 'take', trained(1, 2), { type: 'paused', step: 2 }, 'take']], { say: [{ type: 'pause' }] });
    expect(taken[1]).toEqual([{ type: 'step', count: 2 }, { type: 'pace', stepsPerSecond: 0 }]);
    expect(events.at(-1)).toEqual({ type: 'paused', step: 2 });
  });

  it('forgets no live edit: those told act where they did, one under way once the step is reached again', async () => {
    const knob = (value: number): RunCommand => ({ type: 'setKnob', path: 'optimizer.rate', value });
    const edit: RunEventBody = { type: 'edit', step: 1, path: 'optimizer.rate', value: 0.5 };
    const { begun, taken, events } = await follow(
      [['take', started, trained(1), edit, trained(2), lost], [started, 'take', edit, trained(1, 2), { type: 'paused', step: 2 }, 'take', finished]],
      { say: [knob(0.5), knob(0.25)] },
    );
    expect(begun[1]?.edits).toEqual([{ step: 1, path: 'optimizer.rate', value: 0.5 }]);
    expect(taken[1]).toEqual([{ type: 'step', count: 2 }, { type: 'pace', stepsPerSecond: 0 }, { type: 'resume' }, knob(0.25)]);
    expect(events.filter(({ type }) => type === 'edit')).toHaveLength(1);
  });

  it('has texts of evaluations told once, and answers whoever asks for one, also at a step that is known', async () => {
    const wrote = (step: number, asked: boolean): RunEventBody => ({ type: 'written', written: { arm: 'main', step, prompt: '', text: 'a', temperature: 1, asked } });
    const { events } = await follow([[started, wrote(0, false), trained(1, 2), wrote(2, false), lost], [started, wrote(0, false), trained(1, 2), wrote(2, false), wrote(2, true), trained(3, 4), wrote(4, false), finished]]);
    expect(events.filter(({ type }) => type === 'written')).toEqual([wrote(0, false), wrote(2, false), wrote(2, true), wrote(4, false)]);
  });

  it('is waited for, a few times', async () => {
    expect(types((await follow([[started, lost], [started, finished]], { refusals: 2 })).events)).toEqual(['started', 'recovering', 'recovered', 'finished']);
    expect(types((await follow([[started, lost]], { refusals: 3 })).events)).toEqual(['started', 'recovering', 'lost']);
  });

  it('ends the run the second time, with the last state', async () => {
    const { events } = await follow([[started, lost], [started, { later: 6000 }, trained(1), 'take', saved(1), lost]]);
    expect(events.at(-1)).toEqual({ type: 'lost', message: 'Gone.', checkpoint: { step: 1, phase: 0, bytes: Uint8Array.of(1) } });
  });

  it('while nothing was told yet, the run simply begins', async () => {
    expect(types((await follow([[lost], [started, finished]])).events)).toEqual(['recovering', 'started', 'finished']);
  });
});

describe('a run that branches off another', () => {
  const checkpoint: CheckpointFile = { step: 2, phase: 0, bytes: Uint8Array.of(2) };
  const masks = (step: number): RunEventBody => ({ type: 'masks', snapshot: { arm: 'main', step } }) as RunEventBody;
  const edit = (step: number): RunEventBody => ({ type: 'edit', step, path: 'optimizer.rate', value: 0.5 });
  const others = (events: readonly RunEventBody[]): RunEventBody[] => events.filter(({ type }) => type !== 'replaying');

  it('goes silently from the state before to where it branches off, and tells what comes behind that', async () => {
    const { events, begun, taken } = await follow(
      [[started, 'take', masks(2), edit(3), trained(3, 4), masks(5), trained(5, 6), { type: 'paused', step: 5 }, 'take', edit(5), masks(6), trained(7), finished]],
      { branch: { step: 5, silent: true }, checkpoint, say: [{ type: 'pace', stepsPerSecond: 20 }] },
    );
    expect(begun).toMatchObject([{ paused: true, edits: [], checkpoint: Uint8Array.of(2) }]);
    expect(taken[0]).toEqual([{ type: 'step', count: 3 }, { type: 'pace', stepsPerSecond: 0 }, { type: 'resume' }, { type: 'pace', stepsPerSecond: 20 }]);
    expect(others(events)).toEqual([started, trained(6), edit(5), masks(6), trained(7), finished]);
  });

  it('says how far it is, and about how long it takes', async () => {
    const { events } = await follow([[started, 'take', { later: 100 }, trained(3), { later: 100 }, trained(4), { type: 'paused', step: 6 }, trained(7), finished]], { branch: { step: 6, silent: true }, checkpoint });
    expect(events.filter(({ type }) => type === 'replaying')).toEqual([[2, 0], [3, 300], [4, 200], [6, 0]].map(([step, leftMs]) => ({ type: 'replaying', step, to: 6, leftMs })));
  });

  it('tells all where the page has nothing of its own', async () => {
    const { events, taken } = await follow([[started, 'take', masks(0), trained(1, 2), { type: 'paused', step: 2 }, 'take', trained(3), finished]], { branch: { step: 2, silent: false } });
    expect(taken[0]?.[0]).toEqual({ type: 'step', count: 2 });
    expect(others(events)).toEqual([started, masks(0), trained(1, 2), trained(3), finished]);
  });

  it('has nothing to repeat where there is a state of that very step, and is paused where it was meant to', async () => {
    const { events, begun, taken } = await follow([[started, 'take', trained(3), finished]], { branch: { step: 2, silent: true }, checkpoint });
    expect([begun[0]?.paused, taken[0]]).toEqual([false, []]);
    expect(events).toEqual([started, trained(3), finished]);
    const waits = await follow([[started, 'take', trained(1, 2), { type: 'paused', step: 2 }, 'take']], { branch: { step: 2, silent: true }, paused: true });
    expect(others(waits.events)).toEqual([started, { type: 'paused', step: 2 }]);
  });

  it('repeats on a new device what it had not reached', async () => {
    const { events, taken } = await follow([[started, 'take', trained(3), lost], [started, 'take', trained(3, 4), { type: 'paused', step: 4 }, trained(5), finished]], { branch: { step: 4, silent: true }, checkpoint });
    expect(taken[1]).toEqual([{ type: 'step', count: 2 }]);
    expect(steps(events)).toEqual([5]);
  });

  it('takes how layers are stored as news of the step at which it branches off', async () => {
    const { events } = await follow([[started, 'take', { type: 'storage', step: 3, layers: [] }, { type: 'paused', step: 6 }, finished]], { branch: { step: 6, silent: true }, checkpoint });
    expect(events).toContainEqual({ type: 'storage', step: 6, layers: [] });
  });
});

it('states are passed on as they are taken, with the edits that were told', async () => {
  const { kept } = await follow([[started, { type: 'edit', step: 1, path: 'optimizer.rate', value: 0.5 }, trained(2), saved(2), finished]]);
  expect(kept).toEqual([{ step: 2, edits: [{ step: 1, path: 'optimizer.rate', value: 0.5 }] }]);
});

describe('a mask update in slow motion', () => {
  const told = { type: 'slowUpdate', update: { step: 4 } } as RunEventBody;

  it('that was asked for and not told is asked for again, behind what is repeated', async () => {
    const { taken } = await follow([[started, trained(1, 2), 'take', lost], [started, 'take', trained(1, 2), { type: 'paused', step: 2 }, 'take', finished]], { say: [{ type: 'slowUpdate' }] });
    expect(taken[0]).toEqual([{ type: 'slowUpdate' }]);
    expect(taken[1]?.slice(-2)).toEqual([{ type: 'pace', stepsPerSecond: 0 }, { type: 'slowUpdate' }]);
  });

  it('leaves the run paused, also one that is lost behind it', async () => {
    const { events, taken } = await follow([[started, 'take', trained(1, 2, 3, 4), told, { type: 'paused', step: 4 }, lost], [started, 'take', trained(1, 2, 3, 4), { type: 'paused', step: 4 }, 'take', finished]], { say: [{ type: 'slowUpdate' }] });
    expect(taken[1]?.map(({ type }) => type)).toEqual(['step', 'pace']);
    expect(types(events).filter((type) => type === 'slowUpdate')).toHaveLength(1);
  });
});
