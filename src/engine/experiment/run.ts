import type { Gpu } from '../gpu/device.ts';
import { sha256 } from '../gpu/hash.ts';
import type { Tuner, TuningCache } from '../gpu/tuner.ts';
import { readNow, type ReadPart } from '../gpu/readback.ts';
import type { Dataset } from '../data/dataset.ts';
import { evaluationBatch, phaseStarts, PREDICTED_EXAMPLES, type Arm } from './arm.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { CommandPort } from './commands.ts';
import { costOf } from './cost.ts';
import type { Inspection, RunCommand, RunEventBody } from './events.ts';
import type { Edit, Experiment } from './experiment.ts';
import { maskRow, snapshotOf } from './maskRows.ts';
import { createNetworks, type Networks } from './network.ts';
import { createReads, type Job } from './reads.ts';
import { predictions, testRow, trainRows } from './rows.ts';
import { createPace, openSlice } from './slices.ts';
import { EVALUATION_ROWS, RING_ROWS } from './trainer.ts';

/** What a run needs; everything comes in from outside, so that it is the same in the worker and in Node. */
export interface RunInput {
  gpu: Gpu;
  experiment: Experiment;
  dataset: Dataset;
  commands: CommandPort;
  /** Bytes of a checkpoint of the same experiment, to go on from. */
  checkpoint?: Uint8Array;
  /** Begin paused at the first step. */
  paused?: boolean;
  /** Tell the state as a checkpoint before the last word, also after a `stop`: the command line writes files from it. */
  saveAtEnd?: boolean;
  /** Remembers which variants are fastest on this device. Absent: variants are measured anew. */
  tuning?: TuningCache;
  /** False: stay with the first variants, and measure nothing. */
  tune?: boolean;
  /** Notes to pass on with `started`. */
  notes?: readonly string[];
}

/** Milliseconds between two reads of the metrics. */
const READ_EVERY_MS = 100;
/** Slices on the queue at a time: running further ahead was slower, not faster. */
const IN_FLIGHT = 2;
/** Share of the run's time that measuring variants may take, and steps before it begins. */
const TUNING_SHARE = 0.05;
const TUNING_AFTER = 20;
const NO_STEP = 0xffffffff;

/**
 * Trains an experiment and tells what happens, event by event. Ends after `finished`, `diverged`, `lost` or a `stop`.
 * Steps in events count completed steps: a train row of step t tells of the t-th batch.
 * @throws CheckpointError, or whatever the device reports while compiling.
 */
export async function* run(input: RunInput): AsyncGenerator<RunEventBody> {
  const { gpu, experiment } = input;
  let lost: string | undefined;
  void gpu.lost.then((reason) => (lost = reason));
  const networks = createNetworks(gpu, experiment, input.dataset);
  try {
    yield { type: 'ready', adapter: gpu.facts };
    yield* train(input, networks);
  } catch (error) {
    // Whatever was waiting when the device went away fails with an error of its own; the loss is the news.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (lost === undefined) throw error;
    yield { type: 'lost', message: `The graphics device was lost (${lost}).` };
  } finally {
    networks.destroy();
  }
}

async function* train({ gpu, experiment, dataset, commands, checkpoint, paused: startPaused, notes, tuning, tune: tunes = true, saveAtEnd }: RunInput, networks: Networks): AsyncGenerator<RunEventBody> {
  const { arms, arena } = networks;
  const main = arms[0] as Arm;
  const starts = phaseStarts(experiment);
  const total = starts.at(-1) as number;
  const out: RunEventBody[] = [];
  const inFlight: Promise<void>[] = [];
  const pace = createPace();
  const edits: Edit[] = [...experiment.edits];
  const resumed = checkpoint && decodeCheckpoint(checkpoint);
  let step = resumed?.step ?? 0;
  let phase = resumed?.phase ?? 0;
  let paused = startPaused ?? false;
  let wanted = 0;
  let stopped = false;
  let ended = false;
  let stepsPerSecond = 0;
  let readStep = step;
  let lastRead = 0;
  let lastDone = 0;
  let evaluatedAt = -1;
  /** Rate of each step, by its row in the ring. */
  const rates = new Float32Array(RING_ROWS);

  let diverged: RunEventBody | undefined;

  let told = { done: 0, total: 0 };
  const compiling = networks.enterPhase(phase, (done, all) => (told = { done, total: all }));
  yield { type: 'compiling', done: 0, total: Math.max(1, told.total) };
  await compiling;
  yield { type: 'compiling', done: told.total, total: told.total };
  const whole = (arm: Arm, name: string): ReadPart => ({ buffer: arm.state.buffer(name), offset: 0, bytes: arm.state.buffer(name).size });
  // Metrics of all arms and a mask update of each may ride on one submit.
  const reads = createReads(arena, arms.reduce((sum, arm) => sum + whole(arm, 'ring').bytes + 2 * whole(arm, 'status').bytes + whole(arm, 'masks').bytes, 0));
  if (resumed) networks.restore(resumed.arms);
  else arms.forEach((arm) => arm.begin(networks.workspace()));
  yield {
    type: 'started', experiment, layers: main.layers, arms: arms.map((a) => a.id), totalSteps: total,
    cost: arms.map((arm) => costOf(arm, arena, networks.workspace().transientBytes(), (starts[phase + 1] as number) - 1 - (starts[phase] as number))),
    biases: main.layout.tensors.filter((t) => !t.maskable && t.shape.length === 1).reduce((sum, t) => sum + t.length, 0),
    notes: notes ?? [],
  };


  /** Parts that bring the metrics up to date, and what to do with them. */
  const metricParts = (): Job => {
    const from = readStep;
    const to = step;
    readStep = to;
    lastRead = performance.now();
    return {
      parts: arms.flatMap((arm) => [whole(arm, 'ring'), whole(arm, 'status')]),
      handle(data) {
        arms.forEach((arm, i) => {
          const status = new Uint32Array(data[2 * i + 1] as ArrayBuffer);
          const bad = status[0] as number;
          const good = bad === NO_STEP ? to : Math.min(to, bad);
          const rows = trainRows(arm, new Uint32Array(data[2 * i] as ArrayBuffer), from, good, experiment.data.batch, rates);
          if (rows) out.push({ type: 'metrics', rows: [rows] });
          if (bad !== NO_STEP && !ended) reportDivergence(arm, status);
        });
      },
    };
  };
  const reportDivergence = (arm: Arm, status: Uint32Array): void => {
    const tensor = arm.layout.tensors[status[1] as number];
    const layer = tensor?.name ?? 'the loss';
    const bad = (status[0] as number) + 1;
    ended = true;
    diverged = { type: 'diverged', step: bad, arm: arm.id, layer, message: `At step ${bad} ${tensor ? `the gradient of ${layer}` : layer} was no longer finite. The parameters are those of step ${bad - 1}. Lower the learning rate or switch on clipping.` };
  };

  const maskParts = (arm: Arm): Job => {
    const at = step;
    const update = arm.updates();
    const planned = arm.plan().target(Math.max(0, at - 1 - (starts[phase] as number)));
    return {
      parts: [whole(arm, 'masks'), whole(arm, 'status')],
      handle(data) {
        const status = new Uint32Array(data[1] as ArrayBuffer);
        if (status[0] !== NO_STEP) return;
        const snapshot = snapshotOf(arm, at, update, new Uint32Array(data[0] as ArrayBuffer));
        out.push({ type: 'metrics', rows: [maskRow(arm, snapshot, planned, update > 0 && at > 0 ? status : undefined)] }, { type: 'masks', snapshot });
      },
    };
  };

  /** Copies out by itself, without training in between. */
  const read = async (jobs: readonly Job[]): Promise<void> => {
    if (jobs.length === 0) return;
    await reads.ready();
    reads.ride(jobs, (out) => openSlice(gpu, networks.workspace()).submit(out));
  };

  const evaluate = async (): Promise<void> => {
    evaluatedAt = step;
    const at = step;
    const batch = evaluationBatch(dataset.test.count);
    const batches = Math.ceil(dataset.test.count / batch);
    for (const arm of arms) {
      for (let first = 0; first < batches; first += 32) {
        const slice = openSlice(gpu, networks.workspace());
        for (let b = first; b < Math.min(batches, first + 32); b++) {
          slice.run(arm.programs().evaluate, { position: b * batch, epoch: 0, valid: Math.min(batch, dataset.test.count - b * batch), slot: b });
        }
        inFlight.push(slice.submit().done);
        while (inFlight.length > IN_FLIGHT) await inFlight.shift();
      }
      await read([{
        parts: [{ buffer: arm.state.buffer('evaluations'), offset: 0, bytes: 8 * Math.min(batches, EVALUATION_ROWS) }],
        handle: (data) => out.push({ type: 'metrics', rows: [testRow(arm, new Uint32Array(data[0] as ArrayBuffer), batches, at, dataset.test.count)] }),
      }]);
    }
    // Evaluation is no training time: the next slice is measured from here.
    lastDone = 0;
  };

  const drain = async (): Promise<void> => {
    await Promise.all(inFlight.splice(0));
    if (readStep < step) await read([metricParts()]);
    await reads.collect(true);
  };

  const inspect = async (command: Extract<RunCommand, { type: 'inspect' }>): Promise<Inspection | undefined> => {
    const arm = arms.find((a) => a.id === command.arm);
    if (!arm) return undefined;
    if (command.what === 'weights') {
      const tensor = arm.layout.tensors.find((t) => t.name === `${command.layer}.weight`);
      if (!tensor) return undefined;
      const [data] = await readNow(gpu.device, arena, [{ buffer: arm.state.buffer('params'), offset: 4 * tensor.offset, bytes: 4 * tensor.length }]);
      return { what: 'weights', arm: arm.id, layer: command.layer, values: new Float32Array(data as ArrayBuffer) };
    }
    const examples = Math.min(PREDICTED_EXAMPLES, dataset.test.count);
    const slice = openSlice(gpu, networks.workspace());
    slice.run(arm.programs().predict, { position: 0, epoch: 0 });
    slice.submit();
    const [data] = await readNow(gpu.device, arena, [whole(arm, 'logits')]);
    return predictions(arm, dataset, examples, new Float32Array(data as ArrayBuffer));
  };

  const obey = async (command: RunCommand): Promise<void> => {
    switch (command.type) {
      case 'pause': paused = true; wanted = 0; break;
      case 'resume': paused = false; wanted = 0; break;
      case 'step': paused = true; wanted++; break;
      case 'stop': stopped = true; break;
      case 'pace': stepsPerSecond = command.stepsPerSecond; break;
      case 'setKnob': edits.push({ step, path: command.path, value: command.value }); break;
      case 'inspect': {
        const inspection = await inspect(command);
        if (inspection) out.push({ type: 'snapshot', step, inspection });
        break;
      }
      case 'checkpoint': {
        await drain();
        out.push({ type: 'checkpoint', checkpoint: { step, phase, bytes: encodeCheckpoint({ experiment: { ...experiment, edits }, step, phase, arms: await networks.save() }) } });
      }
    }
  };

  const applyEdits = (): void => {
    for (const edit of edits) {
      if (edit.step !== step) continue;
      arms.forEach((arm) => arm.setKnob(edit.path, edit.value));
      out.push({ type: 'edit', step, path: edit.path, value: edit.value });
    }
  };

  let tuner: Tuner | null | undefined;
  let tuningMs = 0;
  const trainingSince = performance.now();
  /** Loaded when it is first wanted: tuning must not delay the first step, nor must its code. */
  const newTuner = async (): Promise<Tuner> => {
    const { createTuner } = await import('../gpu/tuner.ts');
    return createTuner(gpu, arena, arms.flatMap((arm) => [arm.programs().step, arm.programs().evaluate]), tuning);
  };
  /** Measures one more variant if the run has earned the time; the queue is empty meanwhile. */
  const tune = async (): Promise<void> => {
    if (!tunes || tuner === null || step < TUNING_AFTER || tuningMs > TUNING_SHARE * (performance.now() - trainingSince)) return;
    await Promise.all(inFlight.splice(0));
    const began = performance.now();
    tuner ??= await newTuner();
    if ((await tuner.next()) === null) tuner = null;
    tuningMs += performance.now() - began;
    lastDone = 0;
  };

  await read(arms.map(maskParts));
  if (!resumed) await evaluate();
  let announced = false;

  while (!stopped && !ended) {
    for (let c = commands.take(); c; c = commands.take()) await obey(c);
    await reads.collect(false);
    yield* out.splice(0);
    if (stopped || ended) break;
    if (paused && wanted === 0) {
      await drain();
      yield* out.splice(0);
      if (ended) break;
      if (!announced) yield { type: 'paused', step };
      announced = true;
      await commands.wait();
      continue;
    }
    announced = false;
    if (step === total) break;
    if (step === starts[phase + 1]) {
      await drain();
      phase++;
      await networks.enterPhase(phase);
      tuner = undefined;
      arms.forEach((arm) => arm.begin(networks.workspace()));
      out.push({ type: 'phase', index: phase, step });
      await read(arms.map(maskParts));
    }
    await reads.ready();

    const nextEvaluation = (Math.floor(step / experiment.evaluateEvery) + 1) * experiment.evaluateEvery;
    const limits = [nextEvaluation - step, (starts[phase + 1] as number) - step, RING_ROWS / 2 - (step - readStep), total - step];
    if (paused) limits.push(wanted);
    if (stepsPerSecond > 0) limits.push(Math.max(1, Math.ceil(stepsPerSecond / 30)));
    const steps = Math.max(1, Math.min(pace.steps(arms.length), ...limits));
    const slice = openSlice(gpu, networks.workspace());
    const began = performance.now();
    const updatedArms: Arm[] = [];
    let encoded = 0;
    while (encoded < steps && updatedArms.length === 0) {
      applyEdits();
      for (const arm of arms) {
        const next = arm.next(step);
        slice.run(next.program, next.knobs);
        rates[step % RING_ROWS] = next.knobs.rate as number;
        if (next.updated) updatedArms.push(arm);
      }
      step++;
      encoded++;
      if (paused) wanted--;
    }
    const jobs = updatedArms.map(maskParts);
    const due = began - lastRead > READ_EVERY_MS || step - readStep >= RING_ROWS / 2 || step === total || (paused && wanted === 0);
    if (due) jobs.push(metricParts());
    const { done } = reads.ride(jobs, (parts) => slice.submit(parts));
    const at = step;
    inFlight.push(done.then(() => {
      const now = performance.now();
      const ms = now - Math.max(began, lastDone);
      lastDone = now;
      pace.took(encoded, ms);
      out.push({ type: 'metrics', rows: [{ arm: 'main', table: 'time', step: Uint32Array.of(at), columns: { stepMs: Float32Array.of(ms / encoded) } }] });
    }));
    while (inFlight.length >= IN_FLIGHT) await inFlight.shift();
    if (step % experiment.evaluateEvery === 0 || step === total) {
      await drain();
      if (!ended && evaluatedAt !== step) await evaluate();
    }
    if (!paused) await tune();
    if (stepsPerSecond > 0 && !paused) {
      const ahead = (encoded / stepsPerSecond) * 1000 - (performance.now() - began);
      if (ahead > 1) await commands.wait(ahead);
    }
  }
  await drain();
  yield* out.splice(0);
  if (saveAtEnd) await obey({ type: 'checkpoint' });
  yield* out.splice(0);
  // The last word: what was still under way has been told before it.
  if (diverged) yield diverged;
  if (!ended && step === total) {
    const [params, masks] = await readNow(gpu.device, arena, [whole(main, 'params'), { ...whole(main, 'masks'), bytes: Math.max(4, main.layout.masked / 8) }]);
    yield { type: 'finished', step, hash: await sha256(joined(params as ArrayBuffer, masks as ArrayBuffer)), variants: variantsOf(main) };
  }
  reads.destroy();
}

/** Variants that the training step used at the end, by dispatch. */
function variantsOf(arm: Arm): Record<string, string> {
  const { dispatches, chosen } = arm.programs().step;
  return Object.fromEntries(dispatches.map((d, i) => [d.label, chosen[i]?.name ?? '']));
}

function joined(a: ArrayBuffer, b: ArrayBuffer): Uint8Array {
  const bytes = new Uint8Array(a.byteLength + b.byteLength);
  bytes.set(new Uint8Array(a), 0);
  bytes.set(new Uint8Array(b), a.byteLength);
  return bytes;
}

