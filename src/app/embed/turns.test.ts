import { describe, expect, it } from 'vitest';
import { createTurns, type Turn, type Turns } from './turns.ts';

interface Holder { end(): void; stolen(): void }

/** Locks as browsers have them, of one name: one holder, a queue, and those who steal. */
function pageLocks() {
  let holder: Holder | null = null;
  const queue: (() => void)[] = [];
  const next = (): void => void (holder === null && queue.shift()?.());
  const request = (_name: string, { steal, signal }: LockOptions, callback: (lock: Lock | null) => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const grant = (): void => {
        const mine: Holder = { end() { if (holder === mine) holder = null; resolve(undefined); next(); }, stolen: () => reject(new Error('AbortError')) };
        holder = mine;
        void Promise.resolve(callback(null)).then(mine.end);
      };
      if (steal) {
        holder?.stolen();
        return grant();
      }
      queue.push(grant);
      signal?.addEventListener('abort', () => {
        const at = queue.indexOf(grant);
        if (at >= 0) queue.splice(at, 1);
        reject(new Error('AbortError'));
      });
      return next();
    });
  return { request: request as LockManager['request'] };
}

interface Figure { turns: Turns; busy: boolean; turn: Turn; press(): void; finish(): void }

function figure(locks: ReturnType<typeof pageLocks> | undefined, visible = true): Figure {
  const self: Figure = {
    busy: false, turn: 'own',
    press() { self.busy = !self.busy; self.turns.busyChanged(); },
    finish() { self.busy = false; self.turns.busyChanged(); },
    turns: createTurns({ locks, isBusy: () => self.busy, toggle: () => self.press(), onTurn: (turn) => { self.turn = turn; } }),
  };
  self.turns.setVisible(visible);
  return self;
}

const settle = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });

describe('figures of one page', () => {
  it('pause when another is started', async () => {
    const locks = pageLocks();
    const [a, b, c] = [figure(locks), figure(locks), figure(locks)];
    for (const one of [a, b, c, a]) {
      one.press();
      await settle();
      expect([a, b, c].filter(({ busy }) => busy)).toEqual([one]);
      expect(one.turn).toBe('own');
    }
    expect([b.turn, c.turn]).toEqual(['taken', 'taken']);
  });

  it('that begin by themselves wait for one another, in their order', async () => {
    const locks = pageLocks();
    const figures = [figure(locks), figure(locks), figure(locks)];
    figures.forEach(({ turns }) => turns.whenFree());
    for (const one of figures) {
      await settle();
      expect(figures.map(({ busy }) => busy)).toEqual(figures.map((other) => other === one));
      one.finish();
    }
    await settle();
    expect(figures.some(({ busy }) => busy)).toBe(false);
  });

  it('let the lock go when they are paused, so that who waits begins', async () => {
    const locks = pageLocks();
    const [a, b] = [figure(locks), figure(locks)];
    a.press();
    await settle();
    b.turns.whenFree();
    await settle();
    expect([b.busy, b.turn]).toEqual([false, 'waiting']);
    a.press();
    await settle();
    expect([a.busy, b.busy]).toEqual([false, true]);
  });

  it('do not come back by themselves after another was started in their place', async () => {
    const locks = pageLocks();
    const [a, b] = [figure(locks), figure(locks)];
    a.turns.whenFree();
    await settle();
    b.press();
    await settle();
    b.finish();
    await settle();
    expect([a.busy, b.busy]).toEqual([false, false]);
  });

  it('that were started and stopped in one breath hold nothing', async () => {
    const locks = pageLocks();
    const [a, b] = [figure(locks), figure(locks)];
    a.press();
    a.press();
    b.turns.whenFree();
    await settle();
    expect([a.busy, b.busy]).toEqual([false, true]);
  });
});

describe('a figure out of view', () => {
  it('pauses, lets another run, and goes on when it is back and the other has ended', async () => {
    const locks = pageLocks();
    const [a, b] = [figure(locks), figure(locks)];
    a.press();
    await settle();
    a.turns.setVisible(false);
    expect([a.busy, a.turn]).toEqual([false, 'out-of-view']);
    b.turns.whenFree();
    await settle();
    expect(b.busy).toBe(true);
    a.turns.setVisible(true);
    await settle();
    expect([a.busy, a.turn]).toEqual([false, 'waiting']);
    b.finish();
    await settle();
    expect(a.busy).toBe(true);
  });

  it('does not begin before it is seen, however it was asked', async () => {
    const locks = pageLocks();
    for (const ask of ['whenFree', 'now'] as const) {
      const a = figure(locks, false);
      a.turns[ask]();
      await settle();
      expect([a.busy, a.turn]).toEqual([false, 'out-of-view']);
      a.turns.setVisible(true);
      await settle();
      expect(a.busy).toBe(true);
      a.finish();
    }
  });

  it('stays paused when it was paused by hand, or its wait was called off', async () => {
    const locks = pageLocks();
    const a = figure(locks);
    a.press();
    a.press();
    a.turns.setVisible(false);
    a.turns.setVisible(true);
    a.turns.setVisible(false);
    a.turns.whenFree();
    a.turns.cancel();
    a.turns.setVisible(true);
    await settle();
    expect(a.busy).toBe(false);
  });
});

it('a figure without locks still waits to be seen', async () => {
  const a = figure(undefined, false);
  a.turns.whenFree();
  expect(a.busy).toBe(false);
  a.turns.setVisible(true);
  expect(a.busy).toBe(true);
  a.turns.setVisible(false);
  expect(a.busy).toBe(false);
});
