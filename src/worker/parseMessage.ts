import type { Knob } from '../engine/experiment/card.ts';
import type { ArmId, RunCommand } from '../engine/experiment/events.ts';
import { parseExperiment } from '../engine/experiment/parse.ts';
import { liveKnobs, MAX_PHASES, MAX_STEPS } from '../engine/experiment/schema.ts';
import { MAX_WRITTEN } from '../engine/experiment/writings.ts';
import { fit } from '../engine/experiment/values.ts';
import { METHODS } from '../engine/sparsity/methods/index.ts';
import type { BranchPoint, ToWorker } from './protocol.ts';

/** What was made of a message: one to act on, with notes on what was changed in its experiment, or what is wrong with it and, where it names one, the run. */
export type ParsedMessage = { ok: true; message: ToWorker; notes: readonly string[] } | { ok: false; runId: string | null; error: string };

const MAX_TEXT = 200;
const MAX_URL = 4000;
const MAX_PACE = 1e6;
const MAX_TEMPERATURE = 10;
const ARMS: readonly ArmId[] = ['main', 'random', 'dense'];
const PLAIN_COMMANDS = ['pause', 'resume', 'stop', 'slowUpdate', 'checkpoint'] as const;

/** Reads a message of the page. Total: whatever it holds, nothing is thrown, and only what is named here is taken from it, within its limits. */
export function parseMessage(data: unknown): ParsedMessage {
  try {
    const runId = field(data, 'runId');
    if (!isText(runId)) return { ok: false, runId: null, error: `A message needs a runId: a text of 1 to ${MAX_TEXT} characters.` };
    const type = field(data, 'type');
    if (type === 'start') return readStart(data, runId);
    if (type !== 'command') return { ok: false, runId, error: 'The type of a message is start or command.' };
    const command = readCommand(field(data, 'command'));
    return typeof command === 'string' ? { ok: false, runId, error: command } : { ok: true, message: { type, runId, command }, notes: [] };
  } catch {
    // Only exotic objects come here, such as revoked proxies.
    return { ok: false, runId: null, error: 'The message could not be read.' };
  }
}

function readStart(data: unknown, runId: string): ParsedMessage {
  const wrong = (error: string): ParsedMessage => ({ ok: false, runId, error });
  const given = field(data, 'experiment');
  const dataUrl = field(data, 'dataUrl');
  const checkpoint = field(data, 'checkpoint');
  if (typeof given !== 'object' || given === null) return wrong('The experiment of a start is an object, as parseExperiment makes it.');
  if (typeof dataUrl !== 'string' || dataUrl.length > MAX_URL || !/^https?:\/\//.test(dataUrl)) return wrong('The dataUrl of a start is the absolute address of the folder of packed data, by http or https.');
  // A buffer that was handed over to someone else is empty.
  if (checkpoint !== undefined && !(checkpoint instanceof Uint8Array && checkpoint.byteLength > 0)) return wrong('The checkpoint of a start is a Uint8Array that is not empty.');
  const branch = readBranch(field(data, 'branch'));
  if (branch === null) return wrong(`The branch of a start is a step from 0 to ${MAX_PHASES * MAX_STEPS}, and whether it is silent.`);
  const { experiment, notes } = parseExperiment(given);
  const flags = (['paused', 'judged'] as const).filter((flag) => field(data, flag) === true);
  return { ok: true, notes, message: { type: 'start', runId, experiment, dataUrl, ...(checkpoint && { checkpoint }), ...(branch && { branch }), ...Object.fromEntries(flags.map((flag) => [flag, true])) } };
}

/** Where a run branches off; undefined where it does not, null where that cannot be read. */
function readBranch(data: unknown): BranchPoint | undefined | null {
  if (data === undefined) return undefined;
  const [step, silent] = [field(data, 'step'), field(data, 'silent')];
  return isWithin(step, 0, MAX_PHASES * MAX_STEPS) && Number.isInteger(step) && typeof silent === 'boolean' ? { step, silent } : null;
}

/** A command, or what is wrong with it. */
function readCommand(data: unknown): RunCommand | string {
  const type = field(data, 'type');
  const plain = PLAIN_COMMANDS.find((known) => known === type);
  if (plain) return { type: plain };
  switch (type) {
    case 'step': {
      const steps = field(data, 'count');
      if (steps === undefined) return { type };
      return isWithin(steps, 1, MAX_STEPS) && Number.isInteger(steps) ? { type, count: steps } : `count is a whole number from 1 to ${MAX_STEPS}.`;
    }
    case 'setKnob': return readKnob(field(data, 'path'), field(data, 'value'));
    case 'inspect': return readInspect(data);
    case 'write': return readWrite(data);
    case 'pace': {
      const stepsPerSecond = field(data, 'stepsPerSecond');
      return isWithin(stepsPerSecond, 0, MAX_PACE) ? { type, stepsPerSecond } : `stepsPerSecond is a number from 0 to ${MAX_PACE}.`;
    }
    default: return `A command is one of ${[...PLAIN_COMMANDS, 'step', 'setKnob', 'inspect', 'write', 'pace'].join(', ')}.`;
  }
}

function readInspect(data: unknown): RunCommand | string {
  const what = (['weights', 'gradients'] as const).find((known) => known === field(data, 'what'));
  const arm = ARMS.find((known) => known === field(data, 'arm'));
  const layer = field(data, 'layer');
  if (!arm) return `inspect needs an arm: ${ARMS.join(', ')}.`;
  if (!what) return 'inspect looks at weights or gradients.';
  return isText(layer) ? { type: 'inspect', what, arm, layer } : 'inspect needs the name of a layer.';
}

function readWrite(data: unknown): RunCommand | string {
  const arm = ARMS.find((known) => known === field(data, 'arm'));
  const [prompt, temperature, characters] = [field(data, 'prompt'), field(data, 'temperature'), field(data, 'characters')];
  if (!arm) return `write needs an arm: ${ARMS.join(', ')}.`;
  if (typeof prompt !== 'string' || prompt.length > MAX_TEXT) return `write needs a prompt of at most ${MAX_TEXT} characters.`;
  if (!isWithin(temperature, 0, MAX_TEMPERATURE)) return `temperature is a number from 0 to ${MAX_TEMPERATURE}.`;
  if (!isWithin(characters, 1, MAX_WRITTEN) || !Number.isInteger(characters)) return `characters is a whole number from 1 to ${MAX_WRITTEN}.`;
  return { type: 'write', arm, prompt, temperature, characters };
}

/** All knobs that act on a running experiment, whatever its method, by path; methods may differ in the range of one. */
const LIVE = new Map<string, Knob[]>();
for (const method of Object.keys(METHODS)) {
  for (const [path, knob] of liveKnobs({ sparsity: { method } })) LIVE.set(path, [...(LIVE.get(path) ?? []), knob]);
}

function readKnob(path: unknown, given: unknown): RunCommand | string {
  const knobs = (typeof path === 'string' && LIVE.get(path)) || [];
  if (typeof given !== 'number' || !Number.isFinite(given)) return 'setKnob needs a finite number.';
  const fitted = knobs.map((knob) => fit(knob, given, given));
  const { value } = fitted.find(({ problem }) => !problem) ?? fitted[0] ?? {};
  return typeof value === 'number' ? { type: 'setKnob', path: path as string, value } : `setKnob needs the path of a live knob: ${[...LIVE.keys()].join(', ')}.`;
}

/** An own field of an object; what is inherited is not there, and getters are not called. */
function field(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null) return undefined;
  return Object.getOwnPropertyDescriptor(data, name)?.value;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
const isWithin = (value: unknown, least: number, most: number): value is number => typeof value === 'number' && value >= least && value <= most;
