import type { Dataset } from '../engine/data/dataset.ts';
import { loadDataset } from '../engine/data/index.ts';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { CheckpointFile, RunEvent, RunEventBody } from '../engine/experiment/events.ts';
import { run } from '../engine/experiment/run.ts';
import { openGpu, type Gpu } from '../engine/gpu/device.ts';
import { quickSelfTest } from '../engine/gpu/selftest.ts';
import type { TuningCache } from '../engine/gpu/tuningCache.ts';
import { atTimes, fetchFrom } from './data.ts';
import type { ParsedMessage } from './parseMessage.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { trainThroughLoss } from './recovery.ts';
import type { States } from './states.ts';
import { SHADERS, laterShaders } from './shaders.ts';

/** The run under way; a new start stops it first. */
let current: { runId: string; port: ReturnType<typeof createCommandPort>; ended: Promise<void> } | undefined;
let device: Promise<Gpu> | undefined;
/** States of this worker's runs, for branches off them; the code for it comes with the first. */
let states: Promise<States | undefined> | undefined;

type Start = Extract<ToWorker, { type: 'start' }>;

/** What of the worker's global scope is used; TypeScript's DOM library types `self` as a window. */
interface WorkerScope {
  onmessage: ((message: MessageEvent<unknown>) => void) | null;
  postMessage(message: FromWorker, transfer: ArrayBuffer[]): void;
}
const scope = self as unknown as WorkerScope;

/** Its code comes while the device is opened; messages wait for it, in order. */
const parsing = import('./parseMessage.ts');
// Opened again by the start, which says so, where this fails.
deviceNow().catch(() => undefined);
scope.onmessage = ({ data }) => void parsing.then(({ parseMessage }) => obey(parseMessage(data)), (error: unknown) => setTimeout(() => { throw error; }));

/** Does what a message asks. A start that cannot be read ends as failed; of a run under way, what cannot be read changes nothing. */
function obey(parsed: ParsedMessage): void {
  if (!parsed.ok) {
    if (parsed.runId !== null && parsed.runId !== current?.runId) teller(parsed.runId)({ type: 'failed', message: parsed.error });
  } else if (parsed.message.type === 'start') void begin(parsed.message, parsed.notes);
  else if (current?.runId === parsed.message.runId) current.port.send(parsed.message.command);
}

async function begin(start: Start, notes: readonly string[]): Promise<void> {
  const before = current;
  const port = createCommandPort();
  let end: () => void = () => undefined;
  current = { runId: start.runId, port, ended: new Promise((resolve) => (end = resolve)) };
  before?.port.send({ type: 'stop' });
  await before?.ended;
  const tell = teller(start.runId);
  try {
    // A run that was replaced while it waited for its turn never begins.
    if (current.port === port) await trainAndTell(start, notes, port, tell);
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    end();
  }
}

async function trainAndTell(start: Start, notes: readonly string[], commands: ReturnType<typeof createCommandPort>, tell: (body: RunEventBody) => void): Promise<void> {
  const { experiment, branch } = start;
  const loading = atTimes((done, total) => tell({ type: 'loading', done, total }));
  const tuning = tuningCache();
  const judged = start.judged ? await import('./judged.ts') : undefined;
  const dataOf = (): Promise<Dataset> => (judged ? judged.wholeTest(start.dataUrl)(experiment.data, experiment.seed) : loadDataset(experiment.data, experiment.seed, fetchFrom(start.dataUrl), loading));
  // Its code comes while the data do; without it, what is too large fails later.
  const [, dataset, from, size] = await Promise.all([deviceNow(), dataOf(), beginningOf(start), import('../engine/experiment/runEstimate.ts').catch(() => undefined)]);
  const events = trainThroughLoss({
    commands, paused: start.paused ?? false,
    ...(from && { checkpoint: from }), ...(branch && { branch }),
    ...(!judged && { keep: (state, live) => void statesNow().then((kept) => kept?.keep(experiment, live, state)) }),
    async *start({ edits, ...from }) {
      const others = edits.filter((edit) => !experiment.edits.some(({ step, path, value }) => step === edit.step && path === edit.path && value === edit.value));
      const gpu = await deviceNow();
      yield* run({ ...from, gpu, experiment: { ...experiment, edits: [...experiment.edits, ...others] }, dataset, notes, tuning, saveAtEnd: !judged, writes: !judged, lingers: !judged,
        ...(size && { refuse: (createNetworks) => size.refuseTooLarge({ createNetworks, pipelinesOf: () => gpu.pipelines }, experiment, dataset) }), ...(branch?.silent && { evaluateFrom: branch.step + 1 }), ...(judged && { evaluateFrom: judged.evaluatedFrom(experiment) }) });
    },
    open: async () => void (await deviceNow()),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: () => performance.now(),
  });
  for await (const body of events) tell(body);
}

/** The state that a run begins from: one that was given, or of a branch that need not tell its beginning, the nearest of a run before. */
async function beginningOf({ checkpoint, branch, experiment }: Extract<ToWorker, { type: 'start' }>): Promise<CheckpointFile | undefined> {
  if (checkpoint) {
    const { decodeCheckpoint } = await import('../engine/experiment/checkpoint.ts');
    return { ...decodeCheckpoint(checkpoint), bytes: checkpoint };
  }
  return branch?.silent ? (await statesNow())?.nearest(experiment, branch.step) : undefined;
}

function statesNow(): Promise<States | undefined> {
  return (states ??= import('./states.ts').then(({ createStates }) => createStates(), () => undefined));
}

/** Its code comes while the data do: a first step does not need it. None where it does not come. */
function tuningCache(): Promise<TuningCache | undefined> {
  return import('./tuningStore.ts').then(({ pageTuningCache }) => pageTuningCache(), () => undefined);
}

/** The device that is there, or a new one. */
function deviceNow(): Promise<Gpu> {
  device ??= openDevice();
  return device;
}

async function openDevice(): Promise<Gpu> {
  try {
    if (!('gpu' in navigator)) throw new Error('This browser has no WebGPU in workers.');
    const gpu = await openGpu(navigator.gpu, SHADERS, { laterShaders });
    const test = await quickSelfTest(gpu);
    if (!test.ok) throw new Error(test.message);
    // The next start asks for a new device where this one is gone.
    void gpu.lost.then(() => (device = undefined));
    return gpu;
  } catch (error) {
    device = undefined;
    throw error;
  }
}

/** Numbers the events of a run and hands their arrays over without a copy. */
function teller(runId: string): (body: RunEventBody) => void {
  let seq = 0;
  return (body) => {
    const event = { ...body, runId, seq: seq++ } as RunEvent;
    const message: FromWorker = { type: 'event', event };
    scope.postMessage(message, [...new Set(buffersOf(body))]);
  };
}

function buffersOf(body: RunEventBody): ArrayBuffer[] {
  switch (body.type) {
    case 'metrics': return body.rows.flatMap((r) => [r.step.buffer, ...Object.values(r.columns).map((c) => c.buffer)]) as ArrayBuffer[];
    case 'masks': return [body.snapshot.mask, body.snapshot.previous, body.snapshot.regrown, body.snapshot.fired].map((a) => a.buffer) as ArrayBuffer[];
    case 'answers': return [body.answers.bytes.buffer as ArrayBuffer];
    case 'lost': return body.checkpoint ? [body.checkpoint.bytes.buffer as ArrayBuffer] : [];
    case 'checkpoint': return [body.checkpoint.bytes.buffer] as ArrayBuffer[];
    default: return [];
  }
}
