/** Name of the lock that the running figure of a page holds. */
const LOCK = 'sparseland-turn';

/** Why a figure that was to run does not: it is out of view, another one runs first, or another one was started. */
export type Turn = 'own' | 'out-of-view' | 'waiting' | 'taken';

/** What the turns are taken with; tests put their own in its place. */
export interface TurnDependencies {
  /** The browser's locks; undefined where there are none, as on insecure pages: then every figure runs as it likes. */
  locks: Pick<LockManager, 'request'> | undefined;
  isBusy(): boolean;
  /** Play, or pause, whichever fits. */
  toggle(): void;
  /** Told whenever the turn changes. */
  onTurn(turn: Turn): void;
}

/** Figures of one page take turns: only one runs, and only one that can be seen. */
export interface Turns {
  /** Runs as soon as the figure is in view and no other runs. */
  whenFree(): void;
  /** Runs now, in place of another figure; out of view it waits. */
  now(): void;
  /** No longer waits for anything. */
  cancel(): void;
  /** Tells whether any of the figure can be seen. */
  setVisible(visible: boolean): void;
  /** Tells that the run began or ended, by whatever button or key. */
  busyChanged(): void;
}

/**
 * Takes turns by one lock that all figures of a page share. Who is told to run takes it, and whoever held it pauses;
 * who begins by itself waits for it instead. A figure that goes out of view pauses and goes on when it is back.
 */
export function createTurns({ locks, isBusy, toggle, onTurn }: TurnDependencies): Turns {
  let visible = false;
  let wanted = false;
  /** Ends the hold on the lock, where there is one or it is asked for. */
  let hold: { release(): void } | null = null;
  let queued: AbortController | null = null;
  /** This module is the one that plays or pauses. */
  let acting = false;

  const act = (): void => {
    acting = true;
    toggle();
    acting = false;
  };

  /** Holds the lock until released; whoever takes it away pauses this figure. */
  const holdLock = (): { holding: Promise<void>; mine: { release(): void } } => {
    let release = (): void => undefined;
    const holding = new Promise<void>((resolve) => (release = resolve));
    return { holding, mine: { release } };
  };

  const letGo = (): void => {
    hold?.release();
    hold = null;
  };

  const lost = (mine: { release(): void }): void => {
    if (hold !== mine) return;
    hold = null;
    if (isBusy()) act();
    onTurn('taken');
  };

  const claim = (): void => {
    const { holding, mine } = holdLock();
    hold = mine;
    onTurn('own');
    void locks?.request(LOCK, { steal: true }, () => holding).catch(() => lost(mine));
  };

  const leaveQueue = (): void => {
    queued?.abort();
    queued = null;
  };

  const tryQueue = (): void => {
    if (!wanted || queued || isBusy()) return;
    if (!visible) return onTurn('out-of-view');
    if (!locks) return begin();
    const asked = new AbortController();
    queued = asked;
    onTurn('waiting');
    const { holding, mine } = holdLock();
    const granted = (): Promise<void> | undefined => {
      if (queued !== asked) return undefined;
      queued = null;
      hold = mine;
      begin();
      return holding;
    };
    void locks.request(LOCK, { signal: asked.signal }, granted).catch(() => lost(mine));
  };

  const begin = (): void => {
    wanted = false;
    onTurn('own');
    act();
    if (!isBusy()) letGo();
  };

  return {
    whenFree() {
      wanted = true;
      tryQueue();
    },
    now() {
      if (isBusy()) return;
      wanted = !visible;
      if (visible) toggle();
      else onTurn('out-of-view');
    },
    cancel() {
      wanted = false;
      leaveQueue();
    },
    setVisible(now) {
      if (now === visible) return;
      visible = now;
      if (visible) return tryQueue();
      leaveQueue();
      if (!isBusy()) return;
      wanted = true;
      act();
      onTurn('out-of-view');
    },
    busyChanged() {
      if (!isBusy()) {
        letGo();
        // What a reader or a page paused stays paused.
        if (!acting) wanted = false;
        return;
      }
      if (acting || hold) return;
      leaveQueue();
      wanted = false;
      claim();
    },
  };
}
