import type { CommandPort } from '../engine/experiment/commands.ts';
import type { CheckpointFile, RunCommand, RunEventBody } from '../engine/experiment/events.ts';
import type { Edit } from '../engine/experiment/experiment.ts';
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
    yield { ...lost, ...(checkpoint && { checkpoint }) };
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
function createKeeper({ commands: port, paused: startPaused, checkpoint: given, now }: RecoveryInput) {
  const told = createTold();
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
    return forPage ? [{ type: 'checkpoint', checkpoint: file }] : [];
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
      if (!started) return { ...from, paused, edits: [] };
      const behind = told.step() - (checkpoint?.step ?? 0);
      told.repeat(checkpoint?.step ?? 0);
      own.splice(0);
      late.unshift(...acting);
      [acting, asked] = [[], []];
      nextCheckpoint = now() + CHECKPOINT_EVERY_MS;
      repeating = behind > 0;
      for (let i = 0; i < behind; i++) own.push({ type: 'step' });
      if (!repeating) keepGoing();
      return { ...from, paused: true, edits: told.edits() };
    },
    /** What of an event the page is told. */
    hear(event: RunEventBody): RunEventBody[] {
      if (event.type === 'checkpoint') return keep(event.checkpoint);
      if (event.type === 'edit') acting = acting.filter(({ path, value }) => path !== event.path || value !== event.value);
      if (event.type === 'metrics') askWhenDue();
      if (event.type === 'started') {
        if (started) return [{ type: 'recovered', step: checkpoint?.step ?? 0 }];
        started = true;
      }
      // Of its own accord a run pauses only after an update in slow motion, or where none follows.
      if (event.type === 'paused' && slow && !repeating) [slow, paused] = [false, true];
      if (event.type === 'paused' && repeating) {
        keepGoing();
        if (!paused) return [];
      }
      return [told.fresh(event) ?? []].flat();
    },
  };
}
