import type { CommandPort } from '../engine/experiment/commands.ts';
import type { CheckpointFile, RunCommand, RunEventBody } from '../engine/experiment/events.ts';
import type { Edit } from '../engine/experiment/experiment.ts';
import type { BranchPoint } from './protocol.ts';
import { createTold } from './told.ts';

/** Where a run begins. */
export interface Beginning {
  commands: CommandPort;
  paused: boolean;
  checkpoint?: Uint8Array;
  /** Edits that were made live before the device was lost. */
  edits: readonly Edit[];
}

/** What is needed to train through the loss of a device; tests put their own in its place. */
export interface RecoveryInput {
  commands: CommandPort;
  paused: boolean;
  /** The checkpoint that the first run begins from. */
  checkpoint?: CheckpointFile;
  /** The run branches off another one there. */
  branch?: BranchPoint;
  /** Hears of every state that is taken, with the edits that were made live until then. */
  keep?(state: CheckpointFile, edits: readonly Edit[]): void;
  /** Starts a run on the device that is there. */
  start(from: Beginning): AsyncGenerator<RunEventBody>;
  /** Opens a new device. @throws where there is none yet. */
  open(): Promise<void>;
  wait(ms: number): Promise<void>;
  /** Milliseconds since any beginning. */
  now(): number;
}

/** Milliseconds to wait before each attempt to open a device: a browser's GPU process is back after about 200. */
const BACK_OFF_MS = [200, 800, 2000];
/** Milliseconds between two checkpoints at least, and how many times as long as the last one took. */
const CHECKPOINT_EVERY_MS = 5000;
const CHECKPOINT_SHARE = 50;

/**
 * Trains. Where the device is lost, the run goes on once with a new one from the last checkpoint, or from the beginning
 * where there is none: it repeats the steps that were told already without telling them again, then does as it was told.
 * A second loss ends it, and the last checkpoint goes with the last word.
 */
export async function* trainThroughLoss(input: RecoveryInput): AsyncGenerator<RunEventBody> {
  const keeper = createKeeper(input);
  let recovered = false;
  for (;;) {
    let lost: Extract<RunEventBody, { type: 'lost' }> | undefined;
    for await (const event of input.start(keeper.beginning())) {
      if (event.type === 'lost') lost = event;
      else yield* keeper.hear(event);
    }
    if (!lost) return;
    if (!recovered) {
      yield { type: 'recovering', message: lost.message };
      recovered = await reopen(input);
      if (recovered) continue;
    }
    const checkpoint = keeper.checkpoint();
    // Also of this one the page gets a copy of its own.
    yield { ...lost, ...(checkpoint && { checkpoint: { ...checkpoint, bytes: checkpoint.bytes.slice() } }) };
    return;
  }
}

async function reopen({ open, wait }: RecoveryInput): Promise<boolean> {
  for (const ms of BACK_OFF_MS) {
    await wait(ms);
    try {
      await open();
      return true;
    } catch {
      // Not there yet: after a longer wait it may be.
    }
  }
  return false;
}

/** Keeps what a run needs to go on as if nothing had happened. */
function createKeeper({ commands: port, paused: startPaused, checkpoint: given, branch, keep: pass, now }: RecoveryInput) {
  const told = createTold(branch?.silent ? branch.step : undefined);
  /** Commands of our own, which go first, and the reader's that had to wait. */
  const own: RunCommand[] = [];
  const late: RunCommand[] = [];
  /** Knobs that were taken, but not told to act yet. */
  let acting: Extract<RunCommand, { type: 'setKnob' }>[] = [];
  /** Who asked for the checkpoints that are to come. */
  let asked: ('keeper' | 'page')[] = [];
  let checkpoint = given;
  let paused = startPaused;
  let stepsPerSecond = 0;
  /** A mask update in slow motion was asked for and not told yet. */
  let slow = false;
  let started = false;
  let repeating = false;
  /** There until the run has reached the step at which it branches off. */
  let ahead = branch && { to: branch.step, from: given?.step ?? 0, since: now() };
  let askedAt = now();
  let nextCheckpoint = askedAt + CHECKPOINT_EVERY_MS;

  const note = (command: RunCommand): RunCommand => {
    if (command.type === 'pause' || command.type === 'step') paused = true;
    else if (command.type === 'resume' || command.type === 'slowUpdate') paused = false;
    else if (command.type === 'pace') ({ stepsPerSecond } = command);
    else if (command.type === 'setKnob') acting.push(command);
    else if (command.type === 'checkpoint') asked.push('page');
    if (command.type === 'slowUpdate') slow = true;
    else if (command.type === 'resume' || paused) slow = false;
    return command;
  };
  const take = (): RunCommand | undefined => {
    const mine = own.shift();
    if (mine) {
      if (mine.type === 'checkpoint') asked.push('keeper');
      return mine;
    }
    if (!repeating) {
      const command = late.shift() ?? port.take();
      return command && note(command);
    }
    // What the reader says now is meant for the step that is shown, which is yet to be reached again.
    for (let command = port.take(); command; command = port.take()) {
      if (command.type === 'stop') return command;
      late.push(command);
    }
    return undefined;
  };
  const commands: CommandPort = { take, wait: (ms) => (own.length + late.length > 0 ? Promise.resolve() : port.wait(ms)) };

  const keepGoing = (): void => {
    repeating = false;
    ahead = undefined;
    own.push({ type: 'pace', stepsPerSecond });
    if (slow) own.push({ type: 'slowUpdate' });
    else if (!paused) own.push({ type: 'resume' });
  };
  const keep = (file: CheckpointFile): RunEventBody[] => {
    // One that nobody asked for is the state at the end, which the page exports.
    const forPage = asked.shift() !== 'keeper';
    // The page's copy is handed over, so this one has to be another.
    checkpoint = forPage ? { ...file, bytes: file.bytes.slice() } : file;
    nextCheckpoint = now() + Math.max(CHECKPOINT_EVERY_MS, CHECKPOINT_SHARE * (now() - askedAt));
    pass?.(checkpoint, told.edits());
    return forPage ? [{ type: 'checkpoint', checkpoint: file }] : [];
  };
  /** How far a run is on its way to where it branches off; nothing behind that, or where no step was taken. */
  const replayed = (step: number): RunEventBody[] => {
    if (!ahead || step < ahead.from) return [];
    const { to, from, since } = ahead;
    if (step === from) ahead.since = now();
    return [{ type: 'replaying', step: Math.min(step, to), to, leftMs: step > from ? ((now() - since) / (step - from)) * Math.max(0, to - step) : 0 }];
  };
  const askWhenDue = (): void => {
    if (repeating || now() < nextCheckpoint) return;
    askedAt = now();
    nextCheckpoint = Infinity;
    own.push({ type: 'checkpoint' });
  };

  return {
    checkpoint: () => checkpoint,
    /** Where the next run begins; after the first, everything told so far is known. */
    beginning(): Beginning {
      const from = { commands, ...(checkpoint && { checkpoint: checkpoint.bytes }) };
      const behind = Math.max(told.step(), ahead?.to ?? 0) - (checkpoint?.step ?? 0);
      own.splice(0);
      if (behind <= 0) ahead = undefined;
      if (!started && behind <= 0) return { ...from, paused, edits: [] };
      if (started) told.repeat(checkpoint?.step ?? 0);
      late.unshift(...acting);
      [acting, asked] = [[], []];
      nextCheckpoint = now() + CHECKPOINT_EVERY_MS;
      repeating = behind > 0;
      if (repeating) own.push({ type: 'step', count: behind });
      else keepGoing();
      return { ...from, paused: true, edits: told.edits() };
    },
    /** What of an event the page is told. */
    hear(event: RunEventBody): RunEventBody[] {
      if (event.type === 'checkpoint') return keep(event.checkpoint);
      if (event.type === 'edit') acting = acting.filter(({ path, value }) => path !== event.path || value !== event.value);
      if (event.type === 'metrics') askWhenDue();
      if (event.type === 'started') {
        const first: RunEventBody = started ? { type: 'recovered', step: checkpoint?.step ?? 0 } : event;
        started = true;
        return [first, ...replayed(ahead?.from ?? 0)];
      }
      // Of its own accord a run pauses only after an update in slow motion, or where none follows.
      if (event.type === 'paused' && slow && !repeating) [slow, paused] = [false, true];
      const progress = event.type === 'metrics' || event.type === 'paused' ? replayed(reachedBy(event)) : [];
      if (event.type === 'paused' && repeating) {
        keepGoing();
        if (!paused) return progress;
      }
      return [...progress, told.fresh(event) ?? []].flat();
    },
  };
}

/** The newest step that metrics or a pause tell of. */
function reachedBy(event: Extract<RunEventBody, { type: 'metrics' | 'paused' }>): number {
  return event.type === 'paused' ? event.step : Math.max(...event.rows.filter(({ table }) => table === 'train').map(({ step }) => step.at(-1) ?? 0), -1);
}
